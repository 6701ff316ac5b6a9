package io.github.mcpwss.autoconfigure;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.thread.Threading;
import org.springframework.core.env.Environment;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * The threads of a client, whose code may wait on them: none waits for another. A bean of
 * its own, so that no executor of ours is taken for one of the application.
 */
final class ClientThreads implements DisposableBean {

	private static final String PREFIX = "mcp-wss-client-";

	private static final long IDLE_SECONDS = 60;

	private final ExecutorService executor;

	private final Scheduler scheduler;

	ClientThreads(Environment environment) {
		this.executor = Threading.VIRTUAL.isActive(environment) ? VirtualThreads.executor(PREFIX, Integer.MAX_VALUE)
				: new ThreadPoolExecutor(0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(),
						threadFactory());
		this.scheduler = Schedulers.fromExecutor(this.executor, true);
	}

	private static CustomizableThreadFactory threadFactory() {
		CustomizableThreadFactory threadFactory = new CustomizableThreadFactory(PREFIX);
		threadFactory.setDaemon(true);
		return threadFactory;
	}

	/**
	 * Return the scheduler, whose workers keep the order of their tasks.
	 * @return the scheduler
	 */
	Scheduler scheduler() {
		return this.scheduler;
	}

	@Override
	public void destroy() {
		this.scheduler.dispose();
		this.executor.shutdown();
	}

}
