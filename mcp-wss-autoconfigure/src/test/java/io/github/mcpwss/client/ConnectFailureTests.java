package io.github.mcpwss.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

import io.github.mcpwss.testing.ScriptedServer;
import io.github.mcpwss.testing.ScriptedServer.Frame;
import io.github.mcpwss.testing.TestTls;
import io.github.mcpwss.testing.WssClient;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * How connecting fails, against servers that misbehave byte by byte.
 */
class ConnectFailureTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private final TestTls tls = new TestTls();

	private McpWebSocketConnectException connectTo(URI uri) {
		return connectTo(uri, TIMEOUT);
	}

	private McpWebSocketConnectException connectTo(URI uri, Duration timeout) {
		try (WssClient clients = new WssClient(this.tls)) {
			McpWebSocketClientTransport transport = clients
				.transport(new ClientSettings(uri, timeout, 100_000, Duration.ofSeconds(30), new HttpHeaders()));
			long start = System.nanoTime();
			McpWebSocketConnectException failure = catchThrowableOfType(McpWebSocketConnectException.class,
					() -> transport.connect((message) -> message)
						.then(transport.sendMessage(new JSONRPCNotification("notifications/test")))
						.block(timeout.plusSeconds(10)));
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(timeout.plusSeconds(5));
			return failure;
		}
	}

	@Test
	void refusedConnection() throws IOException {
		int port;
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			port = socket.getLocalPort();
		}
		McpWebSocketConnectException failure = connectTo(URI.create("wss://localhost:" + port + "/mcp?token=secret"));
		assertThat(failure.getStep()).isEqualTo(ConnectStep.TCP_CONNECT);
		assertThat(failure).hasMessageContaining("/mcp: Connection refused: localhost/127.0.0.1:" + port)
			.hasMessageNotContaining("secret");
	}

	@Test
	void unknownHost() {
		McpWebSocketConnectException failure = connectTo(URI.create("wss://no-such-host.invalid/mcp"));
		assertThat(failure).hasMessageContaining("host no-such-host.invalid is unknown");
	}

	@Test
	void silenceInTheTlsHandshake() {
		try (ScriptedServer server = ScriptedServer.plain((peer) -> peer.hang())) {
			McpWebSocketConnectException failure = connectTo(URI.create("wss://localhost:" + server.port() + "/mcp"),
					Duration.ofSeconds(2));
			assertThat(failure.getStep()).isEqualTo(ConnectStep.TLS_HANDSHAKE);
			assertThat(failure)
				.hasMessageContaining("Connection timeout: TLS handshake was not finished within 2000 ms");
		}
	}

	@Test
	void silenceInTheWebSocketHandshake() throws Exception {
		CompletableFuture<Boolean> gone = new CompletableFuture<>();
		try (ScriptedServer server = ScriptedServer.overTls(this.tls, (peer) -> {
			peer.readRequest();
			peer.hang();
			gone.complete(true);
		})) {
			McpWebSocketConnectException failure = connectTo(server.uri(), Duration.ofSeconds(3));
			assertThat(failure.getStep()).isEqualTo(ConnectStep.WEBSOCKET_HANDSHAKE);
			assertThat(failure).hasMessageContaining("Connection timeout: WebSocket handshake was not finished");
			assertThat(gone).as("connection is closed, not leaked").succeedsWithin(Duration.ofSeconds(5));
		}
	}

	@Test
	void serverWithoutTls() {
		try (ScriptedServer server = ScriptedServer.plain((peer) -> {
			peer.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
			peer.hang();
		})) {
			McpWebSocketConnectException failure = connectTo(URI.create("wss://localhost:" + server.port() + "/mcp"));
			assertThat(failure).hasMessageContaining("TLS handshake failed");
		}
	}

	@ParameterizedTest
	@CsvSource({ "401 Unauthorized", "403 Forbidden", "404 Not Found", "503 Service Unavailable", "200 OK" })
	void httpAnswer(String status) {
		try (ScriptedServer server = ScriptedServer.overTls(this.tls, (peer) -> {
			peer.readRequest();
			peer.write("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n");
			peer.hang();
		})) {
			McpWebSocketConnectException failure = connectTo(server.uri());
			assertThat(failure.getStep()).isEqualTo(ConnectStep.WEBSOCKET_HANDSHAKE);
			assertThat(failure).hasMessageContaining("server answered HTTP " + status);
		}
	}

	@Test
	void redirectIsNotFollowed() {
		try (ScriptedServer plain = ScriptedServer.plain((peer) -> peer.upgrade());
				ScriptedServer server = ScriptedServer.overTls(this.tls, (peer) -> {
					peer.readRequest();
					peer.write("HTTP/1.1 302 Found\r\nLocation: " + plain.uri() + "\r\nContent-Length: 0\r\n\r\n");
					peer.hang();
				})) {
			McpWebSocketConnectException failure = connectTo(server.uri());
			assertThat(failure).hasMessageContaining("302").hasMessageContaining("redirects are not followed");
			assertThat(plain.accepted()).isZero();
		}
	}

	@Test
	void failureReachesTheCallThatNeededTheConnection() {
		try (ScriptedServer server = ScriptedServer.overTls(this.tls, (peer) -> {
			peer.readRequest();
			peer.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
			peer.hang();
		}); WssClient clients = new WssClient(this.tls)) {
			try (McpSyncClient client = McpClient.sync(clients.transport(server.uri())).build()) {
				assertThatExceptionOfType(RuntimeException.class).isThrownBy(client::initialize)
					.withCauseInstanceOf(McpWebSocketConnectException.class)
					.withStackTraceContaining("403 Forbidden");
			}
			assertThat(server.accepted()).as("one attempt").isOne();
		}
	}

	@Test
	void largeFrameAndFragmentsCutInsideACodePoint() {
		String big = "grüße 🚀 ".repeat(20_000);
		try (ScriptedServer server = ScriptedServer.overTls(this.tls, (peer) -> {
			peer.upgrade("Sec-WebSocket-Protocol: mcp\r\n");
			peer.initialize();
			peer.readText();
			peer.sendText("{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"" + big
					+ "\"}]}}");
			peer.readText();
			byte[] text = ("{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"" + big
					+ "\"}]}}")
				.getBytes(StandardCharsets.UTF_8);
			int at = 0;
			while (at < text.length) {
				int end = Math.min(text.length, at + 4099);
				peer.sendFrame(((at == 0) ? 0x01 : 0x00) | ((end == text.length) ? 0x80 : 0x00),
						Arrays.copyOfRange(text, at, end));
				peer.sendFrame(0x89, new byte[] { 1 });
				at = end;
			}
			peer.hang();
		}); WssClient clients = new WssClient(this.tls)) {
			try (McpSyncClient client = McpClient.sync(clients.transport(server.uri())).build()) {
				client.initialize();
				for (int i = 0; i < 2; i++) {
					TextContent content = (TextContent) client.callTool(CallToolRequest.builder("x").build())
						.content()
						.get(0);
					assertThat(content.text()).isEqualTo(big);
				}
			}
		}
	}

	@ParameterizedTest
	@CsvSource({ "true", "false" })
	void messageOverTheLimitClosesWith1009(boolean fragmented) {
		CompletableFuture<Integer> code = new CompletableFuture<>();
		byte[] part = new byte[60_000];
		Arrays.fill(part, (byte) ' ');
		try (ScriptedServer server = ScriptedServer.overTls(this.tls, (peer) -> {
			peer.upgrade();
			peer.initialize();
			peer.readText();
			if (fragmented) {
				peer.sendFrame(0x01, part);
				peer.sendFrame(0x80, part);
			}
			else {
				// The header is enough, and with more on its way the close frame is lost.
				peer.sendFrame(0x81, 120_000, new byte[10]);
			}
			Frame frame = peer.read();
			code.complete((frame.opcode() == 8) ? frame.closeCode() : -1);
		}); WssClient clients = new WssClient(this.tls)) {
			ClientSettings settings = new ClientSettings(server.uri(), Duration.ofSeconds(5), 100_000,
					Duration.ofSeconds(30), new HttpHeaders());
			try (McpSyncClient client = McpClient.sync(clients.transport(settings)).build()) {
				client.initialize();
				assertThatExceptionOfType(RuntimeException.class)
					.isThrownBy(() -> client.callTool(CallToolRequest.builder("x").build()))
					.withMessageContaining("the outcome of this call is unknown");
				assertThat(code).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(1009);
			}
		}
	}

	@Test
	void binaryMessageClosesWith1003() {
		CompletableFuture<Integer> code = new CompletableFuture<>();
		try (ScriptedServer server = ScriptedServer.overTls(this.tls, (peer) -> {
			peer.upgrade();
			peer.initialize();
			peer.sendFrame(0x82, new byte[10]);
			Frame frame = peer.read();
			code.complete((frame.opcode() == 8) ? frame.closeCode() : -1);
		}); WssClient clients = new WssClient(this.tls)) {
			try (McpSyncClient client = McpClient.sync(clients.transport(server.uri())).build()) {
				client.initialize();
				assertThat(code).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(1003);
			}
		}
	}

	@Test
	void serverThatDoesNotReadFailsCallsBeforeTheyPileUp() {
		CompletableFuture<Void> done = new CompletableFuture<>();
		try (ScriptedServer server = ScriptedServer.overTls(this.tls, (peer) -> {
			peer.upgrade();
			peer.initialize();
			done.join();
		}); WssClient clients = new WssClient(this.tls)) {
			ClientSettings settings = new ClientSettings(server.uri(), Duration.ofSeconds(5), 1024 * 1024,
					Duration.ofSeconds(30), new HttpHeaders());
			McpWebSocketClientTransport transport = clients.transport(settings);
			try (McpSyncClient client = McpClient.sync(transport).build()) {
				client.initialize();
				JSONRPCNotification big = new JSONRPCNotification("notifications/test",
						Map.of("x", "x".repeat(900_000)));
				Throwable failure = null;
				int sent = 0;
				while (failure == null && sent < 1000) {
					failure = catchThrowable(() -> transport.sendMessage(big).block(Duration.ofSeconds(5)));
					sent += (failure != null) ? 0 : 1;
				}
				assertThat(failure).hasMessageContaining("Server reads too slowly: over 4194304 bytes wait to be sent");
				// four wait here, the others in the buffers of the operating system
				assertThat(sent).isBetween(4, 30);
			}
			finally {
				done.complete(null);
			}
		}
	}

	@Test
	void largeFrameThatIsLongOnItsWayIsASignOfLife() {
		try (ScriptedServer server = ScriptedServer.overTls(this.tls, (peer) -> {
			peer.upgrade();
			peer.initialize();
			peer.readText();
			byte[] text = "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"content\":[]}}".getBytes(StandardCharsets.UTF_8);
			byte[] header = { (byte) 0x81, (byte) text.length };
			peer.write(header);
			for (byte b : text) {
				LockSupport.parkNanos(Duration.ofMillis(30).toNanos());
				peer.write(new byte[] { b });
			}
			peer.hang();
		}); WssClient clients = new WssClient(this.tls)) {
			ClientSettings settings = new ClientSettings(server.uri(), Duration.ofSeconds(5), 100_000,
					Duration.ofMillis(200), new HttpHeaders());
			try (McpSyncClient client = McpClient.sync(clients.transport(settings)).build()) {
				client.initialize();
				assertThat(client.callTool(CallToolRequest.builder("x").build()).content()).isEmpty();
			}
		}
	}

}
