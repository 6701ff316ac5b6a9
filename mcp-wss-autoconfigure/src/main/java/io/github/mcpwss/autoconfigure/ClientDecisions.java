package io.github.mcpwss.autoconfigure;

import io.github.mcpwss.autoconfigure.McpWebSocketProperties.Connection;
import io.github.mcpwss.client.ClientSettings;

import org.springframework.http.HttpHeaders;
import org.springframework.util.StringUtils;

/**
 * What a client does with its properties.
 */
final class ClientDecisions {

	private ClientDecisions() {
	}

	static ClientSettings settings(EndpointProperties properties) {
		HttpHeaders headers = new HttpHeaders();
		Connection connection = properties.connection();
		connection.headers().forEach((name, value) -> {
			if (StringUtils.hasText(value)) {
				headers.set(name, value);
			}
		});
		return new ClientSettings(ServerUrl.get(properties), Defaults.orDefault(connection.timeout(), Defaults.TIMEOUT),
				(int) Defaults.orDefault(connection.maxMessageSize(), Defaults.MAX_MESSAGE_SIZE).toBytes(),
				Defaults.orDefault(connection.heartbeatInterval(), Defaults.HEARTBEAT_INTERVAL),
				HttpHeaders.readOnlyHttpHeaders(headers));
	}

}
