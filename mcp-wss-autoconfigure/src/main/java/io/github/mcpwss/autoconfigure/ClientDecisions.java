package io.github.mcpwss.autoconfigure;

import io.github.mcpwss.client.ClientSettings;

import org.springframework.http.HttpHeaders;
import org.springframework.util.StringUtils;

/**
 * What a client does with its properties.
 */
final class ClientDecisions {

	private ClientDecisions() {
	}

	static ClientSettings settings(McpWebSocketProperties properties) {
		HttpHeaders headers = new HttpHeaders();
		properties.headers().forEach((name, value) -> {
			if (StringUtils.hasText(value)) {
				headers.set(name, value);
			}
		});
		return new ClientSettings(ServerUrl.get(properties), Defaults.orDefault(properties.timeout(), Defaults.TIMEOUT),
				(int) Defaults.orDefault(properties.maxMessageSize(), Defaults.MAX_MESSAGE_SIZE).toBytes(),
				Defaults.orDefault(properties.heartbeatInterval(), Defaults.HEARTBEAT_INTERVAL),
				HttpHeaders.readOnlyHttpHeaders(headers));
	}

}
