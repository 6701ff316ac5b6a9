package io.github.mcpwss.autoconfigure;

import io.github.mcpwss.client.ClientSettings;
import io.github.mcpwss.client.McpWebSocketClientTransport;
import io.modelcontextprotocol.spec.McpClientTransport;
import reactor.netty.http.client.HttpClient;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.http.client.ReactorHttpClientBuilder;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.reactive.socket.client.ReactorNettyWebSocketClient;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} of a transport to an MCP server.
 */
@AutoConfiguration(after = McpWebSocketAutoConfiguration.class,
		afterName = { "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration",
				"org.springframework.boot.reactor.netty.autoconfigure.ReactorNettyAutoConfiguration" })
@ConditionalOnBooleanProperty(name = "mcp.websocket.enabled", matchIfMissing = true)
@Conditional(OnModeCondition.Client.class)
@ConditionalOnClass({ ReactorNettyWebSocketClient.class, HttpClient.class, ReactorHttpClientBuilder.class })
@Import(ClientFactoryConfiguration.class)
public final class McpWebSocketClientAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(McpWebSocketConnectionDetails.class)
	PropertiesMcpWebSocketConnectionDetails mcpWebSocketConnectionDetails(McpWebSocketProperties properties,
			TlsMaterials materials, SslBundles sslBundles) {
		return new PropertiesMcpWebSocketConnectionDetails(EndpointProperties.of(properties),
				materials.endpoint().bundleName(), sslBundles);
	}

	@Bean
	ClientSettings mcpWebSocketClientSettings(McpWebSocketProperties properties, ProductionGuard guard,
			ClientTargets targets) {
		guard.check(properties);
		Activation.require(properties, Mode.CLIENT);
		return ClientDecisions.settings(targets.get(EndpointProperties.of(properties)).endpoint());
	}

	@Bean
	ClientSslBundle mcpWebSocketClientSslBundle(McpWebSocketProperties properties, TlsMaterials materials,
			ProductionGuard guard, ClientTargets targets, SslBundles sslBundles) {
		ClientTarget target = targets.get(EndpointProperties.of(properties));
		return ClientSslBundle.get(target, materials.endpoint(), guard.of(properties, target.endpoint()), sslBundles);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingBean(ReactorNettyWebSocketClient.class)
	static class WebSocketClientConfiguration {

		@Bean
		ReactorNettyWebSocketClient mcpWebSocketClient(ClientSettings settings, ClientSslBundle sslBundle,
				ClientFactory factory) {
			return factory.createClient(settings, sslBundle);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingBean(McpClientTransport.class)
	static class TransportConfiguration {

		@Bean(destroyMethod = "")
		McpWebSocketClientTransport mcpWebSocketClientTransport(ClientSettings settings,
				ReactorNettyWebSocketClient client, ClientSslBundle sslBundle, McpWebSocketProperties properties,
				ProductionGuard guard, ClientFactory factory) {
			guard.check(properties, factory.violations(client, sslBundle));
			McpWebSocketClientTransport transport = factory.createTransport(settings, client, sslBundle);
			sslBundle.onUpdate(transport::renewConnection);
			return transport;
		}

		@Bean
		GracefulClose mcpWebSocketClientGracefulClose(McpWebSocketClientTransport transport) {
			return new GracefulClose(transport.closeGracefully(), ClientFactoryConfiguration.CLOSE_PHASE);
		}

	}

}
