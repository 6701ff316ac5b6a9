package io.github.mcpwss.autoconfigure;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ApplicationContext;

/**
 * Refuses TLS properties where the application is deployed to a servlet container, which
 * has TLS of its own that it alone can configure.
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
				&& context.getWebServer() == null && !this.properties.tls().isOffloaded()) {
			throw new McpWebSocketConfigurationException(
					"The application is deployed to a servlet container, whose TLS it cannot configure.",
					"Configure TLS in the container or a proxy in front of it, and set %s.offloaded to true."
						.formatted(McpWebSocketProperties.Tls.PREFIX));
		}
	}

}
