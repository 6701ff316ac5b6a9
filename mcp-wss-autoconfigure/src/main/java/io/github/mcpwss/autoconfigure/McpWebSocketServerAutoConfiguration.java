package io.github.mcpwss.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.github.mcpwss.server.McpWebSocketServerTransportProvider;
import io.github.mcpwss.server.ServerSettings;
import io.github.mcpwss.server.servlet.McpWebSocketHttpRequestHandler;
import io.modelcontextprotocol.server.McpTransportContextExtractor;
import io.modelcontextprotocol.spec.McpServerTransportProviderBase;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.context.LifecycleProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.server.servlet.ConfigurableServletWebServerFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} of an MCP server on the web server of a servlet application.
 */
@AutoConfiguration(after = McpWebSocketAutoConfiguration.class,
		afterName = { "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration",
				"org.springframework.ai.mcp.server.common.autoconfigure.McpServerJsonMapperAutoConfiguration" },
		beforeName = { "org.springframework.ai.mcp.server.common.autoconfigure.McpServerAutoConfiguration",
				"org.springframework.ai.mcp.server.webmvc.autoconfigure.McpServerSseWebMvcAutoConfiguration",
				"org.springframework.ai.mcp.server.webmvc.autoconfigure.McpServerStreamableHttpWebMvcAutoConfiguration",
				"org.springframework.ai.mcp.server.webflux.autoconfigure.McpServerSseWebFluxAutoConfiguration",
				"org.springframework.ai.mcp.server.webflux.autoconfigure.McpServerStreamableHttpWebFluxAutoConfiguration" })
@ConditionalOnBooleanProperty(name = "mcp.websocket.enabled", matchIfMissing = true)
@Conditional(OnModeCondition.Server.class)
@ConditionalOnClass({ WebSocketHttpRequestHandler.class, SimpleUrlHandlerMapping.class,
		ConfigurableServletWebServerFactory.class })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
public final class McpWebSocketServerAutoConfiguration {

	/**
	 * Before the controllers', which may map everything.
	 */
	private static final int HANDLER_MAPPING_ORDER = -1;

	private final McpWebSocketProperties properties;

	McpWebSocketServerAutoConfiguration(McpWebSocketProperties properties, ProductionGuard guard) {
		guard.check(properties);
		this.properties = properties;
	}

	@Bean
	ServerTls mcpWebSocketServerTls(TlsMaterial material, ObjectProvider<ServerProperties> serverProperties,
			SslBundles sslBundles) {
		ServerProperties server = serverProperties.getIfAvailable();
		return ServerTls.get(this.properties, material, (server != null) ? server.getSsl() : null, sslBundles);
	}

	@Bean
	ServerTlsCustomizer mcpWebSocketServerTlsCustomizer(ServerTls tls) {
		return new ServerTlsCustomizer(tls);
	}

	@Bean
	DeployedServerCheck mcpWebSocketDeployedServerCheck(ApplicationContext applicationContext) {
		return new DeployedServerCheck(this.properties, applicationContext);
	}

	@Bean
	@ConditionalOnBean(McpWebSocketServerTransportProvider.class)
	SimpleUrlHandlerMapping mcpWebSocketHandlerMapping(McpWebSocketServerTransportProvider provider,
			ObjectProvider<McpTransportContextExtractor<ServerHttpRequest>> contextExtractor) {
		int maxMessageSize = ServerDecisions.maxMessageSize(this.properties);
		List<String> allowedOrigins = this.properties.allowedOrigins();
		McpTransportContextExtractor<ServerHttpRequest> extractor = contextExtractor.getIfAvailable();
		McpWebSocketHttpRequestHandler handler = (extractor != null)
				? new McpWebSocketHttpRequestHandler(provider, maxMessageSize, allowedOrigins, extractor)
				: new McpWebSocketHttpRequestHandler(provider, maxMessageSize, allowedOrigins);
		return new SimpleUrlHandlerMapping(Map.of(ServerDecisions.path(this.properties), handler),
				HANDLER_MAPPING_ORDER);
	}

	@Bean
	@ConditionalOnBean(McpWebSocketServerTransportProvider.class)
	GracefulClose mcpWebSocketServerGracefulClose(McpWebSocketServerTransportProvider provider) {
		return new GracefulClose(provider.closeGracefully(), WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE + 1);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingBean(McpServerTransportProviderBase.class)
	static class ProviderConfiguration {

		@Bean(destroyMethod = "")
		McpWebSocketServerTransportProvider mcpWebSocketServerTransportProvider(McpWebSocketProperties properties,
				ServerThreads threads, ObjectProvider<LifecycleProperties> lifecycle,
				@Qualifier("mcpServerJsonMapper") ObjectProvider<JsonMapper> mcpServerJsonMapper,
				ObjectProvider<JsonMapper> jsonMapper) {
			Duration phaseTimeout = lifecycle.getIfAvailable(LifecycleProperties::new).getTimeoutPerShutdownPhase();
			ServerSettings settings = ServerDecisions.settings(properties, phaseTimeout);
			return new McpWebSocketServerTransportProvider(settings, JsonRpcCodecs.get(mcpServerJsonMapper, jsonMapper),
					threads.schedulers());
		}

		@Bean
		ServerThreads mcpWebSocketServerThreads(Environment environment) {
			return new ServerThreads(environment);
		}

	}

}
