package io.github.mcpwss.autoconfigure;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

import io.github.mcpwss.server.McpWebSocketServerTransportProvider;
import io.modelcontextprotocol.server.McpAsyncServer;
import io.modelcontextprotocol.server.McpAsyncServerExchange;
import io.modelcontextprotocol.server.McpServerFeatures.AsyncCompletionSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.AsyncPromptSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.AsyncResourceSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.AsyncResourceTemplateSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.AsyncToolSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncCompletionSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncPromptSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncResourceSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncResourceTemplateSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema.Root;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;

import org.springframework.ai.mcp.customizer.McpAsyncServerCustomizer;
import org.springframework.ai.mcp.customizer.McpSyncServerCustomizer;
import org.springframework.ai.mcp.server.common.autoconfigure.McpServerAutoConfiguration;
import org.springframework.ai.mcp.server.common.autoconfigure.properties.McpServerChangeNotificationProperties;
import org.springframework.ai.mcp.server.common.autoconfigure.properties.McpServerProperties;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} of a second server beside the one that Spring AI makes of another
 * transport, such as Streamable HTTP. It is made by Spring AI as well, of the same tools,
 * resources and prompts.
 */
@AutoConfiguration(after = McpWebSocketServerAutoConfiguration.class, afterName = {
		"org.springframework.ai.mcp.server.common.autoconfigure.McpServerAutoConfiguration",
		"org.springframework.ai.mcp.server.webmvc.autoconfigure.McpServerSseWebMvcAutoConfiguration",
		"org.springframework.ai.mcp.server.webmvc.autoconfigure.McpServerStreamableHttpWebMvcAutoConfiguration",
		"org.springframework.ai.mcp.server.webflux.autoconfigure.McpServerSseWebFluxAutoConfiguration",
		"org.springframework.ai.mcp.server.webflux.autoconfigure.McpServerStreamableHttpWebFluxAutoConfiguration" })
@ConditionalOnBooleanProperty(name = "mcp.websocket.enabled", matchIfMissing = true)
@ConditionalOnClass(McpServerAutoConfiguration.class)
@ConditionalOnBean({ McpWebSocketServerTransportProvider.class, McpServerProperties.class })
@Conditional(OnSecondServerCondition.class)
public final class McpWebSocketSpringAiServerAutoConfiguration {

	private static final String TYPE = "spring.ai.mcp.server.type";

	@Bean(defaultCandidate = false)
	@ConditionalOnProperty(name = TYPE, havingValue = "SYNC", matchIfMissing = true)
	McpSyncServer mcpWebSocketSyncServer(McpWebSocketServerTransportProvider provider,
			ServerCapabilities.Builder capabilities, McpServerProperties properties,
			McpServerChangeNotificationProperties notifications, ObjectProvider<List<SyncToolSpecification>> tools,
			ObjectProvider<List<SyncResourceSpecification>> resources,
			ObjectProvider<List<SyncResourceTemplateSpecification>> templates,
			ObjectProvider<List<SyncPromptSpecification>> prompts,
			ObjectProvider<List<SyncCompletionSpecification>> completions,
			ObjectProvider<BiConsumer<McpSyncServerExchange, List<Root>>> rootsChange,
			Optional<McpSyncServerCustomizer> customizer) {
		return new McpServerAutoConfiguration().mcpSyncServer(provider, capabilities, properties, notifications, tools,
				resources, templates, prompts, completions, rootsChange, customizer);
	}

	@Bean(defaultCandidate = false)
	@ConditionalOnProperty(name = TYPE, havingValue = "ASYNC")
	McpAsyncServer mcpWebSocketAsyncServer(McpWebSocketServerTransportProvider provider,
			ServerCapabilities.Builder capabilities, McpServerProperties properties,
			McpServerChangeNotificationProperties notifications, ObjectProvider<List<AsyncToolSpecification>> tools,
			ObjectProvider<List<AsyncResourceSpecification>> resources,
			ObjectProvider<List<AsyncResourceTemplateSpecification>> templates,
			ObjectProvider<List<AsyncPromptSpecification>> prompts,
			ObjectProvider<List<AsyncCompletionSpecification>> completions,
			ObjectProvider<BiConsumer<McpAsyncServerExchange, List<Root>>> rootsChange,
			Optional<McpAsyncServerCustomizer> customizer) {
		return new McpServerAutoConfiguration().mcpAsyncServer(provider, capabilities, properties, notifications, tools,
				resources, templates, prompts, completions, rootsChange, customizer);
	}

}
