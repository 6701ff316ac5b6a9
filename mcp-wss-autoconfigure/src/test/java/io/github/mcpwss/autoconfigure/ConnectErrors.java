package io.github.mcpwss.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import javax.net.ssl.SSLContext;

import io.github.mcpwss.client.McpWebSocketHeadersCustomizer;
import io.github.mcpwss.testing.ScriptedServer;
import io.github.mcpwss.tls.CertificatePin;
import io.github.mcpwss.tls.ForgedCertificate;
import io.github.mcpwss.tls.ServerTrust;
import io.github.mcpwss.tls.ServerTrustManagers;
import io.github.mcpwss.tls.TestCertificates;
import io.github.mcpwss.tls.TestCertificates.Issued;
import io.github.mcpwss.tls.TestRevocation;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Clients that cannot connect, for {@link ErrorPageTests}.
 */
final class ConnectErrors {

	private static final String TLS = "TLS handshake failed: ";

	private final TestCertificates authority = TestCertificates.authority("CA");

	private final Issued root = ForgedCertificate.authority("Root").selfSigned();

	private final Issued constrained = ForgedCertificate.authority("Constrained")
		.permittedDomain("example.org")
		.selfSigned();

	private final Path directory;

	private final String trust;

	ConnectErrors(Path directory) {
		this.directory = directory;
		String authorities = new Issued(
				List.of(this.authority.certificate(), this.root.certificate(), this.constrained.certificate()),
				this.root.privateKey())
			.certificatePem();
		this.trust = "mcp.websocket.tls.ca-cert-path=base64:"
				+ Base64.getEncoder().encodeToString(authorities.getBytes(StandardCharsets.US_ASCII));
	}

	Map<String, Callable<String>> all() {
		Map<String, Callable<String>> errors = new LinkedHashMap<>();
		addNetwork(errors);
		addCertificates(errors);
		addRevocation(errors);
		addHandshakes(errors);
		addAnswers(errors);
		errors.putAll(new ProxyErrors().all());
		return errors;
	}

	private void addNetwork(Map<String, Callable<String>> errors) {
		errors.put("Connection refused", () -> {
			try (ScriptedServer server = ScriptedServer.plain((peer) -> peer.hang())) {
				server.close();
				return connect(server.port());
			}
		});
		errors.put("host … is unknown", () -> message(Contexts.any(), "wss://no-such-host.invalid/mcp"));
		errors.put("Connection timeout: … was not finished within …", () -> {
			try (ScriptedServer server = ScriptedServer.plain((peer) -> peer.hang())) {
				return connect(server.port(), "mcp.websocket.timeout=300ms");
			}
		});
		errors.put("Handshake headers failed: …",
				() -> message(
						Contexts.any()
							.withBean(McpWebSocketHeadersCustomizer.class,
									() -> (handshake) -> Mono.error(new IllegalStateException("no token"))),
						"wss://localhost:1/mcp"));
	}

	private void addCertificates(Map<String, Callable<String>> errors) {
		errors.put(TLS + "the certificate of … expired on …", () -> connect(
				this.authority.issue(TestCertificates.daysFromNow(-9), TestCertificates.daysFromNow(-2), "localhost")));
		errors.put(TLS + "the certificate of … is not valid before …", () -> connect(
				this.authority.issue(TestCertificates.daysFromNow(2), TestCertificates.daysFromNow(9), "localhost")));
		errors.put(TLS + "host … is not among the names …", () -> connect(this.authority.issue("other")));
		errors.put(TLS + "host … does not match the certificate, which has no subject alternative names",
				() -> connect(ForgedCertificate.server().subject("CN=localhost").signedBy(this.root)));
		errors.put(TLS + "unknown issuer …", () -> connect(TestCertificates.authority("Stranger").issue("localhost")));
		errors.put(TLS + "… is self-signed and not trusted", () -> connect(TestCertificates
			.selfSigned(TestCertificates.daysFromNow(-9), TestCertificates.daysFromNow(9), "localhost")));
		errors.put(TLS + "… is signed with …",
				() -> connect(ForgedCertificate.server("localhost").signature("SHA1withRSA").signedBy(this.root)));
		errors.put(TLS + "… has an RSA key of … bits",
				() -> connect(ForgedCertificate.server("localhost").key("RSA", 1024).signedBy(this.root)));
		errors.put(TLS + "… extended key usage …", () -> connect(
				ForgedCertificate.server("localhost").purpose(KeyPurposeId.id_kp_clientAuth).signedBy(this.root)));
		errors.put(TLS + "… name constraints …",
				() -> connect(ForgedCertificate.server("localhost").signedBy(this.constrained)));
		errors.put(TLS + "… is not pinned …", () -> connect(this.authority.issue("localhost"),
				"mcp.websocket.tls.pinned-keys=" + CertificatePin.ofPublicKey(this.root.certificate())));
	}

	private void addRevocation(Map<String, Callable<String>> errors) {
		Issued issued = ForgedCertificate.server("localhost").signedBy(this.root);
		errors.put(TLS + "… was revoked on …",
				() -> connectWithList(issued, new TestRevocation(this.root).revoke(issued.certificate())));
		errors.put(TLS + "… may have been revoked, which could not be found out …",
				() -> connectWithList(this.authority.issue("localhost"), new TestRevocation(this.root)));
	}

	private String connectWithList(Issued issued, TestRevocation revocation) {
		return connect(issued, "mcp.websocket.tls.revocation=hard",
				"mcp.websocket.tls.crl-paths=" + revocation.writeListTo(this.directory.resolve("revoked.crl")));
	}

	private void addHandshakes(Map<String, Callable<String>> errors) {
		errors.put(TLS + "client certificate required by …", () -> connectToMutual());
		errors.put(TLS + "… does not accept the client certificate (…)", () -> {
			Issued expired = this.authority.issueClient(TestCertificates.daysFromNow(-9),
					TestCertificates.daysFromNow(-2), "old");
			return connectToMutual(
					"mcp.websocket.tls.cert-path=" + expired.writeCertificateTo(this.directory.resolve("old.crt")),
					"mcp.websocket.tls.key-path=" + expired.writeKeyTo(this.directory.resolve("old.key")));
		});
		errors.put(TLS + "no TLS protocol version or cipher suite in common with …", () -> {
			try (ScriptedServer server = ScriptedServer.plain((peer) -> {
				// a fatal alert: protocol_version
				peer.write(new byte[] { 21, 3, 3, 0, 2, 2, 70 });
				peer.hang();
			})) {
				return connect(server.port());
			}
		});
		errors.put(TLS + "… sent handshake_failure: …", () -> {
			try (ScriptedServer server = ScriptedServer.plain((peer) -> {
				peer.write(new byte[] { 21, 3, 3, 0, 2, 2, 40 });
				peer.hang();
			})) {
				return connect(server.port());
			}
		});
		errors.put(TLS + "… closed the connection during the handshake …", () -> {
			try (ScriptedServer server = ScriptedServer.plain((peer) -> {
				// it leaves at once
			})) {
				return connect(server.port());
			}
		});
		errors.put(TLS + "… does not have the private key of the certificate that it presents", () -> {
			Issued issued = this.authority.issue("localhost");
			return connect(new Issued(issued.chain(), this.authority.issue("localhost").privateKey()));
		});
		errors.put(TLS + "… does not speak TLS on this port", () -> {
			try (ScriptedServer server = ScriptedServer.plain((peer) -> {
				peer.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
				peer.hang();
			})) {
				return connect(server.port());
			}
		});
	}

	private void addAnswers(Map<String, Callable<String>> errors) {
		for (String status : List.of("401 Unauthorized", "403 Forbidden", "404 Not Found", "503 Service Unavailable")) {
			errors.put("server answered HTTP " + status.substring(0, 3) + " …", () -> answer(status));
		}
		errors.put("server answered HTTP 302 …; redirects are not followed", () -> answer("302 Found"));
	}

	private String answer(String status) {
		return connect(this.authority.issue("localhost"), null, (peer) -> {
			peer.readRequest();
			peer.write("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n");
			peer.hang();
		});
	}

	private String connect(Issued identity, String... properties) {
		return connect(identity, null, (peer) -> peer.hang(), properties);
	}

	private String connectToMutual(String... properties) {
		return connect(this.authority.issue("localhost"), this.authority.certificate(), (peer) -> peer.hang(),
				properties);
	}

	private String connect(Issued identity, @Nullable X509Certificate clientAuthority, ScriptedServer.Script script,
			String... properties) {
		try (ScriptedServer server = ScriptedServer.overTls(context(identity, clientAuthority), clientAuthority != null,
				script)) {
			return connect(server.port(), properties);
		}
	}

	private static SSLContext context(Issued identity, @Nullable X509Certificate clientAuthority) {
		try {
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(identity.keyManagerFactory().getKeyManagers(),
					(clientAuthority != null)
							? ServerTrustManagers.trustManagerFactory(ServerTrust.AUTHORITIES, List.of(clientAuthority))
								.getTrustManagers()
							: null,
					null);
			return context;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private String connect(int port, String... properties) {
		return message(Contexts.any().withPropertyValues(properties).withPropertyValues(this.trust),
				"wss://localhost:" + port + "/mcp");
	}

	static String message(ApplicationContextRunner runner, String url) {
		StringBuilder message = new StringBuilder();
		runner.withPropertyValues("mcp.websocket.url=" + url).run((context) -> {
			McpClientTransport transport = context.getBean(McpClientTransport.class);
			message.append(catchThrowable(() -> transport.connect((received) -> received)
				.then(transport.sendMessage(new JSONRPCNotification("notifications/test")))
				.block(Duration.ofSeconds(20))).getMessage());
		});
		return message.toString();
	}

}
