package io.github.mcpwss.autoconfigure;

import reactor.netty.http.client.HttpClient;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.http.client.ReactorHttpClientBuilder;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.web.reactive.socket.client.ReactorNettyWebSocketClient;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} of named connections to MCP servers, in clients and servers.
 */
@AutoConfiguration(after = McpWebSocketAutoConfiguration.class,
		afterName = { "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration",
				"org.springframework.boot.reactor.netty.autoconfigure.ReactorNettyAutoConfiguration" })
@ConditionalOnBooleanProperty(name = "mcp.websocket.enabled", matchIfMissing = true)
@Conditional(OnConnectionsCondition.class)
@ConditionalOnClass({ ReactorNettyWebSocketClient.class, HttpClient.class, ReactorHttpClientBuilder.class })
@Import(ClientFactoryConfiguration.class)
public final class McpWebSocketConnectionsAutoConfiguration {

	@Bean
	static NamedConnectionBeans mcpWebSocketNamedConnectionBeans(Environment environment) {
		return new NamedConnectionBeans(environment);
	}

	@Bean
	NamedConnections mcpWebSocketConnections(McpWebSocketProperties properties, TlsMaterials materials,
			ProductionGuard guard, ClientTargets targets, SslBundles sslBundles, ClientFactory factory,
			BeanFactory beanFactory, Environment environment) {
		return new NamedConnections(properties, materials, guard, targets, sslBundles, factory, beanFactory,
				environment);
	}

	@Bean
	GracefulClose mcpWebSocketConnectionsGracefulClose(NamedConnections connections) {
		return new GracefulClose(connections.close(), ClientFactoryConfiguration.CLOSE_PHASE);
	}

}
