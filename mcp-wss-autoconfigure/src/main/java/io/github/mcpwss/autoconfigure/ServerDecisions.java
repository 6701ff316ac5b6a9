package io.github.mcpwss.autoconfigure;

import java.net.InetAddress;
import java.time.Duration;

import io.github.mcpwss.server.AllowedHosts;
import io.github.mcpwss.server.AllowedOrigins;
import io.github.mcpwss.server.FrameRules;
import io.github.mcpwss.server.HandshakeRules;
import io.github.mcpwss.server.ServerSettings;
import io.github.mcpwss.server.TlsRule;
import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

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
				frameRules(properties), maxSendBufferSize(properties),
				Defaults.orDefault(properties.maxInFlightRequests(), Defaults.MAX_IN_FLIGHT_REQUESTS),
				Defaults.orDefault(properties.heartbeatInterval(), Defaults.HEARTBEAT_INTERVAL),
				Defaults.orDefault(properties.initializationTimeout(), Defaults.INITIALIZATION_TIMEOUT),
				shutdownTimeout(phaseTimeout));
	}

	private static Duration shutdownTimeout(Duration phaseTimeout) {
		Duration shorter = phaseTimeout.minus(CLOSE_TIME);
		return (shorter.compareTo(CLOSE_TIME) > 0) ? shorter : phaseTimeout.dividedBy(2);
	}

	/**
	 * Return which handshakes may lead to a socket.
	 * @param properties the properties
	 * @param address the address that the server listens on, {@code null} for all
	 * @param tlsRule what TLS has to be like, where there has to be TLS
	 * @return the rules
	 */
	static HandshakeRules handshakeRules(McpWebSocketProperties properties, @Nullable InetAddress address,
			TlsRule tlsRule) {
		boolean loopbackOnly = address != null && address.isLoopbackAddress();
		return new HandshakeRules(AllowedOrigins.of(properties.allowedOrigins()),
				AllowedHosts.of(properties.allowedHosts(), loopbackOnly),
				(properties.isTls() && !properties.tls().isOffloaded()) ? tlsRule : null);
	}

	static FrameRules frameRules(McpWebSocketProperties properties) {
		return new FrameRules(
				(int) Defaults.orDefault(properties.maxMessageSize(), Defaults.MAX_MESSAGE_SIZE).toBytes(),
				Boolean.TRUE.equals(properties.compression()));
	}

	private static long maxSendBufferSize(McpWebSocketProperties properties) {
		DataSize size = properties.maxSendBufferSize();
		return (size != null) ? size.toBytes()
				: (long) Defaults.SEND_BUFFER_MESSAGES * frameRules(properties).maxMessageSize();
	}

	/**
	 * Return the time that a connection has to ask for a socket.
	 * @param properties the properties
	 * @return the time
	 */
	static Duration handshakeTimeout(McpWebSocketProperties properties) {
		return Defaults.orDefault(properties.timeout(), Defaults.TIMEOUT);
	}

	static String path(McpWebSocketProperties properties) {
		return Defaults.orDefault(properties.path(), Defaults.PATH);
	}

}
