package io.github.mcpwss.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import javax.net.ssl.SSLSocket;

import io.github.mcpwss.testing.Hosting;
import io.github.mcpwss.testing.RawMcpClient;
import io.github.mcpwss.testing.ServerSetup;
import io.github.mcpwss.testing.TestServer;
import io.github.mcpwss.testing.TestTools;
import io.modelcontextprotocol.server.McpServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Connections that never become a socket.
 */
@ParameterizedClass
@EnumSource(Hosting.class)
class HandshakeTimeoutTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(2);

	/**
	 * How late an end may be on a busy machine, far below any limit that would end the
	 * connection otherwise.
	 */
	private static final Duration SLACK = Duration.ofSeconds(6);

	@Parameter
	Hosting hosting;

	private static TestServer server;

	@BeforeParameterizedClassInvocation
	static void start(Hosting hosting) {
		server = hosting.start(ServerSetup.defaults().withHandshakeTimeout(TIMEOUT));
		McpServer.sync(server.provider()).serverInfo("test", "1").tools(TestTools.echo()).build();
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	@Test
	void connectionsThatNeverBecomeASocketAreClosed() throws IOException {
		// A record that holds the beginning of a ClientHello.
		byte[] halfHello = { 22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xFC, 3, 3, 7, 7, 7 };
		byte[] halfRecord = { 23, 3, 3, 64, 0 };
		String head = "GET /mcp HTTP/1.1\r\nHost: localhost:" + server.port() + "\r\n";
		List<Attempt> attempts = List.of(new Attempt("silence", connect(), new byte[0], ""),
				new Attempt("half-open TLS handshake", connect(), halfHello, ""),
				new Attempt("dripping TLS handshake", connect(), halfHello, "x"),
				new Attempt("silence after TLS", connectWithTls(), new byte[0], ""),
				new Attempt("dripping TLS record", belowTls(), halfRecord, "x"),
				new Attempt("dripping blank lines", connectWithTls(), new byte[0], "\r\n"),
				new Attempt("dripping request line", connectWithTls(), ascii("GET /mcp"), "p"),
				new Attempt("dripping header", connectWithTls(), ascii(head + "X-Slow: "), "x"),
				new Attempt("silence after half a header", connectWithTls(), ascii(head + "X-Half"), ""));
		long deadline = System.nanoTime() + TIMEOUT.plus(SLACK).toNanos();
		List<Attempt> open = new ArrayList<>(attempts);
		while (!open.isEmpty() && System.nanoTime() < deadline) {
			open.removeIf(Attempt::hasEnded);
		}
		for (Attempt attempt : attempts) {
			attempt.socket().close();
		}
		assertThat(open).extracting(Attempt::name).isEmpty();
		try (RawMcpClient other = RawMcpClient.initialized(server)) {
			other.call("1", "echo", "served");
			assertThat(RawMcpClient.text(other.response("1"))).isEqualTo("served");
		}
	}

	@Test
	void socketOutlivesTheTimeout() {
		try (RawMcpClient client = RawMcpClient.initialized(server)) {
			await().pollDelay(TIMEOUT.plusMillis(500)).until(() -> true);
			client.call("1", "echo", "still here");
			assertThat(RawMcpClient.text(client.response("1"))).isEqualTo("still here");
		}
	}

	private static Socket connect() throws IOException {
		return new Socket(InetAddress.getLoopbackAddress(), server.port());
	}

	private static Socket connectWithTls() throws IOException {
		SSLSocket socket = (SSLSocket) server.tls()
			.clientContext()
			.getSocketFactory()
			.createSocket(InetAddress.getLoopbackAddress(), server.port());
		socket.startHandshake();
		return socket;
	}

	/**
	 * Connect with TLS.
	 * @return the TCP connection below
	 */
	private static Socket belowTls() throws IOException {
		Socket tcp = connect();
		SSLSocket tls = (SSLSocket) server.tls()
			.clientContext()
			.getSocketFactory()
			.createSocket(tcp, "localhost", server.port(), true);
		tls.startHandshake();
		return tcp;
	}

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

	/**
	 * A connection, and what is sent over it again and again.
	 *
	 * @param name what it does
	 * @param socket the connection
	 * @param drip what it sends again and again
	 */
	private record Attempt(String name, Socket socket, String drip) {

		Attempt(String name, Socket socket, byte[] start, String drip) throws IOException {
			this(name, socket, drip);
			socket.setSoTimeout(50);
			socket.getOutputStream().write(start);
			socket.getOutputStream().flush();
		}

		boolean hasEnded() {
			try {
				this.socket.getOutputStream().write(ascii(this.drip));
				this.socket.getOutputStream().flush();
				// Whatever the server may answer before it closes.
				return this.socket.getInputStream().read() < 0;
			}
			catch (SocketTimeoutException ex) {
				return false;
			}
			catch (IOException ex) {
				return true;
			}
		}

	}

}
