package io.github.mcpwss.server;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Where the server runs what must not run on a thread that reads sockets.
 */
public final class ServerSchedulers implements Disposable {

	private static final long IDLE_SECONDS = 60;

	private final ExecutorService requestExecutor;

	private final ExecutorService eventExecutor;

	private final Supplier<RequestExecutor> requests;

	private final Scheduler events;

	private ServerSchedulers(ExecutorService requestExecutor, Supplier<RequestExecutor> requests,
			ExecutorService eventExecutor) {
		this.requestExecutor = requestExecutor;
		this.requests = requests;
		this.eventExecutor = eventExecutor;
		this.events = Schedulers.fromExecutor(eventExecutor, true);
	}

	/**
	 * Create schedulers over threads of the platform.
	 * @param maxRequestThreads the number of requests that run at a time
	 * @param requestQueueCapacity the number of requests that may wait for a thread; one
	 * more is answered with a JSON-RPC error
	 * @return the schedulers
	 */
	public static ServerSchedulers ofPlatformThreads(int maxRequestThreads, int requestQueueCapacity) {
		RequestThreads requestThreads = new RequestThreads(maxRequestThreads, requestQueueCapacity, IDLE_SECONDS,
				threads("mcp-wss-request-"));
		ThreadPoolExecutor eventExecutor = new ThreadPoolExecutor(0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS,
				new SynchronousQueue<>(), threads("mcp-wss-event-"));
		return new ServerSchedulers(requestThreads.executor(), () -> new RequestLane(requestThreads), eventExecutor);
	}

	/**
	 * Create schedulers over executors, such as those that run a virtual thread a task.
	 * @param requestExecutor runs the handlers of requests
	 * @param eventExecutor runs events; must not reject any
	 * @return the schedulers, which shut both executors down at their end
	 */
	public static ServerSchedulers of(ExecutorService requestExecutor, ExecutorService eventExecutor) {
		RequestExecutor requests = new UnboundRequests(requestExecutor);
		return new ServerSchedulers(requestExecutor, () -> requests, eventExecutor);
	}

	private static ThreadFactory threads(String prefix) {
		AtomicInteger counter = new AtomicInteger();
		// Not the one of whichever thread hands over a task, such as the servlet
		// container's, whose loader the pool would keep.
		ClassLoader classLoader = Thread.currentThread().getContextClassLoader();
		return (task) -> {
			Thread thread = new WriterThread(task, prefix + counter.incrementAndGet());
			thread.setContextClassLoader(classLoader);
			return thread;
		};
	}

	/**
	 * Return what runs the handlers of one session's requests, tools among them.
	 * @return an executor for the session, which rejects what is too much
	 */
	RequestExecutor requests() {
		return this.requests.get();
	}

	/**
	 * Return what runs that which requests may wait for: responses of the peer,
	 * notifications, writes and the ends of sockets. Its workers keep the order of their
	 * tasks, and never wait behind a request.
	 * @return the scheduler
	 */
	Scheduler events() {
		return this.events;
	}

	@Override
	public void dispose() {
		this.events.dispose();
		this.requestExecutor.shutdownNow();
		this.eventExecutor.shutdown();
	}

	/**
	 * Runs requests that wait for no thread, so that none has to be taken back.
	 */
	private record UnboundRequests(ExecutorService executor) implements RequestExecutor {

		@Override
		public void execute(Runnable request) {
			this.executor.execute(request);
		}

		@Override
		public void withdraw(Runnable request) {
		}

	}

}
