package io.github.mcpwss.benchmarks.server;

import java.util.List;

import io.modelcontextprotocol.server.McpAsyncServer;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.AsyncToolSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.spec.McpServerTransportProvider;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The MCP server on the starter's transport, as its documentation writes it.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty("mcp.websocket.server-mode")
class WebSocketServers {

	@Bean(destroyMethod = "closeGracefully")
	@ConditionalOnBooleanProperty(name = "benchmark.async", havingValue = false)
	McpSyncServer syncServer(McpServerTransportProvider transport, List<SyncToolSpecification> syncEchoTools) {
		return McpServer.sync(transport)
			.serverInfo("benchmark", "1.0.0")
			.immediateExecution(true)
			.tools(syncEchoTools)
			.build();
	}

	@Bean(destroyMethod = "closeGracefully")
	@ConditionalOnBooleanProperty("benchmark.async")
	McpAsyncServer asyncServer(McpServerTransportProvider transport, List<AsyncToolSpecification> asyncEchoTools) {
		return McpServer.async(transport).serverInfo("benchmark", "1.0.0").tools(asyncEchoTools).build();
	}

}
