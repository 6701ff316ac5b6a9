package io.github.mcpwss.server;

import java.time.Duration;

/**
 * The limits within which the server serves.
 *
 * @param maxConnections the number of sockets that may be open at a time
 * @param maxMessageSize the size of a message in bytes of UTF-8, either direction
 * @param maxInFlightRequests the number of requests of one session that may run at a time
 * @param heartbeatInterval the time between two pings, which is also how long a pong may
 * take; zero turns the heartbeat off
 * @param initializationTimeout the time within which a socket must have finished
 * {@code initialize}; zero turns the limit off
 * @param shutdownTimeout the time that calls in flight have to end when the server stops
 */
public record ServerSettings(int maxConnections, int maxMessageSize, int maxInFlightRequests,
		Duration heartbeatInterval, Duration initializationTimeout, Duration shutdownTimeout) {

	/**
	 * Return the number of bytes that may wait to be written to one socket: a peer that
	 * reads so slowly that they pile up higher is disconnected.
	 * @return the number of bytes
	 */
	long maxQueuedBytes() {
		return 4L * this.maxMessageSize;
	}

}
