package io.github.mcpwss.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/**
 * Binds properties.
 */
final class TestProperties {

	private TestProperties() {
	}

	static EndpointProperties bindEndpoint(String... properties) {
		return EndpointProperties.of(bind(properties));
	}

	static McpWebSocketProperties bind(String... properties) {
		Map<String, String> values = new LinkedHashMap<>();
		for (String property : properties) {
			int separator = property.indexOf('=');
			values.put(McpWebSocketProperties.PREFIX + "." + property.substring(0, separator),
					property.substring(separator + 1));
		}
		return new Binder(new MapConfigurationPropertySource(values)).bindOrCreate(McpWebSocketProperties.PREFIX,
				McpWebSocketProperties.class);
	}

}
