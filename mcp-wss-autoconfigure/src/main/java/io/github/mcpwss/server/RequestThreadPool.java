package io.github.mcpwss.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * Threads for requests, most of which take microseconds, though any of them may block.
 * Waking a thread costs more than such a request does, and a {@link ThreadPoolExecutor}
 * wakes the one that slept longest for each of them. Here at most one thread is being
 * woken at a time: it wakes the next one before it runs a request, if there are more, so
 * that none waits behind one that blocks. The thread that fell asleep last is woken
 * first.
 */
final class RequestThreadPool extends AbstractExecutorService {

	private final int maxThreads;

	private final int maxRequests;

	private final long idleNanos;

	private final ThreadFactory threadFactory;

	private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

	private final ConcurrentLinkedDeque<Worker> idle = new ConcurrentLinkedDeque<>();

	private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

	private final AtomicInteger threadCount = new AtomicInteger();

	private final AtomicInteger requests = new AtomicInteger();

	private final AtomicBoolean waking = new AtomicBoolean();

	private final CountDownLatch terminated = new CountDownLatch(1);

	private volatile boolean shutdown;

	/**
	 * Create a pool without threads.
	 * @param maxThreads the number of requests that run at a time
	 * @param queueCapacity the number of requests that wait beside them
	 * @param idleNanos the time after which a thread without requests ends
	 * @param threadFactory makes the threads
	 */
	RequestThreadPool(int maxThreads, int queueCapacity, long idleNanos, ThreadFactory threadFactory) {
		this.maxThreads = maxThreads;
		this.maxRequests = maxThreads + queueCapacity;
		this.idleNanos = idleNanos;
		this.threadFactory = threadFactory;
	}

	@Override
	public void execute(Runnable request) {
		if (this.shutdown) {
			throw new RejectedExecutionException("Server has stopped");
		}
		if (this.requests.incrementAndGet() > this.maxRequests) {
			this.requests.decrementAndGet();
			throw new RejectedExecutionException("All threads are busy, and as many requests wait as may");
		}
		this.waiting.add(request);
		wakeOne();
	}

	/**
	 * See to it that a thread looks for requests, unless one is on its way already: that
	 * one looks once more after it has said that it is not any longer.
	 */
	private void wakeOne() {
		while (this.waking.compareAndSet(false, true)) {
			Worker worker = this.idle.pollFirst();
			if (worker != null) {
				worker.wake();
				return;
			}
			if (startThread()) {
				return;
			}
			// All are busy, and look for requests before they sleep.
			this.waking.set(false);
			if (this.waiting.isEmpty() || this.idle.isEmpty()) {
				return;
			}
		}
	}

	private boolean startThread() {
		if (this.threadCount.incrementAndGet() > this.maxThreads) {
			this.threadCount.decrementAndGet();
			return false;
		}
		boolean started = false;
		try {
			this.threadFactory.newThread(new Worker()).start();
			started = true;
		}
		finally {
			if (!started) {
				this.threadCount.decrementAndGet();
				this.waking.set(false);
			}
		}
		return true;
	}

	@Override
	public void shutdown() {
		this.shutdown = true;
		Worker worker = this.idle.pollFirst();
		while (worker != null) {
			worker.wake();
			worker = this.idle.pollFirst();
		}
		terminateIfDone();
	}

	@Override
	public List<Runnable> shutdownNow() {
		this.shutdown = true;
		List<Runnable> neverRun = new ArrayList<>();
		Runnable request = this.waiting.poll();
		while (request != null) {
			neverRun.add(request);
			request = this.waiting.poll();
		}
		this.threads.forEach(Thread::interrupt);
		shutdown();
		return neverRun;
	}

	private void terminateIfDone() {
		if (this.shutdown && this.threadCount.get() == 0) {
			this.terminated.countDown();
		}
	}

	@Override
	public boolean isShutdown() {
		return this.shutdown;
	}

	@Override
	public boolean isTerminated() {
		return this.terminated.getCount() == 0;
	}

	@Override
	public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
		return this.terminated.await(timeout, unit);
	}

	/**
	 * Runs requests until there are none for a while.
	 */
	private final class Worker implements Runnable {

		private volatile @Nullable Thread thread;

		private volatile boolean woken = true;

		/**
		 * Wake this worker, which the caller has taken from those that are idle.
		 */
		void wake() {
			this.woken = true;
			LockSupport.unpark(this.thread);
		}

		@Override
		public void run() {
			Thread current = Thread.currentThread();
			this.thread = current;
			RequestThreadPool.this.threads.add(current);
			try {
				boolean alive = true;
				while (alive) {
					runRequests();
					alive = sleep();
				}
			}
			finally {
				RequestThreadPool.this.threads.remove(current);
				RequestThreadPool.this.threadCount.decrementAndGet();
				if (!RequestThreadPool.this.waiting.isEmpty()) {
					// Came when this thread was no longer idle, but still counted.
					wakeOne();
				}
				terminateIfDone();
			}
		}

		private void runRequests() {
			Runnable request = RequestThreadPool.this.waiting.poll();
			if (this.woken) {
				RequestThreadPool.this.waking.set(false);
				if (request == null) {
					// Whoever came meanwhile has relied on this thread.
					request = RequestThreadPool.this.waiting.poll();
				}
			}
			while (request != null) {
				if (!RequestThreadPool.this.waiting.isEmpty()) {
					wakeOne();
				}
				runRequest(request);
				request = RequestThreadPool.this.waiting.poll();
			}
		}

		private void runRequest(Runnable request) {
			try {
				request.run();
			}
			catch (Throwable ex) {
				Thread thread = Thread.currentThread();
				thread.getUncaughtExceptionHandler().uncaughtException(thread, ex);
			}
			finally {
				RequestThreadPool.this.requests.decrementAndGet();
				// One that was meant for the request that has ended.
				Thread.interrupted();
			}
		}

		/**
		 * Wait for a request.
		 * @return {@code false} if none came for so long that this thread may end
		 */
		private boolean sleep() {
			this.woken = false;
			RequestThreadPool.this.idle.addFirst(this);
			long deadline = System.nanoTime() + RequestThreadPool.this.idleNanos;
			while (!this.woken) {
				boolean mayEnd = RequestThreadPool.this.shutdown || System.nanoTime() - deadline >= 0;
				if (mayEnd || !RequestThreadPool.this.waiting.isEmpty()) {
					if (RequestThreadPool.this.idle.remove(this)) {
						return !mayEnd || !RequestThreadPool.this.waiting.isEmpty();
					}
					Thread.onSpinWait();
				}
				else {
					LockSupport.parkNanos(this, deadline - System.nanoTime());
					// park would return at once the next time.
					Thread.interrupted();
				}
			}
			return true;
		}

	}

}
