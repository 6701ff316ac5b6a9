package io.github.mcpwss.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

/**
 * Contexts with the auto-configurations, without a web server.
 */
final class Contexts {

	static final AutoConfigurations AUTO_CONFIGURATIONS = AutoConfigurations.of(SslAutoConfiguration.class,
			McpWebSocketAutoConfiguration.class, McpWebSocketServerAutoConfiguration.class,
			McpWebSocketClientAutoConfiguration.class, McpWebSocketConnectionsAutoConfiguration.class);

	private Contexts() {
	}

	static ApplicationContextRunner any() {
		return new ApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS);
	}

	static ApplicationContextRunner client() {
		return any().withPropertyValues("mcp.websocket.url=wss://localhost:8443");
	}

	static WebApplicationContextRunner server() {
		return new WebApplicationContextRunner().withConfiguration(AUTO_CONFIGURATIONS)
			.withPropertyValues("mcp.websocket.server-mode=true");
	}

	static WebApplicationContextRunner offloadedServer() {
		return server().withPropertyValues("mcp.websocket.tls.offloaded=true");
	}

}
