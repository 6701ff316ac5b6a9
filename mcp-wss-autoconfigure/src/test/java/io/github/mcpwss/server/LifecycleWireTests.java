package io.github.mcpwss.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.mcpwss.testing.Hosting;
import io.github.mcpwss.testing.RawMcpClient;
import io.github.mcpwss.testing.RawWebSocket;
import io.github.mcpwss.testing.RawWebSocket.Frame;
import io.github.mcpwss.testing.TestServer;
import io.github.mcpwss.testing.TestTools;
import io.github.mcpwss.testing.WssServer;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * From the handshake over {@code initialize} and the heartbeat to the shutdown.
 */
@Timeout(30)
@ParameterizedClass
@EnumSource(Hosting.class)
class LifecycleWireTests {

	@Parameter
	Hosting hosting;

	private static TestServer serve(TestServer server, SyncToolSpecification... tools) {
		McpServer.sync(server.provider()).serverInfo("test", "1").tools(TestTools.echo()).tools(tools).build();
		return server;
	}

	private static void assertRefused(JsonNode response) {
		assertThat(response.at("/error/code").asInt()).isEqualTo(-32600);
		assertThat(response.at("/error/message").asString()).contains("initialized");
	}

	private static void awaitLatch(CountDownLatch latch) {
		try {
			assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void requestBeforeInitializeIsAnErrorAndPingIsAnswered() {
		try (TestServer server = serve(this.hosting.start()); RawMcpClient client = RawMcpClient.connect(server)) {
			client.send("{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":\"tools/list\"}");
			assertRefused(client.response("1"));
			client.ping("2");
			assertThat(client.response("2").has("result")).isTrue();
			client.initialize();
			client.ping("3");
			assertThat(client.response("3").has("result")).isTrue();
		}
	}

	@Test
	void requestBeforeInitializedIsAnErrorAndPingIsAnswered() {
		try (TestServer server = serve(this.hosting.start()); RawMcpClient client = RawMcpClient.connect(server)) {
			client.sendInitialize("\"0\"");
			assertThat(client.response("0").has("result")).isTrue();
			client.call("1", "echo", "early");
			assertRefused(client.response("1"));
			client.ping("2");
			assertThat(client.response("2").has("result")).isTrue();
			client.notification("notifications/initialized");
			client.call("3", "echo", "in time");
			assertThat(RawMcpClient.text(client.response("3"))).isEqualTo("in time");
		}
	}

	@Test
	void secondInitializeIsAnError() {
		try (TestServer server = serve(this.hosting.start()); RawMcpClient client = RawMcpClient.connect(server)) {
			client.sendInitialize("\"0\"");
			client.sendInitialize("\"1\"");
			assertRefused(client.response("1"));
			client.notification("notifications/initialized");
			client.sendInitialize("\"2\"");
			assertRefused(client.response("2"));
			client.call("3", "echo", "as before");
			assertThat(RawMcpClient.text(client.response("3"))).isEqualTo("as before");
		}
	}

	@Test
	void notificationsBeforeInitializeAreIgnored() {
		try (TestServer server = serve(this.hosting.start()); RawMcpClient client = RawMcpClient.connect(server)) {
			client.notification("notifications/initialized");
			client.notification("notifications/roots/list_changed");
			client.call("1", "echo", "early");
			assertRefused(client.response("1"));
			client.initialize();
			client.call("2", "echo", "in time");
			assertThat(RawMcpClient.text(client.response("2"))).isEqualTo("in time");
		}
	}

	@Test
	void socketThatDoesNotInitializeIsClosed() {
		Duration limit = Duration.ofSeconds(2);
		try (TestServer server = serve(this.hosting.start(WssServer.settings().initializationTimeout(limit).build()));
				RawMcpClient client = RawMcpClient.connect(server);
				RawMcpClient half = RawMcpClient.connect(server);
				RawMcpClient whole = RawMcpClient.initialized(server)) {
			long start = System.nanoTime();
			half.sendInitialize("\"0\"");
			assertThat(half.response("0").has("result")).isTrue();
			assertThat(client.socket().readClose(Duration.ofSeconds(8))).isEqualTo(1008);
			assertThat(half.socket().readClose(Duration.ofSeconds(8))).isEqualTo(1008);
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(limit.multipliedBy(4));
			await().atMost(Duration.ofSeconds(2)).until(() -> server.provider().getConnectionCount() == 1);
			whole.call("1", "echo", "stays");
			assertThat(RawMcpClient.text(whole.response("1"))).isEqualTo("stays");
		}
	}

	@Test
	void peerThatDoesNotPongIsClosed() {
		Duration interval = Duration.ofMillis(400);
		try (TestServer server = serve(this.hosting.start(WssServer.settings().heartbeatInterval(interval).build()));
				RawMcpClient client = RawMcpClient.initialized(server)) {
			assertThat(client.socket().read().opcode()).isEqualTo(RawWebSocket.PING);
			long ping = System.nanoTime();
			assertThat(client.socket().readClose(Duration.ofSeconds(5))).isEqualTo(1001);
			assertThat(Duration.ofNanos(System.nanoTime() - ping)).isLessThan(interval.multipliedBy(3));
			await().until(() -> server.provider().getConnectionCount() == 0);
		}
	}

	@Test
	void peerThatPongsStays() {
		Duration interval = Duration.ofMillis(700);
		try (TestServer server = serve(this.hosting.start(WssServer.settings().heartbeatInterval(interval).build()));
				RawMcpClient client = RawMcpClient.initialized(server)) {
			for (int i = 0; i < 3; i++) {
				Frame frame = client.socket().read();
				assertThat(frame.opcode()).isEqualTo(RawWebSocket.PING);
				client.socket().send(true, RawWebSocket.PONG, frame.payload());
			}
			client.call("1", "echo", "alive");
			assertThat(RawMcpClient.text(client.response("1"))).isEqualTo("alive");
		}
	}

	@Test
	void peerThatIsBusySendingOneLargeFrameStays() {
		Duration interval = Duration.ofMillis(800);
		try (TestServer server = serve(this.hosting.start(WssServer.settings().heartbeatInterval(interval).build()));
				RawMcpClient client = RawMcpClient.initialized(server)) {
			String text = "x".repeat(400_000);
			byte[] frame = RawWebSocket.frame(0x80 | RawWebSocket.TEXT, true,
					RawMcpClient.toolCall("1", "echo", text).getBytes());
			// A pong has no place within a frame.
			int part = frame.length / 10;
			for (int from = 0; from < frame.length; from += part) {
				client.socket().sendBytes(Arrays.copyOfRange(frame, from, Math.min(frame.length, from + part)));
				await().pollDelay(Duration.ofMillis(200)).until(() -> true);
			}
			assertThat(RawMcpClient.text(client.response("1"))).isEqualTo(text);
		}
	}

	@Test
	void shutdownClosesIdleSocketsAtOnceAndLetsCallsEnd() throws Exception {
		CountDownLatch running = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		try (TestServer server = serve(this.hosting.start(), TestTools.sync("wait", (exchange, text) -> {
			running.countDown();
			awaitLatch(release);
			return "done";
		}));
				RawMcpClient busy = RawMcpClient.initialized(server);
				RawMcpClient idle = RawMcpClient.initialized(server);
				RawMcpClient fresh = RawMcpClient.connect(server)) {
			busy.call("1", "wait");
			awaitLatch(running);
			await().until(() -> server.provider().getConnectionCount() == 3);
			CompletableFuture<Void> closed = server.provider().closeGracefully().toFuture();
			assertThat(idle.socket().readClose(Duration.ofSeconds(2))).isEqualTo(1001);
			assertThat(fresh.socket().readClose(Duration.ofSeconds(2))).isEqualTo(1001);
			busy.call("2", "echo", "too late");
			assertThat(busy.response("2").at("/error/message").asString()).contains("shutting down");
			try (RawWebSocket late = RawWebSocket.handshake(server)) {
				assertThat(late.status()).isEqualTo(503);
			}
			assertThat(closed).isNotDone();
			release.countDown();
			assertThat(RawMcpClient.text(busy.response("1"))).isEqualTo("done");
			assertThat(busy.socket().readClose(Duration.ofSeconds(2))).isEqualTo(1001);
			closed.get(2, TimeUnit.SECONDS);
			assertThat(server.provider().getConnectionCount()).isZero();
		}
	}

	@Test
	void shutdownDoesNotWaitLongerThanItMay() throws Exception {
		CountDownLatch running = new CountDownLatch(1);
		CountDownLatch interrupted = new CountDownLatch(1);
		TestServer server = this.hosting.start(WssServer.settings().shutdownTimeout(Duration.ofMillis(300)).build());
		try (server;
				RawMcpClient client = RawMcpClient
					.initialized(serve(server, TestTools.sync("wait", (exchange, text) -> {
						running.countDown();
						try {
							new CountDownLatch(1).await(20, TimeUnit.SECONDS);
						}
						catch (InterruptedException ex) {
							interrupted.countDown();
						}
						return "late";
					})))) {
			client.call("1", "wait");
			awaitLatch(running);
			CompletableFuture<Void> closed = server.provider().closeGracefully().toFuture();
			assertThat(client.socket().readClose(Duration.ofSeconds(3))).isEqualTo(1001);
			closed.get(3, TimeUnit.SECONDS);
			awaitLatch(interrupted);
		}
	}

	@Test
	void shutdownDuringHandshakesLeavesNoSocketOpen() {
		for (int round = 0; round < 3; round++) {
			try (TestServer server = serve(this.hosting.start())) {
				List<CompletableFuture<RawWebSocket>> handshakes = new ArrayList<>();
				for (int i = 0; i < 20; i++) {
					handshakes.add(CompletableFuture.supplyAsync(() -> RawWebSocket.handshake(server)));
				}
				handshakes.get(round).orTimeout(10, TimeUnit.SECONDS).join();
				server.provider().closeGracefully().block(Duration.ofSeconds(5));
				for (CompletableFuture<RawWebSocket> handshake : handshakes) {
					try (RawWebSocket socket = handshake.orTimeout(10, TimeUnit.SECONDS).join()) {
						if (socket.status() == 101) {
							assertThat(socket.readClose(Duration.ofSeconds(3))).isIn(1001, 1013);
						}
						else {
							assertThat(socket.status()).isEqualTo(503);
						}
					}
				}
				assertThat(server.provider().getConnectionCount()).isZero();
			}
		}
	}

}
