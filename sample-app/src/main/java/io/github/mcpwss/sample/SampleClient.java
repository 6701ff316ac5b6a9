package io.github.mcpwss.sample;

import java.util.Map;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.ElicitResult;
import io.modelcontextprotocol.spec.McpSchema.Implementation;

import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/**
 * The client: the starter gives the transport, everything else is the MCP Java SDK.
 */
@Configuration(proxyBeanMethods = false)
@Profile("client")
class SampleClient {

	@Bean(destroyMethod = "close")
	McpSyncClient mcpClient(McpClientTransport transport) {
		return McpClient.sync(transport)
			.clientInfo(Implementation.builder("mcp-wss-sample-client", "0.1.0").build())
			.capabilities(ClientCapabilities.builder().elicitation().build())
			.elicitation((
					request) -> ElicitResult.builder(ElicitResult.Action.ACCEPT).content(Map.of("name", "Ada")).build())
			.build();
	}

	@Bean
	ApplicationRunner tour(McpSyncClient client, McpClientTransport transport) {
		return (arguments) -> new Tour(client, transport, System.out).run();
	}

}
