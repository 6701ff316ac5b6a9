package io.github.mcpwss.autoconfigure;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What applications of each kind say about handshakes takes effect.
 */
@ParameterizedClass
@EnumSource(WebApplicationType.class)
class HandshakeApplicationTests {

	private final Applications applications = new Applications();

	@Parameter
	WebApplicationType type;

	@AfterEach
	void close() {
		this.applications.close();
	}

	@Test
	void hostThatIsNotAllowedIsRefused() throws IOException {
		ConfigurableApplicationContext server = this.applications.offloadedServer(this.type,
				"mcp.websocket.allowed-hosts=mcp.example,other.example:8443");
		assertThat(statusLine(server, "mcp.example")).startsWith("HTTP/1.1 101");
		assertThat(statusLine(server, "other.example:8443")).startsWith("HTTP/1.1 101");
		assertThat(statusLine(server, "other.example")).startsWith("HTTP/1.1 421");
		assertThat(statusLine(server, "localhost:" + Applications.endpointPort(server))).startsWith("HTTP/1.1 421");
	}

	@Test
	void onlyHostsOfLoopbackAreAllowedOnLoopbackByDefault() throws IOException {
		ConfigurableApplicationContext server = this.applications.offloadedServer(this.type);
		int port = Applications.endpointPort(server);
		assertThat(statusLine(server, "localhost:" + port)).startsWith("HTTP/1.1 101");
		assertThat(statusLine(server, "rebound.example:" + port)).startsWith("HTTP/1.1 421");
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET /mcp HT", "GET /mcp HTTP/1.1\r\nX-Slow: " })
	void drippingRequestIsCutAfterTimeout(String start) throws IOException {
		ConfigurableApplicationContext server = this.applications.offloadedServer(this.type, "mcp.websocket.timeout=1");
		try (Socket socket = connect(server)) {
			write(socket, start);
			socket.setSoTimeout(100);
			Awaitility.await().pollInterval(Duration.ofMillis(1)).until(() -> {
				try {
					write(socket, "x");
					return socket.getInputStream().read() < 0;
				}
				catch (SocketTimeoutException ex) {
					return false;
				}
				catch (IOException ex) {
					return true;
				}
			});
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "GET /mcp HT", "GET /mcp HTTP/1.1\r\nX-Half" })
	void requestThatStopsIsCutWhereTomcatPutsUpWithSilence(String start) throws IOException {
		ConfigurableApplicationContext server = this.applications.offloadedServer(this.type, "mcp.websocket.timeout=1",
				"server.tomcat.connection-timeout=-1");
		try (Socket socket = connect(server)) {
			write(socket, start);
			socket.setSoTimeout(10_000);
			// Whatever Tomcat may answer before.
			socket.getInputStream().readAllBytes();
		}
	}

	private static Socket connect(ConfigurableApplicationContext server) throws IOException {
		return new Socket(InetAddress.getLoopbackAddress(), Applications.endpointPort(server));
	}

	private static void write(Socket socket, String text) throws IOException {
		socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
		socket.getOutputStream().flush();
	}

	private static String statusLine(ConfigurableApplicationContext server, String host) throws IOException {
		try (Socket socket = connect(server)) {
			socket.setSoTimeout(10_000);
			write(socket,
					"GET /mcp HTTP/1.1\r\nHost: " + host
							+ "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
							+ "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
			return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
				.readLine();
		}
	}

}
