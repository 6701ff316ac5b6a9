package io.github.mcpwss.kit;

import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import io.github.mcpwss.testing.WssServer;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpSyncServer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A server that takes over the provider of one that still closes.
 */
class RestartTests {

	@Test
	void initializationTimeoutHoldsForTheServerThatFollows() throws Exception {
		try (WssServer server = new WssServer(
				WssServer.settings().initializationTimeout(Duration.ofSeconds(1)).build())) {
			McpSyncServer first = McpServer.sync(server.provider()).serverInfo("first", "1").build();
			CompletableFuture<Integer> closedByFirst = open(server);
			await().until(() -> server.provider().getConnectionCount() == 1);
			first.close();
			McpServer.sync(server.provider()).serverInfo("second", "1").build();
			CompletableFuture<Integer> closedBySecond = open(server);
			assertThat(closedByFirst.get(10, TimeUnit.SECONDS)).isEqualTo(1001);
			assertThat(closedBySecond.get(10, TimeUnit.SECONDS)).isEqualTo(1008);
		}
	}

	private static CompletableFuture<Integer> open(WssServer server) throws Exception {
		CompletableFuture<Integer> closed = new CompletableFuture<>();
		HttpClient.newBuilder()
			.sslContext(server.tls().clientContext())
			.build()
			.newWebSocketBuilder()
			.buildAsync(server.uri(), new CloseListener(closed))
			.get(10, TimeUnit.SECONDS);
		return closed;
	}

	private record CloseListener(CompletableFuture<Integer> closed) implements WebSocket.Listener {

		@Override
		public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
			this.closed.complete(code);
			return null;
		}

	}

}
