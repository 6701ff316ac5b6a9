package io.github.mcpwss.kit;

import java.util.Map;

import io.github.mcpwss.testing.WssClient;
import io.github.mcpwss.testing.WssServer;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the threads that requests run on take over from the thread that starts them.
 */
class RequestThreadTests {

	@Test
	void doNotHoldTheClassLoaderOfTheServletContainer() {
		SyncToolSpecification tool = SyncToolSpecification.builder()
			.tool(Tool.builder("loader", Map.of("type", "object")).build())
			.callHandler((exchange, request) -> CallToolResult.builder()
				.addTextContent(String.valueOf(Thread.currentThread().getContextClassLoader()))
				.build())
			.build();
		try (WssServer server = new WssServer(); WssClient clients = new WssClient(server.tls())) {
			McpServer.sync(server.provider()).immediateExecution(true).serverInfo("test", "1").tools(tool).build();
			try (McpSyncClient client = McpClient.sync(clients.transport(server.uri())).build()) {
				client.initialize();
				CallToolResult result = client.callTool(CallToolRequest.builder("loader").arguments(Map.of()).build());
				assertThat(result.content()).extracting((content) -> ((TextContent) content).text())
					.containsExactly(String.valueOf(Thread.currentThread().getContextClassLoader()));
			}
		}
	}

}
