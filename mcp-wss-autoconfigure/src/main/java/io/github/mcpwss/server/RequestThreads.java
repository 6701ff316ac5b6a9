package io.github.mcpwss.server;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that the requests of all sessions share. Instances are safe for use by
 * several threads.
 */
final class RequestThreads {

	private final int maxThreads;

	private final int maxRequests;

	private final ThreadPoolExecutor executor;

	private final AtomicInteger requests = new AtomicInteger();

	private final AtomicInteger deferred = new AtomicInteger();

	/**
	 * Create threads, of which each starts when it is needed.
	 * @param maxThreads the number of requests that run at a time
	 * @param queueCapacity the number of requests that wait beside them
	 * @param idleSeconds the time in seconds after which a thread without requests ends
	 * @param threadFactory makes the threads
	 */
	RequestThreads(int maxThreads, int queueCapacity, long idleSeconds, ThreadFactory threadFactory) {
		this.maxThreads = maxThreads;
		this.maxRequests = maxThreads + queueCapacity;
		// The queue is bounded by the number of requests.
		this.executor = new ThreadPoolExecutor(maxThreads, maxThreads, idleSeconds, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(), threadFactory);
		this.executor.allowCoreThreadTimeOut(true);
	}

	ExecutorService executor() {
		return this.executor;
	}

	/**
	 * Count a request, wherever it waits.
	 * @throws RejectedExecutionException if there are as many as may be
	 */
	void admit() {
		if (this.requests.incrementAndGet() > this.maxRequests) {
			this.requests.decrementAndGet();
			throw new RejectedExecutionException("All threads are busy, and as many requests wait as may");
		}
	}

	/**
	 * Count a request no longer.
	 */
	void release() {
		this.requests.decrementAndGet();
	}

	/**
	 * Note that requests which are counted do not ask for a thread yet.
	 * @param change how many more of them there are
	 */
	void onDeferred(int change) {
		this.deferred.addAndGet(change);
	}

	/**
	 * Return how many threads are free, those included that have yet to be started.
	 * @return the number of threads, roughly while requests come and go
	 */
	int free() {
		return this.maxThreads - (this.requests.get() - this.deferred.get());
	}

	/**
	 * Run a request that is counted.
	 * @param request the request
	 */
	void execute(Runnable request) {
		this.executor.execute(request);
	}

	/**
	 * Take back a request that waits for a thread.
	 * @param request the request
	 * @return {@code false} if it does not wait any more
	 */
	boolean withdraw(Runnable request) {
		return this.executor.remove(request);
	}

}
