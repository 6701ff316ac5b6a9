package io.github.mcpwss.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.mcpwss.testing.Hosting;
import io.github.mcpwss.testing.RawMcpClient;
import io.github.mcpwss.testing.RawWebSocket;
import io.github.mcpwss.testing.TestServer;
import io.github.mcpwss.testing.TestTools;
import io.modelcontextprotocol.server.McpAsyncServerExchange;
import io.modelcontextprotocol.server.McpServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Notifications of the server: in order, whole, and to whom they are for.
 */
@Timeout(60)
@ParameterizedClass
@EnumSource(Hosting.class)
class NotificationWireTests {

	@Parameter
	Hosting hosting;

	private static final String METHOD = "notifications/message";

	private TestServer serveSync(boolean immediateExecution, int count, String filler) {
		TestServer server = this.hosting.start();
		McpServer.sync(server.provider())
			.serverInfo("test", "1")
			.immediateExecution(immediateExecution)
			.tools(TestTools.sync("notify", (exchange, text) -> {
				for (int i = 0; i < count; i++) {
					exchange.progressNotification(TestTools.progress(text, i, filler));
				}
				return text;
			}))
			.build();
		return server;
	}

	private TestServer serveAsync(int count, String filler) {
		TestServer server = this.hosting.start();
		McpServer.async(server.provider())
			.serverInfo("test", "1")
			.tools(TestTools.async("notify", (exchange, text) -> notifyAll(exchange, text, count, filler)))
			.build();
		return server;
	}

	private static Mono<String> notifyAll(McpAsyncServerExchange exchange, String text, int count, String filler) {
		return Flux.range(0, count)
			.concatMap((i) -> exchange.progressNotification(TestTools.progress(text, i, filler)))
			.then(Mono.just(text));
	}

	private static void assertInOrder(RawMcpClient client, int tools, int count, int length) {
		Map<String, Integer> progress = new HashMap<>();
		for (int ended = 0; ended < tools;) {
			JsonNode message = client.next();
			if (message.has("method")) {
				String token = message.at("/params/progressToken").asString();
				assertThat(message.at("/params/progress").asInt()).isEqualTo(progress.getOrDefault(token, 0));
				assertThat(message.at("/params/message").asString()).hasSize(length);
				progress.merge(token, 1, Integer::sum);
			}
			else {
				assertThat(progress.get(RawMcpClient.text(message))).isEqualTo(count);
				ended++;
			}
		}
		assertThat(progress).hasSize(tools);
	}

	@ParameterizedTest
	@ValueSource(strings = { "immediate", "sync", "async" })
	void thousandNotificationsOfOneToolArriveInOrder(String kind) {
		TestServer server = "async".equals(kind) ? serveAsync(1000, "x")
				: serveSync("immediate".equals(kind), 1000, "x");
		try (server; RawMcpClient client = RawMcpClient.initialized(server)) {
			client.call("1", "notify", "t");
			assertInOrder(client, 1, 1000, 1);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "immediate", "sync", "async" })
	void thirtyTwoToolsOnOneSocketDoNotMixTheirFrames(String kind) {
		String filler = "ü".repeat(10_000);
		TestServer server = "async".equals(kind) ? serveAsync(100, filler)
				: serveSync("immediate".equals(kind), 100, filler);
		try (server; RawMcpClient client = RawMcpClient.initialized(server)) {
			for (int i = 0; i < 32; i++) {
				client.call("c" + i, "notify", "t" + i);
			}
			assertInOrder(client, 32, 100, filler.length());
		}
	}

	@Test
	void notifyClientsDoesNotWaitForTheSlowest() throws Exception {
		int clients = 100;
		TestServer server = serveSync(false, 0, "");
		List<RawMcpClient> readers = new ArrayList<>();
		try (server) {
			RawMcpClient slow = new RawMcpClient(RawWebSocket.openWithSmallBuffer(server)).initialize().sync();
			readers.add(slow);
			// Fills the socket's buffers, so that the next message must wait.
			server.provider()
				.notifyClients(METHOD, Map.of("data", "x".repeat(8 * 1024 * 1024)))
				.toFuture()
				.get(2, TimeUnit.SECONDS);
			for (int i = 1; i < clients; i++) {
				readers.add(RawMcpClient.initialized(server).sync());
			}
			for (int round = 0; round < 5; round++) {
				String data = "round " + round;
				long start = System.nanoTime();
				CompletableFuture<Void> sent = server.provider().notifyClients(METHOD, Map.of("data", data)).toFuture();
				sent.get(1, TimeUnit.SECONDS);
				for (RawMcpClient reader : readers.subList(1, clients)) {
					assertThat(reader.next().at("/params/data").asString()).isEqualTo(data);
				}
				assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
			}
			assertThat(slow.next().at("/params/data").asString()).hasSize(8 * 1024 * 1024);
			for (int round = 0; round < 5; round++) {
				assertThat(slow.next().at("/params/data").asString()).isEqualTo("round " + round);
			}
		}
		finally {
			readers.forEach(RawMcpClient::close);
		}
	}

	@Test
	void closeFrameReachesAPeerThatIsSlowToRead() throws Exception {
		try (TestServer server = serveSync(false, 0, "");
				RawMcpClient slow = new RawMcpClient(RawWebSocket.openWithSmallBuffer(server)).initialize().sync()) {
			server.provider()
				.notifyClients(METHOD, Map.of("data", "x".repeat(8 * 1024 * 1024)))
				.toFuture()
				.get(2, TimeUnit.SECONDS);
			slow.socket().send(true, RawWebSocket.BINARY, new byte[1]);
			await().dontCatchUncaughtExceptions().pollDelay(Duration.ofMillis(250)).until(() -> true);
			assertThat(slow.socket().readClose()).isEqualTo(1003);
		}
	}

	@Test
	void notifyClientReachesOne() {
		TestServer server = this.hosting.start();
		McpServer.sync(server.provider())
			.serverInfo("test", "1")
			.tools(TestTools.sync("session", (exchange, text) -> exchange.sessionId()))
			.build();
		try (server;
				RawMcpClient one = RawMcpClient.initialized(server);
				RawMcpClient other = RawMcpClient.initialized(server)) {
			one.call("1", "session");
			String sessionId = RawMcpClient.text(one.response("1"));
			server.provider().notifyClient(sessionId, METHOD, Map.of("data", "for one")).block(Duration.ofSeconds(2));
			assertThat(one.next().at("/params/data").asString()).isEqualTo("for one");
			server.provider().notifyClient("nobody", METHOD, Map.of()).block(Duration.ofSeconds(2));
			other.ping("2");
			assertThat(other.next().path("id").asString()).isEqualTo("2");
		}
	}

	@Test
	void socketThatIsNotInitializedGetsNoNotification() {
		try (TestServer server = serveSync(false, 0, "");
				RawMcpClient fresh = RawMcpClient.connect(server);
				RawMcpClient ready = RawMcpClient.initialized(server).sync()) {
			server.provider().notifyClients(METHOD, Map.of("data", "x")).block(Duration.ofSeconds(2));
			assertThat(ready.next().path("method").asString()).isEqualTo(METHOD);
			fresh.ping("1");
			assertThat(fresh.next().path("id").asString()).isEqualTo("1");
		}
	}

}
