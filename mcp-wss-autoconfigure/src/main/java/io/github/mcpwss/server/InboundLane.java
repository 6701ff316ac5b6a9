package io.github.mcpwss.server;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

import reactor.core.scheduler.Scheduler;

/**
 * The way of one socket's messages off the thread that reads it. Small ones are not worth
 * it, unless one before them is still on its way: the order stays. While there is one,
 * nothing more is read, so that no more of them pile up than came at once. Called from
 * one thread.
 */
final class InboundLane {

	private static final int MAX_INLINE_BYTES = 64 * 1024;

	private final WebSocketChannel channel;

	private final Scheduler.Worker worker;

	private final AtomicInteger pending = new AtomicInteger();

	InboundLane(WebSocketChannel channel, Scheduler events) {
		this.channel = channel;
		this.worker = events.createWorker();
	}

	/**
	 * Read a message, now or when those before it have been read.
	 * @param size the size of the message in bytes
	 * @param read reads the message
	 */
	void execute(int size, Runnable read) {
		if (size <= MAX_INLINE_BYTES && this.pending.get() == 0) {
			read.run();
			return;
		}
		this.pending.incrementAndGet();
		this.channel.pauseReading();
		try {
			this.worker.schedule(() -> {
				try {
					read.run();
				}
				finally {
					finished();
				}
			});
		}
		catch (RejectedExecutionException ex) {
			// The server has stopped: nobody is left to read it.
			finished();
		}
	}

	private void finished() {
		if (this.pending.decrementAndGet() == 0) {
			this.channel.resumeReading();
			if (this.pending.get() > 0) {
				// Came in between, and its pause was undone.
				this.channel.pauseReading();
			}
		}
	}

}
