package io.github.mcpwss.server;

import java.time.Duration;

/**
 * The limits within which the server serves.
 *
 * @param maxConnections the number of sockets that may be open at a time
 * @param frameRules what frames may be
 * @param maxSendBufferSize the number of bytes that may wait to be written to one socket,
 * at least the size of a message: a peer that reads so slowly that they pile up higher is
 * disconnected
 * @param maxInFlightRequests the number of requests of one session that may run at a time
 * @param heartbeatInterval the time between two pings, which is also how long a pong may
 * take; zero turns the heartbeat off
 * @param initializationTimeout the time within which a socket must have finished
 * {@code initialize}; zero turns the limit off
 * @param shutdownTimeout the time that calls in flight have to end when the server stops
 */
public record ServerSettings(int maxConnections, FrameRules frameRules, long maxSendBufferSize, int maxInFlightRequests,
		Duration heartbeatInterval, Duration initializationTimeout, Duration shutdownTimeout) {

	/**
	 * Return the size that the requests of one session which run at a time may have
	 * together.
	 * @return the size in bytes of UTF-8
	 */
	long maxInFlightBytes() {
		return 4L * maxMessageSize();
	}

	/**
	 * Return the size that a message may have.
	 * @return the size in bytes of UTF-8
	 */
	public int maxMessageSize() {
		return this.frameRules.maxMessageSize();
	}

}
