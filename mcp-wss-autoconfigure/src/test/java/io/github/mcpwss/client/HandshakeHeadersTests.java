package io.github.mcpwss.client;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.mcpwss.testing.ScriptedServer;
import io.github.mcpwss.testing.TestTls;
import io.github.mcpwss.testing.WssClient;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Headers of handshakes, and who gets to see them.
 */
@ExtendWith(OutputCaptureExtension.class)
class HandshakeHeadersTests {

	private static final String SECRET = "hunter2";

	private final TestTls tls = new TestTls();

	private final WssClient clients = new WssClient(this.tls);

	@AfterEach
	void stop(CapturedOutput output) {
		this.clients.close();
		assertThat(output).doesNotContain(SECRET).doesNotContain("onErrorDropped");
	}

	private static McpWebSocketConnectException connect(McpWebSocketClientTransport transport) {
		return catchThrowableOfType(McpWebSocketConnectException.class,
				() -> transport.connect((message) -> message)
					.then(transport.sendMessage(new JSONRPCNotification("notifications/test")))
					.block(Duration.ofSeconds(10)));
	}

	private static ClientSettings settings(URI uri) {
		HttpHeaders headers = new HttpHeaders();
		headers.set("Authorization", "Bearer " + SECRET);
		return new ClientSettings(uri, Duration.ofSeconds(3), 100_000, Duration.ZERO, headers)
			.withReconnect(new ReconnectSettings(-1, Duration.ofMillis(20), Duration.ZERO));
	}

	@Test
	void customizersAreAskedAnewForEachHandshake() {
		List<String> requests = new CopyOnWriteArrayList<>();
		AtomicInteger token = new AtomicInteger();
		try (ScriptedServer server = ScriptedServer.overTls(this.tls, (peer) -> {
			requests.add(String.join("\n", peer.upgrade()));
			peer.initialize();
			if (requests.size() > 2) {
				peer.hang();
			}
		}); McpSyncClient client = McpClient.sync(this.clients.transport(settings(server.uri()), (handshake) -> {
			handshake.headers().set("Authorization", "Bearer token-" + token.incrementAndGet());
			return Mono.delay(Duration.ofMillis(10)).then();
		}, (handshake) -> Mono.fromRunnable(() -> handshake.headers()
			.set("X-Seen", handshake.uri().getPath() + " " + handshake.headers().getFirst("Authorization")))))
			.build()) {
			client.initialize();
			await().until(() -> requests.size() == 3);
			for (int i = 0; i < 3; i++) {
				assertThat(requests.get(i)).containsIgnoringCase("authorization: Bearer token-" + (i + 1))
					.containsIgnoringCase("x-seen: /mcp Bearer token-" + (i + 1))
					.doesNotContain(SECRET);
			}
		}
	}

	@Test
	void customizerThatTakesTooLongIsCancelledAtTheDeadline() {
		CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
		ClientSettings settings = new ClientSettings(URI.create("wss://localhost:1/mcp"), Duration.ofMillis(300),
				100_000, Duration.ZERO, new HttpHeaders());
		McpWebSocketConnectException failure = connect(this.clients.transport(settings,
				(handshake) -> Mono.<Void>never().doOnCancel(() -> cancelled.complete(true))));
		assertThat(failure.getStep()).isEqualTo(ConnectStep.HANDSHAKE_HEADERS);
		assertThat(failure)
			.hasMessageContaining("Connection timeout: Handshake headers was not finished within 300 ms");
		assertThat(cancelled).succeedsWithin(Duration.ofSeconds(5));
	}

	@Test
	void customizerThatFailsFailsTheCall() {
		ClientSettings settings = settings(URI.create("wss://localhost:1/mcp"));
		for (McpWebSocketHeadersCustomizer customizer : List.<McpWebSocketHeadersCustomizer>of(
				(handshake) -> Mono.error(new IllegalStateException("no token")), (handshake) -> {
					throw new IllegalStateException("no token");
				})) {
			McpWebSocketConnectException failure = connect(this.clients.transport(settings, customizer));
			assertThat(failure.getStep()).isEqualTo(ConnectStep.HANDSHAKE_HEADERS);
			assertThat(failure).hasMessageContaining("Handshake headers failed: no token")
				.hasRootCauseMessage("no token");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer\r\n\r\n", "junk\r\n\r\n", "",
			"HTTP/1.1 302 Found\r\nLocation: /other\r\n\r\n" })
	void secretIsNotTold(String answer) {
		try (ScriptedServer server = ScriptedServer.overTls(this.tls, (peer) -> {
			peer.readRequest();
			peer.write(answer);
		})) {
			ClientSettings settings = settings(URI.create(server.uri() + "?key=" + SECRET));
			McpWebSocketConnectException failure = connect(this.clients.transport(settings));
			assertThat(failure).isNotNull();
			assertThat(stackTrace(failure)).doesNotContain(SECRET);
			assertThat(settings.toString()).doesNotContain(SECRET);
			assertThat(new ClientHandshake(null, settings.uri(), settings.headers()).toString()).doesNotContain(SECRET);
		}
	}

	@Test
	void headerThatIsNoneIsNotTold() {
		try (ScriptedServer server = ScriptedServer.overTls(this.tls, (peer) -> peer.hang())) {
			McpWebSocketConnectException failure = connect(
					this.clients.transport(settings(server.uri()), (handshake) -> Mono
						.fromRunnable(() -> handshake.headers().set("Authorization", SECRET + "\r\nX: y"))));
			assertThat(failure).isNotNull();
			assertThat(stackTrace(failure)).doesNotContain(SECRET);
		}
	}

	private static String stackTrace(Throwable failure) {
		java.io.StringWriter writer = new java.io.StringWriter();
		failure.printStackTrace(new java.io.PrintWriter(writer));
		return writer.toString();
	}

}
