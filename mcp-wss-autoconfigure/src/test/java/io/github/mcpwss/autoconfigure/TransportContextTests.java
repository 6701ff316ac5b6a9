package io.github.mcpwss.autoconfigure;

import java.nio.file.Path;
import java.util.Map;

import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.McpTransportContextExtractor;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.modelcontextprotocol.spec.McpServerTransportProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.ServerHttpRequest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What tools know of the handshake.
 */
class TransportContextTests {

	private final Applications applications = new Applications();

	@TempDir
	private Path directory;

	@AfterEach
	void close() {
		this.applications.close();
	}

	@Test
	void toolSeesHeadersAndAddress() {
		assertThat(call(ServerApplication.class)).isEqualTo("acme from 127.0.0.1");
	}

	@Test
	void beanOfTheApplicationDecidesInstead() {
		assertThat(call(ServerApplication.class, ExtractorConfiguration.class)).isEqualTo("tenant acme");
	}

	private String call(Class<?>... configurations) {
		String[] tls = { "mcp.websocket.tls.dev-certificate=true",
				"mcp.websocket.tls.dev-certificate-directory=" + this.directory };
		ConfigurableApplicationContext server = this.applications.run(
				new SpringApplicationBuilder(configurations).web(WebApplicationType.SERVLET), tls, "server.port=0",
				"server.address=127.0.0.1", "mcp.websocket.server-mode=true");
		ConfigurableApplicationContext client = this.applications.client(Applications.port(server), tls[0], tls[1],
				"mcp.websocket.headers.X-Tenant=acme");
		CallToolResult result = client.getBean(McpSyncClient.class).callTool(CallToolRequest.builder("who").build());
		return ((TextContent) result.content().get(0)).text();
	}

	private static String describe(McpTransportContext context) {
		Object tenant = context.get("tenant");
		if (tenant != null) {
			return "tenant " + tenant;
		}
		String address = String.valueOf(context.get("remoteAddress")).replaceAll("^/|:\\d+$", "");
		return ((HttpHeaders) context.get("headers")).getFirst("X-Tenant") + " from " + address;
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class ServerApplication {

		@Bean(destroyMethod = "")
		McpSyncServer mcpServer(McpServerTransportProvider provider) {
			SyncToolSpecification who = SyncToolSpecification.builder()
				.tool(Tool.builder("who", Map.of("type", "object")).build())
				.callHandler((exchange, request) -> CallToolResult.builder()
					.addTextContent(describe(exchange.transportContext()))
					.build())
				.build();
			return McpServer.sync(provider).serverInfo("test", "1").tools(who).build();
		}

	}

	static class ExtractorConfiguration {

		@Bean
		McpTransportContextExtractor<ServerHttpRequest> tenant() {
			return (request) -> McpTransportContext
				.create(Map.of("tenant", String.valueOf(request.getHeaders().getFirst("X-Tenant"))));
		}

	}

}
