package io.github.mcpwss.autoconfigure;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ApplicationContext;

/**
 * Refuses properties of connections where the application is deployed to a servlet
 * container, which alone can configure them.
 */
final class DeployedServerCheck implements SmartInitializingSingleton {

	private final McpWebSocketProperties properties;

	private final ApplicationContext applicationContext;

	DeployedServerCheck(McpWebSocketProperties properties, ApplicationContext applicationContext) {
		this.properties = properties;
		this.applicationContext = applicationContext;
	}

	@Override
	public void afterSingletonsInstantiated() {
		if (this.applicationContext instanceof ServletWebServerApplicationContext context
				&& context.getWebServer() == null) {
			check();
		}
	}

	private void check() {
		if (this.properties.timeout() != null && this.properties.connections().isEmpty()) {
			throw new McpWebSocketConfigurationException(
					"%s.timeout has no effect: the application is deployed to a servlet container, whose connections it cannot configure."
						.formatted(McpWebSocketProperties.PREFIX),
					"Remove it, and configure timeouts in the container.");
		}
		if (!this.properties.tls().isOffloaded()) {
			throw new McpWebSocketConfigurationException(
					"The application is deployed to a servlet container, whose TLS it cannot configure.",
					"Configure TLS in the container or a proxy in front of it, and set %s.offloaded to true."
						.formatted(McpWebSocketProperties.Tls.PREFIX));
		}
	}

}
