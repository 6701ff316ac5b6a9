package io.github.mcpwss.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.github.mcpwss.testing.Hosting;
import io.github.mcpwss.testing.TestServer;
import io.github.mcpwss.testing.WssClient;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.CreateMessageRequest;
import io.modelcontextprotocol.spec.McpSchema.CreateMessageResult;
import io.modelcontextprotocol.spec.McpSchema.Role;
import io.modelcontextprotocol.spec.McpSchema.SamplingMessage;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The SDK's server and client over wss through Tomcat.
 */
@ParameterizedClass
@EnumSource(Hosting.class)
class HostedServerTests {

	@Parameter
	Hosting hosting;

	private static final Map<String, Object> SCHEMA = Map.of("type", "object");

	private static SyncToolSpecification echo() {
		return SyncToolSpecification.builder()
			.tool(Tool.builder("echo", SCHEMA).build())
			.callHandler((exchange, request) -> text(String.valueOf(request.arguments().get("text"))))
			.build();
	}

	private static CallToolResult text(String text) {
		return CallToolResult.builder().addTextContent(text).build();
	}

	private static CallToolRequest call(String tool, Map<String, Object> arguments) {
		return CallToolRequest.builder(tool).arguments(arguments).build();
	}

	private static String textOf(CallToolResult result) {
		return ((TextContent) result.content().get(0)).text();
	}

	@Test
	void toolIsCalledOverWss() {
		try (TestServer server = this.hosting.start(); WssClient clients = new WssClient(server.tls())) {
			McpSyncServer mcpServer = McpServer.sync(server.provider()).serverInfo("test", "1").tools(echo()).build();
			try (McpSyncClient client = McpClient.sync(clients.transport(server.uri())).build()) {
				client.initialize();
				assertThat(client.listTools().tools()).extracting(Tool::name).containsExactly("echo");
				assertThat(textOf(client.callTool(call("echo", Map.of("text", "grüße 🚀"))))).isEqualTo("grüße 🚀");
			}
			mcpServer.close();
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void fiveHundredCallsFromThirtyTwoThreadsOnOneSocket(boolean immediateExecution) throws Exception {
		try (TestServer server = this.hosting.start(); WssClient clients = new WssClient(server.tls())) {
			McpServer.sync(server.provider())
				.serverInfo("test", "1")
				.immediateExecution(immediateExecution)
				.tools(echo())
				.build();
			ExecutorService executor = Executors.newFixedThreadPool(32);
			try (McpSyncClient client = McpClient.sync(clients.transport(server.uri()))
				.requestTimeout(Duration.ofSeconds(20))
				.build()) {
				client.initialize();
				List<Future<String>> calls = new ArrayList<>();
				for (int i = 0; i < 500; i++) {
					String text = "call " + i;
					calls.add(executor.submit(() -> textOf(client.callTool(call("echo", Map.of("text", text))))));
				}
				for (int i = 0; i < 500; i++) {
					assertThat(calls.get(i).get(30, TimeUnit.SECONDS)).isEqualTo("call " + i);
				}
			}
			finally {
				executor.shutdownNow();
			}
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void samplingFromATool(boolean immediateExecution) {
		SyncToolSpecification tool = SyncToolSpecification.builder()
			.tool(Tool.builder("ask", SCHEMA).build())
			.callHandler((exchange, request) -> {
				CreateMessageResult answer = exchange.createMessage(CreateMessageRequest
					.builder(List.of(new SamplingMessage(Role.USER, TextContent.builder("?").build())), 10)
					.build());
				return text(((TextContent) answer.content()).text());
			})
			.build();
		try (TestServer server = this.hosting.start(); WssClient clients = new WssClient(server.tls())) {
			McpServer.sync(server.provider())
				.serverInfo("test", "1")
				.immediateExecution(immediateExecution)
				.tools(tool)
				.build();
			try (McpSyncClient client = McpClient.sync(clients.transport(server.uri()))
				.capabilities(ClientCapabilities.builder().sampling().build())
				.sampling((request) -> CreateMessageResult
					.builder(Role.ASSISTANT, TextContent.builder("answer").build(), "model")
					.build())
				.build()) {
				client.initialize();
				assertThat(textOf(client.callTool(call("ask", Map.of())))).isEqualTo("answer");
			}
		}
	}

	@Test
	void sixteenMegabytesBothWays() {
		String big = "x".repeat(16 * 1024 * 1024 - 1024);
		try (TestServer server = this.hosting.start(); WssClient clients = new WssClient(server.tls())) {
			McpServer.sync(server.provider()).serverInfo("test", "1").tools(echo()).build();
			try (McpSyncClient client = McpClient.sync(clients.transport(server.uri()))
				.requestTimeout(Duration.ofSeconds(60))
				.build()) {
				client.initialize();
				assertThat(textOf(client.callTool(call("echo", Map.of("text", big)))).length()).isEqualTo(big.length());
			}
		}
	}

	@Test
	void closesIdleSessionsAtOnceWhenTheServerStops() {
		try (TestServer server = this.hosting.start(); WssClient clients = new WssClient(server.tls())) {
			McpServer.sync(server.provider()).serverInfo("test", "1").tools(echo()).build();
			try (McpSyncClient client = McpClient.sync(clients.transport(server.uri())).build()) {
				client.initialize();
				assertThat(server.provider().getConnectionCount()).isOne();
				long start = System.nanoTime();
				server.provider().closeGracefully().block(Duration.ofSeconds(10));
				assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
				assertThat(server.provider().getConnectionCount()).isZero();
			}
		}
	}

}
