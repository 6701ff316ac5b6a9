package io.github.mcpwss.server.servlet;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

import io.github.mcpwss.testing.RawMcpClient;
import io.github.mcpwss.testing.RawWebSocket;
import io.github.mcpwss.testing.RawWebSocket.Frame;
import io.github.mcpwss.testing.TestTools;
import io.github.mcpwss.testing.WssServer;
import io.modelcontextprotocol.server.McpServer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * One large message from Tomcat to a peer that needs several heartbeats to read it, or
 * does not read it.
 */
class SlowReaderTests {

	private static final int SIZE = 12 * 1024 * 1024;

	private static final Duration INTERVAL = Duration.ofMillis(700);

	private static final Duration READING = INTERVAL.multipliedBy(5);

	private static WssServer serve() {
		WssServer server = new WssServer(WssServer.settings().heartbeatInterval(INTERVAL).build());
		McpServer.sync(server.provider())
			.serverInfo("test", "1")
			.tools(TestTools.sync("large", (exchange, text) -> "x".repeat(SIZE)))
			.build();
		return server;
	}

	@Test
	void peerThatReadsSlowlyGetsTheWholeMessage() {
		try (WssServer server = serve();
				RawMcpClient client = new RawMcpClient(RawWebSocket.openWithSmallBuffer(server)).initialize()) {
			client.call("1", "large");
			long start = System.nanoTime();
			long received = 0;
			for (boolean last = false; !last;) {
				Frame frame = client.socket().read();
				assertThat(frame.opcode()).isIn(RawWebSocket.TEXT, RawWebSocket.CONTINUATION);
				received += frame.payload().length;
				last = frame.fin();
				if (received > 2L * SIZE / 3) {
					// The rest may be on its way already, and the ping behind it.
					client.socket().send(true, RawWebSocket.PONG, new byte[0]);
				}
				LockSupport.parkNanos(start + READING.toNanos() * received / SIZE - System.nanoTime());
			}
			assertThat(received).isGreaterThan(SIZE);
			client.ping("2");
			assertThat(client.response("2").has("result")).isTrue();
		}
	}

	@Test
	void peerThatReadsNothingIsGivenUp() {
		try (WssServer server = serve();
				RawMcpClient client = new RawMcpClient(RawWebSocket.openWithSmallBuffer(server)).initialize()) {
			client.call("1", "large");
			await().dontCatchUncaughtExceptions()
				.atMost(Duration.ofSeconds(10))
				.until(() -> server.provider().getConnectionCount() == 0);
		}
	}

}
