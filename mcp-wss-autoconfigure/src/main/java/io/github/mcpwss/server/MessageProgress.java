package io.github.mcpwss.server;

import java.time.Duration;

/**
 * Watches a message that comes in parts: one that hardly grows would be kept for ever,
 * while pings are answered between its parts.
 */
final class MessageProgress {

	/**
	 * What has to come within the window, far below what the slowest link carries.
	 */
	static final int MIN_BYTES = 1024;

	/**
	 * The longest window: a peer is gone before 60 s have passed, which two windows are.
	 */
	private static final Duration MAX_WINDOW = Duration.ofSeconds(30);

	private final long windowNanos;

	private volatile long receivedBytes;

	private volatile boolean unfinished;

	private volatile long messages;

	private long windowStart;

	private long windowMessage = -1;

	private long windowBytes;

	MessageProgress(Duration heartbeatInterval) {
		boolean shorter = !heartbeatInterval.isZero() && heartbeatInterval.compareTo(MAX_WINDOW) < 0;
		this.windowNanos = (shorter ? heartbeatInterval : MAX_WINDOW).toNanos();
	}

	/**
	 * Note a part. Called by one thread at a time.
	 * @param bytes its size, or about that
	 * @param last whether it ends the message
	 */
	@SuppressWarnings("NonAtomicVolatileUpdate")
	void onPart(int bytes, boolean last) {
		if (last && !this.unfinished) {
			return;
		}
		this.receivedBytes += bytes;
		this.unfinished = !last;
		if (last) {
			this.messages++;
		}
	}

	/**
	 * Tell whether the message of now makes no progress. Called by one thread at a time.
	 * @param now the reading of {@link System#nanoTime()}
	 * @return whether too little has come for too long
	 */
	boolean isStalled(long now) {
		if (!this.unfinished) {
			this.windowMessage = -1;
			return false;
		}
		long message = this.messages;
		long received = this.receivedBytes;
		if (this.windowMessage == message) {
			if (now - this.windowStart < this.windowNanos) {
				return false;
			}
			if (received - this.windowBytes < MIN_BYTES) {
				return true;
			}
		}
		this.windowMessage = message;
		this.windowStart = now;
		this.windowBytes = received;
		return false;
	}

}
