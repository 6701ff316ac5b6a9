package io.github.mcpwss.client;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.mcpwss.testing.ScriptedServer;
import io.github.mcpwss.testing.ScriptedServer.Frame;
import io.github.mcpwss.testing.TcpProxy;
import io.github.mcpwss.testing.TestTls;
import io.github.mcpwss.testing.WssClient;
import io.github.mcpwss.testing.WssServer;
import io.modelcontextprotocol.client.McpAsyncClient;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * What callers see when sockets die.
 */
class ClientTransportTests {

	private static final Map<String, Object> SCHEMA = Map.of("type", "object");

	private final CountDownLatch release = new CountDownLatch(1);

	private final AtomicInteger started = new AtomicInteger();

	private final ExecutorService executor = Executors.newCachedThreadPool();

	private WssServer server;

	private TcpProxy proxy;

	private WssClient clients;

	@BeforeEach
	void start() {
		this.server = new WssServer();
		this.proxy = new TcpProxy(this.server.port());
		this.clients = new WssClient(this.server.tls());
		McpServer.sync(this.server.provider())
			.serverInfo("test", "1")
			.tools(tool("echo", (text) -> text), tool("wait", (text) -> {
				this.started.incrementAndGet();
				try {
					this.release.await(20, TimeUnit.SECONDS);
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
				return text;
			}))
			.build();
	}

	@AfterEach
	void stop() {
		this.release.countDown();
		this.executor.shutdownNow();
		this.clients.close();
		this.proxy.close();
		this.server.close();
	}

	private static SyncToolSpecification tool(String name, java.util.function.UnaryOperator<String> function) {
		return SyncToolSpecification.builder()
			.tool(Tool.builder(name, SCHEMA).build())
			.callHandler((exchange, request) -> CallToolResult.builder()
				.addTextContent(function.apply(String.valueOf(request.arguments().get("text"))))
				.build())
			.build();
	}

	private static CallToolRequest call(String tool, String text) {
		return CallToolRequest.builder(tool).arguments(Map.of("text", text)).build();
	}

	private static String textOf(CallToolResult result) {
		return ((TextContent) result.content().get(0)).text();
	}

	private URI proxied() {
		return URI.create("wss://localhost:" + this.proxy.port() + "/mcp");
	}

	@Test
	void callsInFlightFailAtOnceWhenTheSocketIsCutAndTheNextCallConnectsAgain() {
		try (McpSyncClient client = McpClient.sync(this.clients.transport(proxied()))
			.requestTimeout(Duration.ofSeconds(30))
			.build()) {
			client.initialize();
			List<CompletableFuture<CallToolResult>> calls = new ArrayList<>();
			for (int i = 0; i < 5; i++) {
				calls.add(CompletableFuture.supplyAsync(() -> client.callTool(call("wait", "x")), this.executor));
			}
			await().until(() -> this.started.get() == 5);
			long cut = System.nanoTime();
			this.proxy.cut();
			for (CompletableFuture<CallToolResult> call : calls) {
				assertThatThrownBy(() -> call.get(5, TimeUnit.SECONDS)).hasRootCauseInstanceOf(McpError.class)
					.rootCause()
					.hasMessageContaining("was lost")
					.hasMessageContaining("the outcome of this call is unknown");
			}
			assertThat(Duration.ofNanos(System.nanoTime() - cut)).isLessThan(Duration.ofSeconds(5));
			assertThat(textOf(client.callTool(call("echo", "again")))).isEqualTo("again");
			assertThat(this.proxy.accepted()).isEqualTo(2);
		}
	}

	@Test
	void callThatIsRetriedInReactionToTheCutSucceeds() {
		McpAsyncClient client = McpClient.async(this.clients.transport(proxied()))
			.requestTimeout(Duration.ofSeconds(30))
			.build();
		client.initialize().block(Duration.ofSeconds(10));
		CompletableFuture<String> result = client.callTool(call("wait", "x"))
			.onErrorResume((ex) -> client.callTool(call("echo", "retried")))
			.map(ClientTransportTests::textOf)
			.toFuture();
		await().until(() -> this.started.get() > 0);
		this.proxy.cut();
		assertThat(result).succeedsWithin(Duration.ofSeconds(5)).isEqualTo("retried");
		client.closeGracefully().block(Duration.ofSeconds(5));
	}

	@Test
	void manyThreadsShareTheNewSocketAfterACut() {
		ClientSettings settings = WssClient.settings(proxied())
			.withReconnect(new ReconnectSettings(5, Duration.ofHours(10), Duration.ZERO));
		try (McpSyncClient client = McpClient.sync(this.clients.transport(settings)).build()) {
			client.initialize();
			this.proxy.cut();
			await().until(() -> this.server.provider().getConnectionCount() == 0);
			List<CompletableFuture<String>> calls = new ArrayList<>();
			for (int i = 0; i < 8; i++) {
				String text = "call " + i;
				calls.add(CompletableFuture.supplyAsync(() -> textOf(client.callTool(call("echo", text))),
						this.executor));
			}
			for (int i = 0; i < 8; i++) {
				assertThat(calls.get(i)).succeedsWithin(Duration.ofSeconds(10)).isEqualTo("call " + i);
			}
			assertThat(this.proxy.accepted()).isEqualTo(2);
		}
	}

	@Test
	void callFailsWithTheReasonWhileTheServerIsAwayAndWorksWhenItIsBack() {
		try (McpSyncClient client = McpClient.sync(this.clients.transport(proxied())).build()) {
			client.initialize();
			this.proxy.refuse(true);
			this.proxy.cut();
			await().until(() -> this.server.provider().getConnectionCount() == 0);
			assertThatExceptionOfType(McpWebSocketConnectException.class)
				.isThrownBy(() -> client.callTool(call("echo", "x")))
				.withMessageContaining("Could not connect to wss://localhost:" + this.proxy.port() + "/mcp");
			this.proxy.refuse(false);
			await().ignoreExceptions()
				.untilAsserted(() -> assertThat(textOf(client.callTool(call("echo", "back")))).isEqualTo("back"));
		}
	}

	@Test
	void heartbeatNoticesADeadNetwork() {
		ClientSettings settings = WssClient.settings(proxied());
		ClientSettings beating = new ClientSettings(settings.uri(), settings.timeout(), settings.maxMessageSize(),
				Duration.ofMillis(500), settings.headers());
		try (McpSyncClient client = McpClient.sync(this.clients.transport(beating))
			.requestTimeout(Duration.ofSeconds(30))
			.build()) {
			client.initialize();
			CompletableFuture<CallToolResult> call = CompletableFuture
				.supplyAsync(() -> client.callTool(call("wait", "x")), this.executor);
			await().until(() -> this.started.get() > 0);
			this.proxy.drop(true);
			assertThatThrownBy(() -> call.get(5, TimeUnit.SECONDS)).rootCause()
				.hasMessageContaining("no pong within 500 ms");
		}
	}

	@Test
	void heartbeatKeepsALongCallAlive() {
		ClientSettings settings = WssClient.settings(proxied());
		ClientSettings beating = new ClientSettings(settings.uri(), settings.timeout(), settings.maxMessageSize(),
				Duration.ofMillis(500), settings.headers());
		McpWebSocketClientTransport transport = this.clients.transport(beating);
		try (McpSyncClient client = McpClient.sync(transport).build()) {
			client.initialize();
			CompletableFuture<CallToolResult> call = CompletableFuture
				.supplyAsync(() -> client.callTool(call("wait", "x")), this.executor);
			await().during(Duration.ofSeconds(2)).until(() -> !call.isDone());
			assertThat(transport.getConnectionInfo().orElseThrow().roundTripTime()).isBetween(Duration.ofNanos(1),
					Duration.ofSeconds(5));
			this.release.countDown();
			assertThat(call).succeedsWithin(Duration.ofSeconds(5));
		}
	}

	@Test
	void heartbeatIsContentWithAClientOfTheApplicationsOwn() {
		ClientSettings settings = WssClient.settings(proxied());
		ClientSettings beating = new ClientSettings(settings.uri(), settings.timeout(), settings.maxMessageSize(),
				Duration.ofMillis(500), settings.headers());
		McpWebSocketClientTransport transport = this.clients.transportOverPlainClient(beating);
		try (McpSyncClient client = McpClient.sync(transport).build()) {
			client.initialize();
			await().during(Duration.ofSeconds(2)).until(() -> this.proxy.accepted() == 1);
			assertThat(textOf(client.callTool(call("echo", "there")))).isEqualTo("there");
			assertThat(this.proxy.accepted()).isOne();
		}
	}

	@Test
	void tellsWhatWasNegotiated() {
		McpWebSocketClientTransport transport = this.clients.transport(this.server.uri());
		try (McpSyncClient client = McpClient.sync(transport).build()) {
			client.initialize();
			assertThat(transport.getConnectionInfo()).hasValueSatisfying((info) -> {
				assertThat(info.tlsProtocol()).isEqualTo("TLSv1.3");
				assertThat(info.cipherSuite()).startsWith("TLS_AES_");
				assertThat(info.subprotocol()).isEqualTo("mcp");
				assertThat(info.peerCertificates()).isNotEmpty();
				assertThat(info.openSince()).isBetween(Instant.now().minusSeconds(60), Instant.now());
				assertThat(info.roundTripTime()).isNull();
			});
		}
		assertThat(transport.getConnectionInfo()).isEmpty();
	}

	@Test
	void closingClosesTheSocketWithANormalClose() {
		TestTls tls = new TestTls();
		CompletableFuture<Integer> code = new CompletableFuture<>();
		CompletableFuture<Boolean> end = new CompletableFuture<>();
		try (ScriptedServer scripted = ScriptedServer.overTls(tls, (peer) -> {
			peer.upgrade();
			peer.initialize();
			Frame frame = peer.read();
			code.complete((frame.opcode() == 8) ? frame.closeCode() : -1);
			peer.sendFrame(0x88, frame.payload());
			peer.hang();
			end.complete(true);
		}); WssClient scriptedClients = new WssClient(tls)) {
			McpSyncClient client = McpClient.sync(scriptedClients.transport(scripted.uri())).build();
			client.initialize();
			client.closeGracefully();
			assertThat(code).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(1000);
			assertThat(end).as("end of the TCP connection").succeedsWithin(Duration.ofSeconds(10));
		}
	}

	@Test
	void messageOverTheLimitFailsTheCallAndKeepsTheSocket() {
		ClientSettings settings = WssClient.settings(proxied());
		ClientSettings small = new ClientSettings(settings.uri(), settings.timeout(), 100_000,
				settings.heartbeatInterval(), settings.headers());
		try (McpSyncClient client = McpClient.sync(this.clients.transport(small)).build()) {
			client.initialize();
			assertThatThrownBy(() -> client.callTool(call("echo", "x".repeat(200_000))))
				.hasMessageContaining("over mcp.websocket.max-message-size (100000 bytes)");
			assertThat(textOf(client.callTool(call("echo", "y")))).isEqualTo("y");
			assertThat(this.proxy.accepted()).isOne();
		}
	}

	@Test
	void messagesThatWereWrittenMakeRoomForOthers() {
		ClientSettings settings = WssClient.settings(proxied());
		// 400,000 bytes may wait
		ClientSettings small = new ClientSettings(settings.uri(), settings.timeout(), 100_000,
				settings.heartbeatInterval(), settings.headers());
		try (McpSyncClient client = McpClient.sync(this.clients.transport(small)).build()) {
			client.initialize();
			String text = "x".repeat(80_000);
			List<CompletableFuture<Void>> threads = new ArrayList<>();
			for (int i = 0; i < 4; i++) {
				threads.add(CompletableFuture.runAsync(() -> {
					for (int j = 0; j < 50; j++) {
						assertThat(textOf(client.callTool(call("echo", text)))).isEqualTo(text);
					}
				}, this.executor));
			}
			assertThat(threads).allSatisfy((thread) -> assertThat(thread).succeedsWithin(Duration.ofSeconds(30)));
			assertThat(this.proxy.accepted()).isOne();
		}
	}

}
