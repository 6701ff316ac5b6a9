package io.github.mcpwss.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.modelcontextprotocol.client.McpAsyncClient;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.modelcontextprotocol.spec.McpServerTransportProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The threads that tools run on, and what happens when none is left.
 */
@Timeout(60)
class ServerThreadsTests {

	private static final int THREADS = 256;

	private static final int WAITING = 10_000;

	private static final int MORE = 50;

	/**
	 * The default of one session.
	 */
	private static final int MAX_IN_FLIGHT = 1024;

	private static final Set<String> running = ConcurrentHashMap.newKeySet();

	private static volatile CountDownLatch released = new CountDownLatch(1);

	private final Applications applications = new Applications();

	@TempDir
	private Path directory;

	@AfterEach
	void close() {
		released.countDown();
		this.applications.close();
	}

	@BeforeEach
	void reset() {
		released = new CountDownLatch(1);
		running.clear();
	}

	@Test
	void requestOverWhatThreadsAndQueueTakeIsAnError() {
		McpAsyncClient client = client("spring.threads.virtual.enabled=false");
		List<CompletableFuture<CallToolResult>> calls = new ArrayList<>();
		for (int i = 0; i < THREADS + WAITING + MORE; i++) {
			calls.add(client.callTool(CallToolRequest.builder("wait").build()).toFuture());
		}
		await().atMost(Duration.ofSeconds(30))
			.until(() -> calls.stream().filter(CompletableFuture::isDone).count() == MORE);
		// The other threads are for other clients.
		assertThat(running).hasSize(THREADS / 2);
		List<CompletableFuture<CallToolResult>> refused = calls.stream()
			.filter(CompletableFuture::isCompletedExceptionally)
			.toList();
		assertThat(refused).hasSize(MORE)
			.allSatisfy((call) -> assertThat(call).failsWithin(Duration.ZERO)
				.withThrowableThat()
				.havingCause()
				.isInstanceOfSatisfying(McpError.class, (error) -> {
					assertThat(error.getJsonRpcError().code()).isEqualTo(-32603);
					assertThat(error).hasMessageContaining("Server is busy");
				}));
		released.countDown();
		calls.removeAll(refused);
		assertThat(calls).hasSize(THREADS + WAITING)
			.allSatisfy((call) -> assertThat(call).succeedsWithin(Duration.ofSeconds(20)));
	}

	@Test
	void toolsRunOnThreadsOfThePlatform() {
		assertThat(thread(client("spring.threads.virtual.enabled=false"))).startsWith("Thread[")
			.contains("mcp-wss-request-");
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void toolsRunOnVirtualThreadsWhereConfigured() {
		assertThat(thread(client("spring.threads.virtual.enabled=true"))).startsWith("VirtualThread[")
			.contains("mcp-wss-request-");
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void clientWithAllTheCallsThatItMayHaveLeavesVirtualThreadsToOthers() throws Exception {
		ConfigurableApplicationContext server = this.applications.run(
				new SpringApplicationBuilder(ServerApplication.class).web(WebApplicationType.SERVLET), new String[0],
				"server.port=0", "server.address=127.0.0.1", "mcp.websocket.server-mode=true",
				"mcp.websocket.tls.offloaded=true", "spring.threads.virtual.enabled=true");
		JdkClient greedy = JdkClient.connect(server);
		JdkClient other = JdkClient.connect(server);
		greedy.initialize();
		other.initialize();
		for (int id = 1; id <= MAX_IN_FLIGHT + 1; id++) {
			greedy.call(id, "wait");
		}
		assertThat(greedy.next()).contains("Too many requests in flight");
		await().until(() -> running.size() == MAX_IN_FLIGHT);
		for (int i = 0; i < 20; i++) {
			assertThat(other.ping()).contains("\"result\"");
		}
		assertThat(greedy.messages()).isEmpty();
		released.countDown();
		for (int i = 0; i < MAX_IN_FLIGHT; i++) {
			assertThat(greedy.next()).contains("\"result\"");
		}
	}

	private String thread(McpAsyncClient client) {
		released.countDown();
		CallToolResult result = client.callTool(CallToolRequest.builder("wait").build()).block(Duration.ofSeconds(10));
		return ((TextContent) result.content().get(0)).text();
	}

	private McpAsyncClient client(String threads) {
		String[] tls = { "mcp.websocket.tls.dev-certificate=true",
				"mcp.websocket.tls.dev-certificate-directory=" + this.directory };
		ConfigurableApplicationContext server = this.applications.run(
				new SpringApplicationBuilder(ServerApplication.class).web(WebApplicationType.SERVLET), tls,
				"server.port=0", "server.address=127.0.0.1", "mcp.websocket.server-mode=true",
				"mcp.websocket.max-in-flight-requests=20000", threads);
		ConfigurableApplicationContext application = this.applications.client(Applications.port(server), tls);
		McpAsyncClient client = McpClient.async(application.getBean(McpClientTransport.class))
			.requestTimeout(Duration.ofSeconds(60))
			.build();
		client.initialize().block(Duration.ofSeconds(10));
		return client;
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class ServerApplication {

		@Bean(destroyMethod = "")
		McpSyncServer mcpServer(McpServerTransportProvider provider) {
			SyncToolSpecification tool = SyncToolSpecification.builder()
				.tool(Tool.builder("wait", Map.of("type", "object")).build())
				.callHandler((exchange, request) -> {
					running.add(Thread.currentThread().toString());
					try {
						released.await(30, TimeUnit.SECONDS);
					}
					catch (InterruptedException ex) {
						Thread.currentThread().interrupt();
					}
					return CallToolResult.builder().addTextContent(Thread.currentThread().toString()).build();
				})
				.build();
			return McpServer.sync(provider).serverInfo("test", "1").immediateExecution(true).tools(tool).build();
		}

	}

}
