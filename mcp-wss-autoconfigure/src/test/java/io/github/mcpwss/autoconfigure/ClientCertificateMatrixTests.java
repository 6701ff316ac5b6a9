package io.github.mcpwss.autoconfigure;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

import javax.net.ssl.TrustManagerFactory;

import io.github.mcpwss.client.ClientSettings;
import io.github.mcpwss.client.McpWebSocketClientTransport;
import io.github.mcpwss.client.McpWebSocketConnectException;
import io.github.mcpwss.client.WebSocketClients;
import io.github.mcpwss.testing.WssClient;
import io.github.mcpwss.testing.WssServer;
import io.github.mcpwss.tls.ForgedCertificate;
import io.github.mcpwss.tls.ServerTrust;
import io.github.mcpwss.tls.ServerTrustManagers;
import io.github.mcpwss.tls.TestCertificates;
import io.github.mcpwss.tls.TestCertificates.Issued;
import io.github.mcpwss.tls.TestRevocation;
import io.github.mcpwss.tls.TlsFailure.Reason;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.boot.ssl.SslOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Every kind of client certificate with every server, and what the client is told.
 */
@Tag("engine")
@ParameterizedClass
@EnumSource(WebApplicationType.class)
class ClientCertificateMatrixTests {

	private static final Issued authority = ForgedCertificate.authority("CA").selfSigned();

	private static final TrustManagerFactory trust = ServerTrustManagers.trustManagerFactory(ServerTrust.AUTHORITIES,
			authority.chain());

	@Parameter
	WebApplicationType type;

	@TempDir
	private static Path directory;

	private static Applications applications;

	private static int port;

	@BeforeParameterizedClassInvocation
	static void start(WebApplicationType type) {
		Issued identity = ForgedCertificate.server("localhost").signedBy(authority);
		TestRevocation revocation = new TestRevocation(authority).revoke(Client.REVOKED.identity.certificate());
		applications = new Applications();
		port = Applications
			.endpointPort(applications.run(new SpringApplicationBuilder(Applications.ServerApplication.class).web(type),
					new String[0], "server.port=0", "server.address=127.0.0.1", "mcp.websocket.server-mode=true",
					"mcp.websocket.tls.cert-path=" + identity.writeCertificateTo(directory.resolve("server.crt")),
					"mcp.websocket.tls.key-path=" + identity.writeKeyTo(directory.resolve("server.key")),
					"mcp.websocket.tls.ca-cert-path=" + authority.writeCertificateTo(directory.resolve("ca.crt")),
					"mcp.websocket.tls.revocation=hard",
					"mcp.websocket.tls.crl-paths=" + revocation.writeListTo(directory.resolve("ca.crl")),
					(type == WebApplicationType.NONE) ? "mcp.websocket.url=wss://127.0.0.1:0" : "a=b"));
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		applications.close();
	}

	@ParameterizedTest
	@EnumSource(Client.class)
	void overTls13(Client client) {
		verify(client, "TLSv1.3", failure(client, "TLSv1.3"));
	}

	@ParameterizedTest
	@EnumSource(Client.class)
	void overTls12(Client client) {
		verify(client, "TLSv1.2", failure(client, "TLSv1.2"));
	}

	private static void verify(Client client, String protocol, @Nullable McpWebSocketConnectException failure) {
		if (client.expected == null) {
			assertThat(failure).isNull();
			return;
		}
		assertThat(failure).isNotNull();
		Optional<Reason> reason = failure.getTlsFailure();
		if (client.expected == Reason.CLIENT_CERTIFICATE_REQUIRED && "TLSv1.2".equals(protocol)) {
			// newer JDKs send handshake_failure, which has other causes too
			assertThat(reason.orElseThrow()).isIn(client.expected, Reason.PROTOCOL_OR_CIPHER);
			assertThat(failure).hasMessageContaining("client certificate");
			return;
		}
		assertThat(reason).as(failure.getMessage()).contains(client.expected);
		if (client.expected == Reason.CLIENT_CERTIFICATE_REFUSED) {
			assertThat(failure).hasMessageContaining("localhost does not accept the client certificate (");
		}
	}

	private static @Nullable McpWebSocketConnectException failure(Client client, String protocol) {
		SslManagerBundle managers = (client.identity != null)
				? SslManagerBundle.of(client.identity.keyManagerFactory(), trust)
				: SslManagerBundle.from(trust.getTrustManagers()[0]);
		SslBundle bundle = SslBundle.of(null, null, SslOptions.of(null, new String[] { protocol }), null, managers);
		ClientSettings settings = WssClient.settings(URI.create("wss://localhost:" + port + "/mcp"));
		McpWebSocketClientTransport transport = new McpWebSocketClientTransport(settings,
				new WebSocketClients(null).create(settings, () -> bundle), WssServer.codec(),
				Schedulers.boundedElastic());
		try (McpSyncClient mcpClient = McpClient.sync(transport).build()) {
			Throwable failure = catchThrowable(mcpClient::initialize);
			while (failure != null && !(failure instanceof McpWebSocketConnectException)) {
				failure = failure.getCause();
			}
			return (McpWebSocketConnectException) failure;
		}
	}

	/**
	 * Client certificates.
	 */
	enum Client {

		RIGHT(ForgedCertificate.client().signedBy(authority), null),

		NO_CERTIFICATE(null, Reason.CLIENT_CERTIFICATE_REQUIRED),

		UNTRUSTED(ForgedCertificate.client().signedBy(ForgedCertificate.authority("CA").key("RSA", 2048).selfSigned()),
				Reason.CLIENT_CERTIFICATE_REFUSED),

		OF_AN_AUTHORITY_THAT_IS_NOT_ASKED_FOR(
				ForgedCertificate.client().signedBy(ForgedCertificate.authority("Other").selfSigned()),
				Reason.CLIENT_CERTIFICATE_REQUIRED),

		EXPIRED(ForgedCertificate.client().notAfter(TestCertificates.daysFromNow(-1)).signedBy(authority),
				Reason.CLIENT_CERTIFICATE_REFUSED),

		NOT_YET_VALID(ForgedCertificate.client().notBefore(TestCertificates.daysFromNow(1)).signedBy(authority),
				Reason.CLIENT_CERTIFICATE_REFUSED),

		OF_A_SERVER(ForgedCertificate.server("localhost").signedBy(authority), Reason.CLIENT_CERTIFICATE_REFUSED),

		WEAK(ForgedCertificate.client().key("RSA", 1024).signedBy(authority), Reason.CLIENT_CERTIFICATE_REFUSED),

		REVOKED(ForgedCertificate.client().signedBy(authority), Reason.CLIENT_CERTIFICATE_REFUSED);

		private final @Nullable Issued identity;

		private final @Nullable Reason expected;

		Client(@Nullable Issued identity, @Nullable Reason expected) {
			this.identity = identity;
			this.expected = expected;
		}

	}

}
