package io.github.mcpwss.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * What the application asks for.
 */
enum Mode {

	/**
	 * Nothing.
	 */
	NONE,

	/**
	 * To serve MCP.
	 */
	SERVER,

	/**
	 * To call an MCP server.
	 */
	CLIENT;

	static Mode of(McpWebSocketProperties properties) {
		return of(Boolean.TRUE.equals(properties.serverMode()), properties.url());
	}

	static Mode of(Environment environment) {
		Binder binder = Binder.get(environment);
		return of(binder.bind(McpWebSocketProperties.PREFIX + ".server-mode", Boolean.class).orElse(false),
				binder.bind(McpWebSocketProperties.PREFIX + ".url", String.class).orElse(""));
	}

	private static Mode of(boolean serverMode, @Nullable String url) {
		if (serverMode) {
			return SERVER;
		}
		return StringUtils.hasText(url) ? CLIENT : NONE;
	}

}
