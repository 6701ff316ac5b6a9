package io.github.mcpwss.autoconfigure;

import io.github.mcpwss.autoconfigure.McpWebSocketProperties.Connection;
import io.github.mcpwss.autoconfigure.McpWebSocketProperties.Proxy;
import io.github.mcpwss.client.ClientSettings;
import io.github.mcpwss.client.ProxySettings;
import io.github.mcpwss.client.ReconnectSettings;

import org.springframework.http.HttpHeaders;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/**
 * What a client does with its properties.
 */
final class ClientDecisions {

	private ClientDecisions() {
	}

	static ClientSettings settings(EndpointProperties properties) {
		Connection connection = properties.connection();
		int maxMessageSize = (int) Defaults.orDefault(connection.maxMessageSize(), Defaults.MAX_MESSAGE_SIZE).toBytes();
		DataSize maxSendBufferSize = connection.maxSendBufferSize();
		return new ClientSettings(properties.name(), ServerUrl.get(properties),
				Defaults.orDefault(connection.timeout(), Defaults.TIMEOUT), maxMessageSize,
				(maxSendBufferSize != null) ? maxSendBufferSize.toBytes()
						: (long) Defaults.SEND_BUFFER_MESSAGES * maxMessageSize,
				Defaults.orDefault(connection.heartbeatInterval(), Defaults.HEARTBEAT_INTERVAL), headers(connection),
				reconnect(connection), proxy(connection.proxy()));
	}

	private static HttpHeaders headers(Connection connection) {
		HttpHeaders headers = new HttpHeaders();
		connection.headers().forEach((name, value) -> {
			if (StringUtils.hasText(value)) {
				headers.set(name, value);
			}
		});
		return HttpHeaders.readOnlyHttpHeaders(headers);
	}

	private static ReconnectSettings reconnect(Connection connection) {
		return new ReconnectSettings(
				Defaults.orDefault(connection.maxReconnectAttempts(), Defaults.MAX_RECONNECT_ATTEMPTS),
				Defaults.orDefault(connection.reconnectDelay(), Defaults.RECONNECT_DELAY),
				Defaults.orDefault(connection.reconnectWait(), Defaults.RECONNECT_WAIT));
	}

	/**
	 * Return by which proxy to connect.
	 * @param proxy the properties
	 * @return the proxy
	 */
	static ProxySettings proxy(Proxy proxy) {
		ProxySettings.Type type = Defaults.orDefault(proxy.type(),
				(proxy.host() != null) ? ProxySettings.Type.HTTP : ProxySettings.Type.SYSTEM);
		return switch (type) {
			case SYSTEM -> ProxySettings.SYSTEM;
			case NONE -> ProxySettings.NONE;
			default -> new ProxySettings(type, Defaults.orDefault(proxy.host(), ""),
					Defaults.orDefault(proxy.port(), 0), proxy.username(), proxy.password(), proxy.nonProxyHosts());
		};
	}

}
