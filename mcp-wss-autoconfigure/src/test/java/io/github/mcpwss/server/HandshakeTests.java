package io.github.mcpwss.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.github.mcpwss.testing.Hosting;
import io.github.mcpwss.testing.RawMcpClient;
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
 * Handshakes, byte by byte: subprotocol, extensions, origin, places.
 */
@ParameterizedClass
@EnumSource(Hosting.class)
class HandshakeTests {

	@Parameter
	Hosting hosting;

	private static TestServer server;

	@BeforeParameterizedClassInvocation
	static void start(Hosting hosting) {
		server = hosting.start(WssServer.settings().build(), List.of("https://listed.example"));
		serve(server);
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	private static void serve(TestServer server) {
		McpServer.sync(server.provider()).serverInfo("test", "1").tools(TestTools.echo()).build();
	}

	@ParameterizedTest
	@ValueSource(strings = { "mcp", "other, mcp, another", "mcp,other" })
	void subprotocolIsSelectedWhereOffered(String offer) {
		try (RawWebSocket socket = RawWebSocket.open(server, "Sec-WebSocket-Protocol: " + offer)) {
			assertThat(socket.headers()).containsEntry("Sec-WebSocket-Protocol", "mcp");
		}
	}

	@Test
	void subprotocolIsSelectedFromSeveralHeaderLines() {
		try (RawWebSocket socket = RawWebSocket.open(server, "Sec-WebSocket-Protocol: other",
				"Sec-WebSocket-Protocol: mcp")) {
			assertThat(socket.headers()).containsEntry("Sec-WebSocket-Protocol", "mcp");
		}
	}

	@Test
	void noSubprotocolIsAcceptedWithoutOne() {
		try (RawWebSocket socket = RawWebSocket.open(server)) {
			assertThat(socket.headers()).doesNotContainKey("Sec-WebSocket-Protocol")
				.containsEntry("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
			new RawMcpClient(socket).initialize();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "other", "mcp2", "graphql-ws, soap" })
	void unknownSubprotocolIsNotSelected(String offer) {
		try (RawWebSocket socket = RawWebSocket.open(server, "Sec-WebSocket-Protocol: " + offer)) {
			assertThat(socket.headers()).doesNotContainKey("Sec-WebSocket-Protocol");
		}
	}

	@Test
	void compressionIsNotNegotiated() {
		try (RawWebSocket socket = RawWebSocket.open(server,
				"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits")) {
			assertThat(socket.headers()).doesNotContainKey("Sec-WebSocket-Extensions");
			new RawMcpClient(socket).initialize();
		}
	}

	@Test
	void sameOriginPasses() {
		try (RawWebSocket socket = RawWebSocket.handshake(server, "Origin: https://localhost:" + server.port())) {
			assertThat(socket.status()).isEqualTo(101);
		}
	}

	@Test
	void listedOriginPasses() {
		try (RawWebSocket socket = RawWebSocket.handshake(server, "Origin: https://listed.example")) {
			assertThat(socket.status()).isEqualTo(101);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://evil.example", "null", "https://localhost", "http://localhost:PORT",
			"https://localhost:PORT.evil.example", "https://localhost.evil.example:PORT",
			"https://evil.example/https://listed.example", "https://127.0.0.1:PORT", "http://listed.example",
			"https://listed.example:8443", "file://", "garbage", "http://[", "https://%zz", "//localhost:PORT", "*" })
	void foreignOriginIsForbidden(String origin) {
		try (RawWebSocket socket = RawWebSocket.handshake(server,
				"Origin: " + origin.replace("PORT", String.valueOf(server.port())))) {
			assertThat(socket.status()).isEqualTo(403);
			assertThat(socket.headers()).doesNotContainKey("Sec-WebSocket-Accept");
		}
	}

	@Test
	void withoutAnMcpServerTheServiceIsUnavailable() {
		try (TestServer empty = this.hosting.start(); RawWebSocket socket = RawWebSocket.handshake(empty)) {
			assertThat(socket.status()).isEqualTo(503);
			assertThat(socket.headers()).containsKey("Retry-After");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "close", "reset", "end" })
	void placeIsFreeAgainAfterTheSocket(String end) {
		try (TestServer small = this.hosting.start(WssServer.settings().maxConnections(2).build())) {
			serve(small);
			try (RawWebSocket first = RawWebSocket.open(small); RawWebSocket second = RawWebSocket.open(small)) {
				// A servlet container answers the handshake before it opens the socket.
				await().until(() -> small.provider().getConnectionCount() == 2);
				try (RawWebSocket third = RawWebSocket.handshake(small)) {
					assertThat(third.status()).isEqualTo(503);
					assertThat(third.headers()).containsKey("Retry-After");
				}
				assertThat(small.provider().getConnectionCount()).isEqualTo(2);
				switch (end) {
					case "close" -> {
						first.sendClose(1000);
						assertThat(first.readClose()).isEqualTo(1000);
					}
					case "reset" -> first.reset();
					default -> first.close();
				}
				await().atMost(Duration.ofSeconds(5)).until(() -> small.provider().getConnectionCount() == 1);
				try (RawMcpClient third = RawMcpClient.initialized(small)) {
					third.call("1", "echo", "here");
					assertThat(RawMcpClient.text(third.response("1"))).isEqualTo("here");
				}
				second.sendText("{");
				assertThat(second.readText()).contains("-32700");
			}
		}
	}

	@Test
	void limitHoldsAgainstManyAtOnce() throws Exception {
		int limit = 5;
		int clients = 60;
		try (TestServer small = this.hosting.start(WssServer.settings().maxConnections(limit).build())) {
			serve(small);
			ExecutorService executor = Executors.newFixedThreadPool(clients);
			List<RawWebSocket> sockets = new ArrayList<>();
			try {
				CountDownLatch start = new CountDownLatch(clients);
				List<Future<RawWebSocket>> handshakes = new ArrayList<>();
				for (int i = 0; i < clients; i++) {
					handshakes.add(executor.submit(() -> {
						start.countDown();
						start.await(5, TimeUnit.SECONDS);
						return RawWebSocket.handshake(small);
					}));
				}
				for (Future<RawWebSocket> handshake : handshakes) {
					sockets.add(handshake.get(10, TimeUnit.SECONDS));
				}
				int served = 0;
				for (RawWebSocket socket : sockets) {
					if (socket.status() == 101) {
						served += isServed(socket) ? 1 : 0;
					}
					else {
						assertThat(socket.status()).isEqualTo(503);
					}
				}
				assertThat(served).isEqualTo(limit);
				assertThat(small.provider().getConnectionCount()).isEqualTo(limit);
			}
			finally {
				sockets.forEach(RawWebSocket::close);
				executor.shutdownNow();
			}
		}
	}

	private static boolean isServed(RawWebSocket socket) {
		socket.sendText("{}");
		RawWebSocket.Frame frame = socket.read();
		if (frame.opcode() == RawWebSocket.CLOSE) {
			assertThat(frame.closeCode()).isEqualTo(1013);
			return false;
		}
		return true;
	}

}
