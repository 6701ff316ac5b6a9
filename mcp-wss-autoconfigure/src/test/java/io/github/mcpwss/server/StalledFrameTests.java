package io.github.mcpwss.server;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.github.mcpwss.testing.Hosting;
import io.github.mcpwss.testing.RawWebSocket;
import io.github.mcpwss.testing.TestServer;
import io.github.mcpwss.testing.TestTools;
import io.github.mcpwss.testing.WssServer;
import io.modelcontextprotocol.server.McpServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Frames and messages that never end.
 */
@ParameterizedClass
@EnumSource(Hosting.class)
class StalledFrameTests {

	private static final Duration SOON = Duration.ofSeconds(5);

	@Parameter
	Hosting hosting;

	private static TestServer server;

	@BeforeParameterizedClassInvocation
	static void start(Hosting hosting) {
		server = hosting.start(WssServer.settings().heartbeatInterval(Duration.ofMillis(500)).build());
		McpServer.sync(server.provider()).serverInfo("test", "1").tools(TestTools.echo()).build();
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 20, 20_000 })
	void frameOfHugeLengthIsNotWaitedForForEver(int sent) {
		try (RawWebSocket socket = RawWebSocket.open(server)) {
			byte[] head = { (byte) 0x81, (byte) 0xFF, 0x40, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1 };
			socket.sendBytes(Arrays.copyOf(head, head.length + sent));
			socket.readClose(SOON);
			assertNoneOpen();
		}
	}

	@Test
	void frameWithoutItsHeadIsNotWaitedForForEver() {
		try (RawWebSocket socket = RawWebSocket.open(server)) {
			socket.sendBytes(new byte[] { (byte) 0x81 });
			socket.readClose(SOON);
			assertNoneOpen();
		}
	}

	@Test
	void drippingFrameIsCut() throws Exception {
		try (RawWebSocket socket = RawWebSocket.open(server)) {
			socket.sendBytes(new byte[] { (byte) 0x81, (byte) 0xFE, 0x7F, 0x7F, 1, 1, 1, 1 });
			drip(socket, () -> socket.sendBytes(new byte[] { 'a' }));
			assertNoneOpen();
		}
	}

	@Test
	void drippingFragmentsAreCutThoughPongsCome() throws Exception {
		try (RawWebSocket socket = RawWebSocket.open(server)) {
			socket.send(false, RawWebSocket.TEXT, new byte[] { ' ' });
			int code = drip(socket, () -> {
				socket.send(true, RawWebSocket.PONG, new byte[0]);
				socket.send(false, RawWebSocket.CONTINUATION, new byte[] { ' ' });
			});
			assertThat(code).isEqualTo(1008);
			assertNoneOpen();
		}
	}

	@Test
	void unfinishedMessageIsCutThoughPongsCome() throws Exception {
		try (RawWebSocket socket = RawWebSocket.open(server)) {
			socket.send(false, RawWebSocket.TEXT, new byte[] { ' ' });
			assertThat(drip(socket, () -> socket.send(true, RawWebSocket.PONG, new byte[0]))).isEqualTo(1008);
			assertNoneOpen();
		}
	}

	@Test
	void slowMessageIsServed() {
		try (RawWebSocket socket = RawWebSocket.open(server)) {
			String id = " ".repeat(30_000);
			byte[] message = ("{\"jsonrpc\":\"2.0\"," + id + "\"method\":\"ping\",\"id\":1}")
				.getBytes(StandardCharsets.US_ASCII);
			long started = System.nanoTime();
			socket.sendFragments(message, 1500, () -> {
				socket.send(true, RawWebSocket.PONG, new byte[0]);
				pause(100);
			});
			assertThat(Duration.ofNanos(System.nanoTime() - started)).isGreaterThan(Duration.ofMillis(1500));
			assertThat(socket.readText()).contains("\"result\"");
		}
	}

	private static int drip(RawWebSocket socket, Runnable drop) throws Exception {
		ExecutorService executor = Executors.newSingleThreadExecutor();
		try {
			Future<Integer> close = executor.submit(() -> socket.readClose(SOON));
			while (!close.isDone()) {
				try {
					drop.run();
				}
				catch (UncheckedIOException ex) {
					break;
				}
				pause(50);
			}
			return close.get(10, TimeUnit.SECONDS);
		}
		finally {
			executor.shutdownNow();
		}
	}

	private static void pause(int millis) {
		try {
			Thread.sleep(millis);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static void assertNoneOpen() {
		await().atMost(SOON).until(() -> server.provider().getConnectionCount() == 0);
	}

}
