package io.github.mcpwss.autoconfigure;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.github.mcpwss.testing.ReceivedClientHello;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * What clients say first, as it is on the wire.
 */
@Tag("engine")
class ClientHelloTests {

	@ParameterizedTest
	@CsvSource(nullValues = "none",
			value = { "mcp.example.com,none,mcp.example.com", "MCP.Example.COM,none,MCP.Example.COM",
					"mcp.example.com.,none,mcp.example.com", "xn--bcher-kva.example,none,xn--bcher-kva.example",
					"mcp-server,none,mcp-server", "localhost,none,localhost", "127.0.0.1,none,none", "[::1],none,none",
					"[fe80::1%251],none,none", "127.0.0.1,mcp.example.com,mcp.example.com",
					"[::1],mcp.example.com,mcp.example.com", "other.example.com,mcp.example.com,mcp.example.com",
					"mcp.example.com,mcp,mcp" })
	void nameOfServer(String host, @Nullable String serverName, @Nullable String sent) throws Exception {
		assertThat(hello(host, (serverName != null) ? "tls.server-name=" + serverName : "timeout=10s").serverName())
			.isEqualTo(sent);
	}

	@Test
	void nothingIsOfferedButWhatIsSafe() throws Exception {
		ReceivedClientHello hello = hello("mcp.example.com");
		assertThat(hello.applicationProtocols()).doesNotContain("h2").isEmpty();
		assertThat(hello.compressionMethods()).containsExactly(0);
		assertThat(hello.supportedVersions().stream().filter((version) -> (version & 0x0F0F) != 0x0A0A))
			.containsExactly(0x0304, 0x0303);
		// TLS 1.3, ECDHE with AEAD, and the signal of RFC 5746
		assertThat(hello.cipherSuites()).isSubsetOf(0x1301, 0x1302, 0x1303, 0xC02B, 0xC02C, 0xC02F, 0xC030, 0xCCA8,
				0xCCA9, 0x00FF);
		// heartbeat
		assertThat(hello.extensions()).doesNotContainKey(15);
	}

	@Test
	void revocationAsksForTheResponseOfTheResponder() throws Exception {
		assertThat(hello("mcp.example.com", "tls.revocation=hard").extensions()).containsKey(5);
	}

	/**
	 * Have a client connect by way of a proxy, which does not have to know the host.
	 */
	private static ReceivedClientHello hello(String host, String... properties) throws Exception {
		try (ServerSocket proxy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			CompletableFuture<ReceivedClientHello> hello = new CompletableFuture<>();
			Thread thread = new Thread(() -> serve(proxy, hello), "proxy");
			thread.setDaemon(true);
			thread.start();
			Contexts.any()
				.withPropertyValues("mcp.websocket.url=" + URI.create("wss://" + host + ":8443/mcp"),
						"mcp.websocket.proxy.type=http", "mcp.websocket.proxy.host=127.0.0.1",
						"mcp.websocket.proxy.port=" + proxy.getLocalPort())
				.withPropertyValues(prefixed(properties))
				.run((context) -> {
					McpClientTransport transport = context.getBean(McpClientTransport.class);
					assertThatException().isThrownBy(() -> transport.connect((received) -> received)
						.then(transport.sendMessage(new JSONRPCNotification("notifications/test")))
						.block(Duration.ofSeconds(20)));
				});
			return hello.get();
		}
	}

	private static String[] prefixed(String[] properties) {
		String[] prefixed = new String[properties.length];
		for (int i = 0; i < properties.length; i++) {
			prefixed[i] = "mcp.websocket." + properties[i];
		}
		return prefixed;
	}

	private static void serve(ServerSocket proxy, CompletableFuture<ReceivedClientHello> hello) {
		try (Socket socket = proxy.accept()) {
			socket.setSoTimeout(10_000);
			StringBuilder request = new StringBuilder();
			while (request.indexOf("\r\n\r\n") < 0) {
				request.append((char) socket.getInputStream().read());
			}
			socket.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			hello.complete(ReceivedClientHello.read(socket));
			// a fatal alert: access_denied
			socket.getOutputStream().write(new byte[] { 21, 3, 3, 0, 2, 2, 49 });
		}
		catch (IOException ex) {
			hello.completeExceptionally(ex);
		}
	}

}
