package io.github.mcpwss.autoconfigure;

import java.time.Duration;

import io.github.mcpwss.server.McpWebSocketServerTransportProvider;
import io.github.mcpwss.server.ServerSettings;
import io.modelcontextprotocol.spec.McpServerTransportProviderBase;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.context.LifecycleProperties;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} of an MCP server on the web server of the application or on a
 * listener of its own.
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
@Import({ ServletServerConfiguration.class, ReactiveServerConfiguration.class, ListenerConfiguration.class })
public final class McpWebSocketServerAutoConfiguration {

	McpWebSocketServerAutoConfiguration(McpWebSocketProperties properties, ProductionGuard guard) {
		guard.check(properties);
		Activation.require(properties, Mode.SERVER);
	}

	@Bean
	@ConditionalOnBean(McpWebSocketServerTransportProvider.class)
	GracefulClose mcpWebSocketServerGracefulClose(McpWebSocketServerTransportProvider provider) {
		return new GracefulClose(provider::start, provider.stop(),
				WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE + 1);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingBean(McpServerTransportProviderBase.class)
	static class ProviderConfiguration {

		@Bean(destroyMethod = "")
		@Fallback
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
