package io.github.mcpwss.autoconfigure;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

import io.github.mcpwss.testing.ScriptedServer;
import io.github.mcpwss.testing.TestTls;
import io.modelcontextprotocol.client.McpSyncClient;
import org.junit.jupiter.api.Test;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * What a user reads when the server cannot be reached while the application starts.
 */
class ConnectFailureAnalysisTests {

	private static FailureAnalysis connectTo(String url) {
		try (Applications applications = new Applications()) {
			ConfigurableApplicationContext client = applications.client(url);
			return Failures.analyze(catchThrowable(() -> client.getBean(McpSyncClient.class).initialize()));
		}
	}

	@Test
	void refusedConnection() throws IOException {
		int port;
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			port = socket.getLocalPort();
		}
		FailureAnalysis analysis = connectTo("wss://localhost:" + port);
		assertThat(analysis.getDescription()).startsWith("Could not connect to wss://localhost:" + port + "/mcp: ")
			.contains("Connection refused");
		assertThat(analysis.getAction()).contains("mcp.websocket.url has its host and port");
	}

	@Test
	void untrustedServer() {
		try (ScriptedServer server = ScriptedServer.overTls(new TestTls(), (peer) -> peer.hang())) {
			FailureAnalysis analysis = connectTo(server.uri().toString());
			assertThat(analysis.getDescription()).contains("TLS handshake failed: unknown issuer");
			assertThat(analysis.getAction()).contains("mcp.websocket.tls");
		}
	}

	@Test
	void plainServer() {
		try (ScriptedServer server = ScriptedServer.plain((peer) -> {
			peer.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
			peer.hang();
		})) {
			FailureAnalysis analysis = connectTo("wss://localhost:" + server.port());
			assertThat(analysis.getDescription()).contains("does not speak TLS on this port");
		}
	}

}
