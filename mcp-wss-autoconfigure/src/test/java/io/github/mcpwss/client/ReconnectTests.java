package io.github.mcpwss.client;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.mcpwss.testing.ScriptedServer;
import io.github.mcpwss.testing.TcpProxy;
import io.github.mcpwss.testing.TestTools;
import io.github.mcpwss.testing.WssClient;
import io.github.mcpwss.testing.WssServer;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * How a client comes back to a server that was lost.
 */
@ExtendWith(OutputCaptureExtension.class)
class ReconnectTests {

	/**
	 * So long that a random part of it is not over before the test is.
	 */
	private static final Duration LONG = Duration.ofHours(10);

	private static final Duration SHORT = Duration.ofMillis(20);

	private final ExecutorService executor = Executors.newCachedThreadPool();

	private WssServer server;

	private McpSyncServer mcpServer;

	private TcpProxy proxy;

	private WssClient clients;

	@BeforeEach
	void start() {
		this.server = new WssServer();
		this.proxy = new TcpProxy(this.server.port());
		this.clients = new WssClient(this.server.tls());
		this.mcpServer = McpServer.sync(this.server.provider())
			.serverInfo("test", "1")
			.capabilities(ServerCapabilities.builder().tools(true).build())
			.tools(TestTools.echo())
			.build();
	}

	@AfterEach
	void stop(CapturedOutput output) {
		this.executor.shutdownNow();
		this.clients.close();
		this.proxy.close();
		this.server.close();
		assertThat(output).doesNotContain("onErrorDropped", "Operator called default");
	}

	private McpSyncClient client(int maxAttempts, Duration delay, Duration wait) {
		return client(URI.create("wss://localhost:" + this.proxy.port() + "/mcp"), maxAttempts, delay, wait);
	}

	private McpSyncClient client(URI uri, int maxAttempts, Duration delay, Duration wait) {
		McpSyncClient client = McpClient
			.sync(this.clients
				.transport(WssClient.settings(uri).withReconnect(new ReconnectSettings(maxAttempts, delay, wait))))
			.requestTimeout(Duration.ofSeconds(30))
			.build();
		client.initialize();
		return client;
	}

	private static String echo(McpSyncClient client, String text) {
		return ((TextContent) client.callTool(CallToolRequest.builder("echo").arguments(Map.of("text", text)).build())
			.content()
			.get(0)).text();
	}

	private static McpWebSocketConnectException failure(McpSyncClient client) {
		return catchThrowableOfType(McpWebSocketConnectException.class, () -> echo(client, "x"));
	}

	private void loseServer() {
		this.proxy.refuse(true);
		this.proxy.cut();
		await().until(() -> this.server.provider().getConnectionCount() == 0);
	}

	@Test
	void notificationsComeAgainWithoutACall() {
		List<String> tools = new CopyOnWriteArrayList<>();
		McpSyncClient client = McpClient
			.sync(this.clients.transport(WssClient.settings(URI.create("wss://localhost:" + this.proxy.port() + "/mcp"))
				.withReconnect(new ReconnectSettings(5, Duration.ofMillis(200), Duration.ZERO))))
			.toolsChangeConsumer((changed) -> changed.forEach((tool) -> tools.add(tool.name())))
			.build();
		try (client) {
			client.initialize();
			this.proxy.cut();
			await().until(() -> this.proxy.accepted() == 2 && this.server.provider().getConnectionCount() == 1);
			// The session takes no notification before its initialization is finished.
			AtomicInteger number = new AtomicInteger();
			await().pollInterval(Duration.ofMillis(100)).until(() -> {
				this.mcpServer.addTool(TestTools.sync("tool-" + number.incrementAndGet(), (exchange, text) -> text));
				return tools.contains("tool-1");
			});
		}
	}

	@Test
	void callsFailAtOnceWhileTheServerIsAwayAndTellWhy() {
		try (McpSyncClient client = client(5, LONG, Duration.ZERO)) {
			loseServer();
			assertThat(failure(client)).as("makes an attempt").hasMessageNotContaining("no connection since");
			assertThat(this.proxy.accepted()).isEqualTo(2);
			long start = System.nanoTime();
			for (int i = 0; i < 20; i++) {
				assertThat(failure(client)).hasMessageContaining("no connection since 20")
					.hasMessageContaining("1 attempt failed, at last: ")
					.hasMessageContaining("the next attempt is at 20")
					.hasMessageContaining("this call was not sent");
			}
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
			assertThat(this.proxy.accepted()).isEqualTo(2);
		}
	}

	@Test
	void callsWaitForTheServerWhereConfigured() {
		try (McpSyncClient client = client(-1, SHORT, Duration.ofSeconds(20))) {
			loseServer();
			List<CompletableFuture<String>> calls = new ArrayList<>();
			for (int i = 0; i < 4; i++) {
				String text = "call " + i;
				calls.add(CompletableFuture.supplyAsync(() -> echo(client, text), this.executor));
			}
			int accepted = this.proxy.accepted();
			await().until(() -> this.proxy.accepted() > accepted + 3);
			assertThat(calls).noneMatch(CompletableFuture::isDone);
			this.proxy.refuse(false);
			for (int i = 0; i < 4; i++) {
				assertThat(calls.get(i)).succeedsWithin(Duration.ofSeconds(10)).isEqualTo("call " + i);
			}
		}
	}

	@Test
	void callsInTheMomentOfACutAreSentOverTheNextSocket() throws Exception {
		AtomicInteger succeeded = new AtomicInteger();
		Set<String> failures = ConcurrentHashMap.newKeySet();
		AtomicBoolean stopped = new AtomicBoolean();
		try (McpSyncClient client = client(-1, SHORT, Duration.ofSeconds(20))) {
			List<CompletableFuture<Void>> callers = new ArrayList<>();
			for (int i = 0; i < 4; i++) {
				callers.add(CompletableFuture.runAsync(() -> {
					while (!stopped.get()) {
						try {
							echo(client, "x");
							succeeded.incrementAndGet();
						}
						catch (RuntimeException ex) {
							failures.add(ex.getMessage().replaceAll("[0-9]+", "#"));
						}
					}
				}, this.executor));
			}
			for (int cut = 0; cut < 40; cut++) {
				int before = succeeded.get();
				await().until(() -> succeeded.get() > before + 10);
				this.proxy.cut();
			}
			stopped.set(true);
			for (CompletableFuture<Void> caller : callers) {
				caller.get(30, TimeUnit.SECONDS);
			}
		}
		assertThat(failures).isNotEmpty()
			.allSatisfy((failure) -> assertThat(failure).contains("the outcome of this call is unknown"));
	}

	@Test
	void callsDoNotWaitForLongerThanConfigured() {
		try (McpSyncClient client = client(-1, LONG, Duration.ofMillis(300))) {
			loseServer();
			assertThat(failure(client)).hasMessageContaining("no connection since");
		}
	}

	@Test
	void attemptsAreUsedUp() {
		try (McpSyncClient client = client(2, SHORT, Duration.ofSeconds(20))) {
			loseServer();
			await().during(Duration.ofMillis(300)).until(() -> this.proxy.accepted() == 3);
			await().untilAsserted(() -> assertThat(failure(client))
				.hasMessageContaining("mcp.websocket.max-reconnect-attempts are used up"));
			this.proxy.refuse(false);
			await().ignoreExceptions().untilAsserted(() -> assertThat(echo(client, "back")).isEqualTo("back"));
		}
	}

	@Test
	void lostServerIsLeftWhereThereShallBeNoAttempt() {
		try (McpSyncClient client = client(0, SHORT, Duration.ofSeconds(20))) {
			this.proxy.cut();
			await().until(() -> this.server.provider().getConnectionCount() == 0);
			await().untilAsserted(() -> assertThat(failure(client))
				.hasMessageContaining("mcp.websocket.max-reconnect-attempts is 0"));
			assertThat(this.proxy.accepted()).isOne();
		}
	}

	@Test
	void serverThatAcceptsAndDiesIsNotHammered() {
		try (ScriptedServer scripted = ScriptedServer.overTls(this.server.tls(), (peer) -> {
			peer.upgrade();
			peer.initialize();
		}); McpSyncClient client = client(scripted.uri(), 3, Duration.ofMillis(300), Duration.ZERO)) {
			await().during(Duration.ofSeconds(1)).until(() -> scripted.accepted() == 4);
		}
	}

	@Test
	void refusalIsNotTriedAgainButByACall() {
		AtomicInteger connections = new AtomicInteger();
		try (ScriptedServer scripted = ScriptedServer.overTls(this.server.tls(), (peer) -> {
			switch (connections.incrementAndGet()) {
				case 1 -> {
					peer.upgrade();
					peer.initialize();
				}
				case 2 -> {
					peer.readRequest();
					peer.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
					peer.hang();
				}
				default -> {
					peer.upgrade();
					peer.initialize();
					peer.readText();
					peer.sendText("{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"content\":[{\"type\":\"text\","
							+ "\"text\":\"back\"}]}}");
					peer.hang();
				}
			}
		}); McpSyncClient client = client(scripted.uri(), -1, SHORT, Duration.ZERO)) {
			await().during(Duration.ofMillis(500)).until(() -> scripted.accepted() == 2);
			await().ignoreExceptions().untilAsserted(() -> assertThat(echo(client, "x")).isEqualTo("back"));
			assertThat(scripted.accepted()).isEqualTo(3);
		}
	}

	@Test
	void retryAfterIsHonoured() {
		List<Long> times = new CopyOnWriteArrayList<>();
		try (ScriptedServer scripted = ScriptedServer.overTls(this.server.tls(), (peer) -> {
			times.add(System.nanoTime());
			if (times.size() == 2) {
				peer.readRequest();
				peer.write("HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nContent-Length: 0\r\n\r\n");
				peer.hang();
			}
			else {
				peer.upgrade();
				peer.initialize();
				if (times.size() == 3) {
					peer.hang();
				}
			}
		}); McpSyncClient client = client(scripted.uri(), -1, SHORT, Duration.ZERO)) {
			await().until(() -> times.size() == 2);
			McpWebSocketConnectException failure = await().until(() -> failure(client),
					(ex) -> ex != null && ex.getNextAttempt().isPresent());
			assertThat(failure).hasMessageContaining("server answered HTTP 503 Service Unavailable")
				.hasMessageContaining("retry after 2 s");
			await().until(() -> times.size() == 3);
			assertThat(Duration.ofNanos(times.get(2) - times.get(1))).isGreaterThan(Duration.ofSeconds(2));
		}
	}

}
