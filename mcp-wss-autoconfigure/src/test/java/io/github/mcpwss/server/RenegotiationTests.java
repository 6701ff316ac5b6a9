package io.github.mcpwss.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLSocket;

import io.github.mcpwss.testing.Hosting;
import io.github.mcpwss.testing.RawMcpClient;
import io.github.mcpwss.testing.TestServer;
import io.github.mcpwss.testing.TestTools;
import io.modelcontextprotocol.server.McpServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Clients that want TLS 1.2 to be negotiated again.
 */
@Tag("engine")
@ParameterizedClass
@EnumSource(Hosting.class)
class RenegotiationTests {

	@Parameter
	Hosting hosting;

	private static TestServer server;

	@BeforeParameterizedClassInvocation
	static void start(Hosting hosting) {
		server = hosting.start();
		McpServer.sync(server.provider()).serverInfo("test", "1").tools(TestTools.echo()).build();
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void renegotiationIsRefused(boolean upgraded) throws Exception {
		AtomicInteger handshakes = new AtomicInteger();
		try (SSLSocket socket = (SSLSocket) server.tls()
			.clientContext()
			.getSocketFactory()
			.createSocket(InetAddress.getLoopbackAddress(), server.port())) {
			socket.setSoTimeout(500);
			socket.setEnabledProtocols(new String[] { "TLSv1.2" });
			socket.startHandshake();
			if (upgraded) {
				upgrade(socket);
			}
			socket.addHandshakeCompletedListener((event) -> handshakes.incrementAndGet());
			// Only asks for it: the answer is read below.
			socket.startHandshake();
			assertThat(endsOrStays(socket)).isTrue();
		}
		assertThat(handshakes).hasValue(0);
		try (RawMcpClient other = RawMcpClient.initialized(server)) {
			other.call("1", "echo", "served");
			assertThat(RawMcpClient.text(other.response("1"))).isEqualTo("served");
		}
	}

	private static void upgrade(SSLSocket socket) throws IOException {
		socket.getOutputStream()
			.write(("GET /mcp HTTP/1.1\r\nHost: localhost:" + server.port()
					+ "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
					+ "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
				.getBytes(StandardCharsets.US_ASCII));
		StringBuilder head = new StringBuilder();
		while (head.indexOf("\r\n\r\n") < 0) {
			head.append((char) socket.getInputStream().read());
		}
		assertThat(head.toString()).startsWith("HTTP/1.1 101");
	}

	/**
	 * Read until the connection ends, or nothing has come for a while.
	 * @param socket the connection
	 * @return {@code true} if that was in time
	 */
	private static boolean endsOrStays(SSLSocket socket) {
		long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
		try {
			int read = 0;
			while (read >= 0 && System.nanoTime() < deadline) {
				read = socket.getInputStream().read();
			}
			return read < 0;
		}
		catch (SocketTimeoutException ex) {
			return true;
		}
		catch (IOException ex) {
			return true;
		}
	}

}
