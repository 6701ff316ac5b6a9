package io.github.mcpwss.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.mcpwss.client.ClientSettings;
import io.github.mcpwss.client.ConnectStep;
import io.github.mcpwss.client.McpWebSocketConnectException;
import io.github.mcpwss.client.ReconnectSettings;
import io.github.mcpwss.testing.ScriptedServer;
import io.github.mcpwss.testing.ScriptedServer.Frame;
import io.github.mcpwss.testing.ScriptedServer.Peer;
import io.github.mcpwss.testing.TcpProxy;
import io.github.mcpwss.testing.TestTls;
import io.github.mcpwss.testing.WssClient;
import io.modelcontextprotocol.client.McpAsyncClient;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * All that may happen to a server in a week, one after the other, and one client that
 * stays: how each of its calls ends, and that it comes back each time.
 */
class WeekInAMinuteTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(2);

	private static final Duration HEARTBEAT = Duration.ofSeconds(1);

	/**
	 * What a call may take over what it has to wait for, on a machine that is busy.
	 */
	private static final Duration SLACK = Duration.ofSeconds(5);

	private static final CallToolRequest ECHO = CallToolRequest.builder("echo").arguments(Map.of()).build();

	private static final CallToolRequest HANG = CallToolRequest.builder("hang").arguments(Map.of()).build();

	private final TestTls tls = new TestTls();

	private final AtomicInteger hanging = new AtomicInteger();

	private final ScriptedServer healthy = ScriptedServer.overTls(this.tls, this::serve);

	private final ScriptedServer dying = ScriptedServer.overTls(this.tls, (peer) -> {
		peer.upgrade();
		peer.readText();
	});

	private final ScriptedServer hangingInTls = ScriptedServer.plain((peer) -> peer.hang());

	private final ScriptedServer hangingInTheHandshake = ScriptedServer.overTls(this.tls, (peer) -> {
		peer.readRequest();
		peer.hang();
	});

	private final ScriptedServer overloaded = ScriptedServer.overTls(this.tls, (peer) -> {
		peer.readRequest();
		peer.write("HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n");
		peer.hang();
	});

	private final ScriptedServer withAnotherCertificate = ScriptedServer.overTls(new TestTls(), (peer) -> peer.hang());

	private final TcpProxy network = new TcpProxy(this.healthy.port());

	private final WssClient clients = new WssClient(this.tls);

	private McpAsyncClient client;

	@BeforeEach
	void connect() {
		ClientSettings settings = new ClientSettings(URI.create("wss://localhost:" + this.network.port() + "/mcp"),
				TIMEOUT, 100_000, HEARTBEAT, new HttpHeaders())
			.withReconnect(new ReconnectSettings(-1, Duration.ofMillis(50), Duration.ZERO));
		this.client = McpClient.async(this.clients.transport(settings)).requestTimeout(Duration.ofMinutes(1)).build();
		this.client.initialize().block(Duration.ofSeconds(10));
	}

	@AfterEach
	void close() {
		this.client.close();
		this.clients.close();
		this.network.close();
		for (ScriptedServer server : new ScriptedServer[] { this.healthy, this.dying, this.hangingInTls,
				this.hangingInTheHandshake, this.overloaded, this.withAnotherCertificate }) {
			server.close();
		}
	}

	private void serve(Peer peer) throws IOException {
		peer.upgrade();
		peer.initialize();
		while (true) {
			Frame frame = peer.read();
			String text = frame.text();
			if (frame.opcode() == 9) {
				peer.sendFrame(0x8a, frame.payload());
			}
			else if (text.contains("\"hang\"")) {
				this.hanging.incrementAndGet();
			}
			else if (frame.opcode() == 1) {
				peer.sendText("{\"jsonrpc\":\"2.0\",\"id\":" + text.replaceAll(".*\"id\":(\\d+).*", "$1")
						+ ",\"result\":{\"content\":[]}}");
			}
		}
	}

	@Test
	void everyCallEndsAndTheClientComesBack() throws Exception {
		lives("no server there", () -> goTo(closedPort()), ConnectStep.TLS_HANDSHAKE, "");
		lives("server accepts and dies", () -> goTo(this.dying.port()), ConnectStep.MCP_INITIALIZE,
				"MCP initialize failed after the reconnect");
		lives("server hangs in TLS", () -> goTo(this.hangingInTls.port()), ConnectStep.TLS_HANDSHAKE,
				"TLS handshake was not finished within 2000 ms");
		lives("server hangs in the handshake", () -> goTo(this.hangingInTheHandshake.port()),
				ConnectStep.WEBSOCKET_HANDSHAKE, "WebSocket handshake was not finished within 2000 ms");
		lives("server is overloaded", () -> goTo(this.overloaded.port()), ConnectStep.WEBSOCKET_HANDSHAKE,
				"HTTP 503 Service Unavailable instead of the WebSocket handshake; retry after 1 s");
		lives("server has another certificate", () -> goTo(this.withAnotherCertificate.port()),
				ConnectStep.TLS_HANDSHAKE, "TLS handshake failed");
		lives("network drops packets", () -> this.network.drop(true), null, "");
		assertThat(this.healthy.accepted()).as("sockets of eight good times").isGreaterThanOrEqualTo(8);
	}

	private void goTo(int port) {
		this.network.retarget(port);
		this.network.cut();
	}

	private static int closedPort() {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Let something happen while a call is in flight, call until a call tells of it, and
	 * let it be over.
	 */
	private void lives(String what, Runnable event, @Nullable ConnectStep step, String words) throws Exception {
		awaitGoodTime(what + " to be over before");
		int calls = this.hanging.get();
		CompletableFuture<CallToolResult> inFlight = this.client.callTool(HANG).toFuture();
		await(what).until(() -> this.hanging.get() == calls + 1);
		event.run();
		Throwable lost = failure(what, inFlight, HEARTBEAT.multipliedBy(2));
		assertThat(lost).as(what)
			.isInstanceOf(McpError.class)
			.hasMessageContaining("was lost")
			.hasMessageContaining("the outcome of this call is unknown");
		if (step != null) {
			awaitFailure(what, step, words);
		}
		this.network.drop(false);
		this.network.retarget(this.healthy.port());
		awaitGoodTime(what + " to be over");
	}

	private void awaitGoodTime(String what) {
		await(what).atMost(Duration.ofSeconds(20)).until(() -> call(what) == null);
	}

	private void awaitFailure(String what, ConnectStep step, String words) {
		await(what).atMost(Duration.ofSeconds(20))
			.until(() -> call(what) instanceof McpWebSocketConnectException failure && failure.getStep() == step
					&& failure.getMessage().contains(words));
	}

	private @Nullable Throwable call(String what) {
		return failure(what, this.client.callTool(ECHO).toFuture(), TIMEOUT.multipliedBy(2));
	}

	private static @Nullable Throwable failure(String what, CompletableFuture<CallToolResult> call, Duration limit) {
		try {
			assertThat(call.get(limit.plus(SLACK).toMillis(), TimeUnit.MILLISECONDS).content()).as(what).isEmpty();
			return null;
		}
		catch (ExecutionException ex) {
			return ex.getCause();
		}
		catch (Exception ex) {
			throw new AssertionError(what + ": a call has no end", ex);
		}
	}

}
