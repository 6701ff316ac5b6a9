package io.github.mcpwss.autoconfigure;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

import io.github.mcpwss.tls.TestCertificates;
import io.github.mcpwss.tls.TestCertificates.Issued;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Servers of applications that speak HTTP/2, too.
 */
@Tag("engine")
class Http2ServerTests {

	private final Applications applications = new Applications();

	@TempDir
	private Path directory;

	@AfterEach
	void close() {
		this.applications.close();
	}

	@ParameterizedTest
	@EnumSource(WebApplicationType.class)
	void clientsThatOfferHttp11OrNothingGetTheirSocket(WebApplicationType type) throws IOException {
		TestCertificates authority = TestCertificates.authority("CA");
		Issued identity = authority.issue("localhost");
		int port = Applications.endpointPort(
				this.applications.run(new SpringApplicationBuilder(Applications.ServerApplication.class).web(type),
						new String[0], "server.port=0", "server.address=127.0.0.1", "server.http2.enabled=true",
						"server.shutdown=immediate", "mcp.websocket.server-mode=true",
						"mcp.websocket.tls.cert-path="
								+ identity.writeCertificateTo(this.directory.resolve("server.crt")),
						"mcp.websocket.tls.key-path=" + identity.writeKeyTo(this.directory.resolve("server.key")),
						(type == WebApplicationType.NONE) ? "mcp.websocket.url=wss://127.0.0.1:0" : "a=b"));
		assertThat(Applications.echo(
				this.applications.client(port,
						"mcp.websocket.tls.ca-cert-path=" + authority.writeTo(this.directory.resolve("ca.crt"))),
				"hello"))
			.isEqualTo("hello");
		assertThat(upgrade(port, "http/1.1")).endsWith(": HTTP/1.1 101");
		assertThat(upgrade(port, "h2", "http/1.1"))
			.isEqualTo((type == WebApplicationType.NONE) ? ": HTTP/1.1 101" : "h2: ");
	}

	/**
	 * Ask for a socket.
	 * @return the application protocol that was negotiated, and the beginning of the
	 * answer where it is not HTTP/2
	 */
	private static String upgrade(int port, String... protocols) throws IOException {
		try (SSLSocket socket = (SSLSocket) insecureContext().getSocketFactory()
			.createSocket(InetAddress.getLoopbackAddress(), port)) {
			socket.setSoTimeout(10_000);
			SSLParameters parameters = socket.getSSLParameters();
			parameters.setApplicationProtocols(protocols);
			socket.setSSLParameters(parameters);
			socket.startHandshake();
			String protocol = socket.getApplicationProtocol() + ": ";
			if (protocol.startsWith("h2")) {
				return protocol;
			}
			socket.getOutputStream()
				.write(("GET /mcp HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
						+ "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
						+ "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
					.getBytes(StandardCharsets.US_ASCII));
			return protocol + new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
		}
	}

	private static SSLContext insecureContext() {
		try {
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
			return context;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
