package io.github.mcpwss.sample;

import java.nio.file.Path;
import java.util.Map;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests a server over wss on a random port, as docs/testing.md has it.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "mcp.websocket.connections.self.url=wss://localhost:${local.server.port}/mcp",
				"mcp.websocket.connections.self.tls.dev-certificate=true" })
class SampleServerTests {

	@TempDir
	static Path directory;

	@Autowired
	private McpSyncClient client;

	@MockitoBean
	private ClientBesideServer noClientBesideServer;

	@DynamicPropertySource
	static void keepTheDevelopmentCertificateOfTheTests(DynamicPropertyRegistry registry) {
		registry.add("mcp.websocket.tls.dev-certificate-directory", () -> directory.toString());
		registry.add("mcp.websocket.connections.self.tls.dev-certificate-directory", () -> directory.toString());
	}

	@Test
	void addsNumbers() {
		assertThat(call("add", Map.of("a", 19, "b", 23.5))).isEqualTo("42.5");
	}

	@Test
	void echoesText() {
		assertThat(call("echo", Map.of("text", "Grüße"))).isEqualTo("Grüße");
	}

	private String call(String tool, Map<String, Object> arguments) {
		CallToolResult result = this.client.callTool(CallToolRequest.builder(tool).arguments(arguments).build());
		return ((TextContent) result.content().get(0)).text();
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class Client {

		@Bean(destroyMethod = "close")
		@Lazy
		McpSyncClient self(@Qualifier("self") McpClientTransport transport) {
			return McpClient.sync(transport).build();
		}

	}

}
