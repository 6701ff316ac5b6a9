package io.github.mcpwss.autoconfigure;

import java.time.Duration;

import io.github.mcpwss.server.servlet.RequestTimeoutProtocol;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

/**
 * Bounds the time that requests to Tomcat may take to arrive. An application that has
 * Tomcat speak a protocol of its own keeps that.
 */
final class TomcatServerCustomizer implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

	private final McpWebSocketProperties properties;

	TomcatServerCustomizer(McpWebSocketProperties properties) {
		this.properties = properties;
	}

	@Override
	public void customize(TomcatServletWebServerFactory factory) {
		if (factory.getProtocol().equals(TomcatServletWebServerFactory.DEFAULT_PROTOCOL)) {
			Duration timeout = ServerDecisions.handshakeTimeout(this.properties);
			factory.setProtocol(RequestTimeoutProtocol.class.getName());
			factory.addConnectorCustomizers((connector) -> {
				if (connector.getProtocolHandler() instanceof RequestTimeoutProtocol protocol) {
					protocol.setRequestTimeout(timeout);
				}
			});
		}
		else if (this.properties.timeout() != null && this.properties.connections().isEmpty()) {
			throw new McpWebSocketConfigurationException(
					"%s.timeout has no effect: Tomcat speaks the protocol of the application's own (%s)."
						.formatted(McpWebSocketProperties.PREFIX, factory.getProtocol()),
					"Remove it, or leave the protocol to Spring Boot.");
		}
	}

}
