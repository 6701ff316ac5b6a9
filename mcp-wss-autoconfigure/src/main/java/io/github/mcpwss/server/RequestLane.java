package io.github.mcpwss.server;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The way of one session's requests to the threads that all sessions share. A session has
 * no more threads than it leaves free for others, so that it cannot take them all; what
 * else it asks for waits here. One request of a session may always wait for a thread:
 * where none is free, sessions take turns.
 */
final class RequestLane implements RequestExecutor {

	private final RequestThreads threads;

	private final Queue<Runnable> deferred = new ConcurrentLinkedQueue<>();

	/**
	 * The number of requests that have a thread or wait for one.
	 */
	private final AtomicInteger submitted = new AtomicInteger();

	RequestLane(RequestThreads threads) {
		this.threads = threads;
	}

	@Override
	public void execute(Runnable request) {
		this.threads.admit();
		if (this.deferred.isEmpty() && reserve()) {
			submit(request);
			return;
		}
		this.threads.onDeferred(1);
		this.deferred.add(request);
		submitDeferred();
	}

	private boolean reserve() {
		int current = this.submitted.get();
		while (current == 0 || current < this.threads.free()) {
			if (this.submitted.compareAndSet(current, current + 1)) {
				return true;
			}
			current = this.submitted.get();
		}
		return false;
	}

	private void submit(Runnable request) {
		try {
			this.threads.execute(new Turn(this, request));
		}
		catch (RejectedExecutionException ex) {
			this.submitted.decrementAndGet();
			this.threads.release();
			throw ex;
		}
	}

	private void submitDeferred() {
		while (!this.deferred.isEmpty() && reserve()) {
			Runnable next = this.deferred.poll();
			if (next != null) {
				this.threads.onDeferred(-1);
				submit(next);
			}
			else {
				this.submitted.decrementAndGet();
			}
		}
	}

	@Override
	public void withdraw(Runnable request) {
		if (this.deferred.remove(request)) {
			this.threads.onDeferred(-1);
			this.threads.release();
		}
		else if (this.threads.withdraw(new Turn(this, request))) {
			ended();
		}
	}

	private void ended() {
		this.threads.release();
		this.submitted.decrementAndGet();
		try {
			submitDeferred();
		}
		catch (RejectedExecutionException ex) {
			// The server has stopped, and nobody waits for them any more.
			this.deferred.clear();
		}
	}

	/**
	 * A request that has a thread or waits for one.
	 *
	 * @param lane where it comes from
	 * @param request the request
	 */
	private record Turn(RequestLane lane, Runnable request) implements Runnable {

		@Override
		public void run() {
			try {
				this.request.run();
			}
			finally {
				this.lane.ended();
			}
		}

	}

}
