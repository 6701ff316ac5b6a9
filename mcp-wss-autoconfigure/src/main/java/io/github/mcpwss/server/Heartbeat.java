package io.github.mcpwss.server;

import java.time.Duration;

/**
 * When to ping a peer, and when to give it up: a peer whose pong, or any other sign of
 * life, is missing by the time of the next ping is gone. A ping waits behind the messages
 * that are being written; meanwhile it is enough that the peer reads.
 */
final class Heartbeat {

	private enum State {

		IDLE, QUEUED, PINGED

	}

	private final long intervalNanos;

	private volatile long lastPing;

	private volatile State state = State.IDLE;

	private volatile boolean progress;

	Heartbeat(Duration interval, long now) {
		this.intervalNanos = interval.toNanos();
		this.lastPing = now;
	}

	/**
	 * Note a sign of life.
	 */
	void onAlive() {
		this.progress = true;
		if (this.state == State.PINGED) {
			this.state = State.IDLE;
		}
	}

	/**
	 * Note that something was written.
	 */
	void onProgress() {
		this.progress = true;
	}

	/**
	 * Note that the ping that was due is written.
	 * @param now the reading of {@link System#nanoTime()}
	 */
	void onPinged(long now) {
		this.lastPing = now;
		this.state = State.PINGED;
	}

	/**
	 * Return whether the peer owes a pong.
	 * @return {@code false} if there was none, or it waits to be written
	 */
	boolean isPinged() {
		return this.state == State.PINGED;
	}

	/**
	 * Decide what to do.
	 * @param now the reading of {@link System#nanoTime()}
	 * @return what to do
	 */
	Action tick(long now) {
		if (this.intervalNanos == 0 || now - this.lastPing < this.intervalNanos) {
			return Action.NONE;
		}
		boolean progress = this.progress;
		this.progress = false;
		if (this.state == State.PINGED || (this.state == State.QUEUED && !progress)) {
			return Action.GIVE_UP;
		}
		this.lastPing = now;
		if (this.state == State.QUEUED) {
			return Action.NONE;
		}
		this.state = State.QUEUED;
		return Action.PING;
	}

	/**
	 * What is due.
	 */
	enum Action {

		NONE, PING, GIVE_UP

	}

}
