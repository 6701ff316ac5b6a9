package io.github.mcpwss.server;

import java.time.Duration;

/**
 * When to ping a peer, and when to give it up: a peer whose pong, or any other sign of
 * life, is missing by the time of the next ping is gone.
 */
final class Heartbeat {

	private final long intervalNanos;

	private volatile long lastPing;

	private volatile boolean awaitingPong;

	Heartbeat(Duration interval, long now) {
		this.intervalNanos = interval.toNanos();
		this.lastPing = now;
	}

	void onAlive() {
		this.awaitingPong = false;
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
		if (this.awaitingPong) {
			return Action.GIVE_UP;
		}
		this.lastPing = now;
		this.awaitingPong = true;
		return Action.PING;
	}

	/**
	 * What is due.
	 */
	enum Action {

		NONE, PING, GIVE_UP

	}

}
