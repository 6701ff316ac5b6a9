package io.github.mcpwss.autoconfigure;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.springframework.core.task.VirtualThreadTaskExecutor;

/**
 * Makes executors with a virtual thread for each task.
 */
final class VirtualThreads {

	private VirtualThreads() {
	}

	/**
	 * Return an executor that rejects tasks over a number.
	 * @param prefix the start of the threads' names
	 * @param maxTasks the number of tasks that may run at a time
	 * @return the executor
	 */
	static ExecutorService executor(String prefix, int maxTasks) {
		return new ThreadPoolExecutor(0, maxTasks, 0, TimeUnit.SECONDS, new SynchronousQueue<>(),
				new VirtualThreadTaskExecutor(prefix).getVirtualThreadFactory());
	}

}
