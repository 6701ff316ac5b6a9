package io.github.mcpwss.server.servlet;

import java.io.UncheckedIOException;
import java.time.Duration;

import io.github.mcpwss.testing.RawWebSocket;
import io.github.mcpwss.testing.TestTools;
import io.github.mcpwss.testing.WssServer;
import io.modelcontextprotocol.server.McpServer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Peers that ping and never read, on Tomcat, whose threads wait until a pong is written.
 */
class UnreadPongTests {

	/**
	 * What Tomcat takes by itself, after the buffers of both sides are full.
	 */
	private static final Duration TOMCAT = Duration.ofSeconds(20);

	@Test
	void peerThatPingsAndNeverReadsHoldsNoThreadForLong() {
		try (WssServer server = new WssServer()) {
			McpServer.sync(server.provider()).serverInfo("test", "1").tools(TestTools.echo()).build();
			try (RawWebSocket socket = RawWebSocket.openWithSmallBuffer(server)) {
				long start = System.nanoTime();
				byte[] ping = RawWebSocket.frame(0x80 | RawWebSocket.PING, true, new byte[125]);
				assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> {
					while (true) {
						socket.sendBytes(ping);
					}
				});
				assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TOMCAT);
			}
		}
	}

}
