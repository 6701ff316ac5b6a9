package io.github.mcpwss.autoconfigure;

import java.time.Duration;

import io.github.mcpwss.server.ServerSettings;

/**
 * What a server does with its properties.
 */
final class ServerDecisions {

	/**
	 * What closing takes after the calls in flight had their time.
	 */
	private static final Duration CLOSE_TIME = Duration.ofSeconds(3);

	private ServerDecisions() {
	}

	static ServerSettings settings(McpWebSocketProperties properties, Duration phaseTimeout) {
		return new ServerSettings(Defaults.orDefault(properties.maxConnections(), Defaults.MAX_CONNECTIONS),
				maxMessageSize(properties),
				Defaults.orDefault(properties.maxInFlightRequests(), Defaults.MAX_IN_FLIGHT_REQUESTS),
				Defaults.orDefault(properties.heartbeatInterval(), Defaults.HEARTBEAT_INTERVAL),
				Defaults.orDefault(properties.initializationTimeout(), Defaults.INITIALIZATION_TIMEOUT),
				shutdownTimeout(phaseTimeout));
	}

	private static Duration shutdownTimeout(Duration phaseTimeout) {
		Duration shorter = phaseTimeout.minus(CLOSE_TIME);
		return (shorter.compareTo(CLOSE_TIME) > 0) ? shorter : phaseTimeout.dividedBy(2);
	}

	static int maxMessageSize(McpWebSocketProperties properties) {
		return (int) Defaults.orDefault(properties.maxMessageSize(), Defaults.MAX_MESSAGE_SIZE).toBytes();
	}

	static String path(McpWebSocketProperties properties) {
		return Defaults.orDefault(properties.path(), Defaults.PATH);
	}

}
