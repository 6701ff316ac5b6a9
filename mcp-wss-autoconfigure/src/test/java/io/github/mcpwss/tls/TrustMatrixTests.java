package io.github.mcpwss.tls;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

import javax.net.ssl.TrustManagerFactory;

import io.github.mcpwss.client.TlsHandshake;
import io.github.mcpwss.client.WebSocketClients;
import io.github.mcpwss.testing.Hosting;
import io.github.mcpwss.testing.OpenSsl;
import io.github.mcpwss.testing.TestServer;
import io.github.mcpwss.testing.WssClient;
import io.github.mcpwss.tls.TestCertificates.Issued;
import io.github.mcpwss.tls.TlsFailure.Reason;
import io.modelcontextprotocol.server.McpServer;
import org.assertj.core.api.SoftAssertions;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.web.reactive.socket.client.ReactorNettyWebSocketClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the client accepts and refuses: every flaw of a server's certificate with every
 * kind of trust, on live sockets.
 */
@Tag("engine")
class TrustMatrixTests {

	private static final String NAME = "mcp.example.com";

	@TempDir
	private static Path directory;

	private static final TestCertificates authority = TestCertificates.authority("Matrix CA");

	private static final Issued root = ForgedCertificate.authority("Matrix Root").selfSigned();

	private static final Issued constrained = ForgedCertificate.authority("Matrix Constrained")
		.permittedDomain("example.org")
		.selfSigned();

	private static final List<Row> rows = rows();

	private static final TrustManagerFactory authorities = authorities(
			List.of(authority.certificate(), root.certificate(), constrained.certificate()));

	private static TrustManagerFactory authorities(List<X509Certificate> certificates) {
		try {
			KeyStore trustStore = KeyStore.getInstance("PKCS12");
			trustStore.load(null, null);
			for (X509Certificate certificate : certificates) {
				trustStore.setCertificateEntry(certificate.getSubjectX500Principal().getName(), certificate);
			}
			TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
			factory.init(trustStore);
			return factory;
		}
		catch (IOException | GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	static Stream<Arguments> matrix() {
		List<Arguments> arguments = new ArrayList<>();
		for (Column column : Column.values()) {
			rows.forEach((row) -> arguments.add(Arguments.of(column, row)));
		}
		return arguments.stream();
	}

	private static List<Row> rows() {
		Reason host = Reason.HOST_NAME_MISMATCH;
		return List.of(new Row("valid", authority.issue("localhost"), null, host),
				new Row("with an intermediate", authority.intermediate("Sub").issue("localhost"), null, host),
				new Row("for another host", authority.issue(NAME), host, null),
				new Row("for the address alone", authority.issue("127.0.0.1"), host, host),
				new Row("wildcard", ForgedCertificate.server("*.example.com").signedBy(root), host, null),
				new Row("common name only", ForgedCertificate.server().subject("CN=localhost").signedBy(root), host,
						host),
				new Row("expired",
						authority.issue(TestCertificates.daysFromNow(-9), TestCertificates.daysFromNow(-2), "localhost",
								NAME),
						Reason.CERTIFICATE_EXPIRED),
				new Row("not yet valid",
						authority.issue(TestCertificates.daysFromNow(2), TestCertificates.daysFromNow(9), "localhost",
								NAME),
						Reason.CERTIFICATE_NOT_YET_VALID),
				new Row("self-signed",
						TestCertificates.selfSigned(TestCertificates.daysFromNow(-9), TestCertificates.daysFromNow(9),
								"localhost", NAME),
						Reason.SELF_SIGNED),
				new Row("self-signed and expired",
						TestCertificates.selfSigned(TestCertificates.daysFromNow(-9), TestCertificates.daysFromNow(-2),
								"localhost", NAME),
						Reason.SELF_SIGNED),
				new Row("of an unknown authority", TestCertificates.authority("Stranger").issue("localhost", NAME),
						Reason.UNKNOWN_ISSUER),
				new Row("without its intermediate",
						authority.intermediate("Sub").issue("localhost", NAME).withoutIssuers(), Reason.UNKNOWN_ISSUER),
				new Row("of a client",
						ForgedCertificate.server("localhost", NAME)
							.purpose(KeyPurposeId.id_kp_clientAuth)
							.signedBy(root),
						Reason.WRONG_KEY_USAGE),
				new Row("that the root may not issue",
						ForgedCertificate.server("localhost", NAME).signedBy(constrained),
						Reason.NAME_CONSTRAINT_VIOLATION),
				new Row("signed with SHA-1",
						ForgedCertificate.server("localhost", NAME).signature("SHA1withRSA").signedBy(root),
						Reason.WEAK_SIGNATURE),
				new Row("RSA 1024", ForgedCertificate.server("localhost", NAME).key("RSA", 1024).signedBy(root),
						Reason.WEAK_KEY));
	}

	@ParameterizedTest(name = "{0}: {1}")
	@MethodSource("matrix")
	void certificate(Column column, Row row) throws Exception {
		try (TlsPeers server = TlsPeers.server(row.identity())) {
			assertThat(connect(server.port(), column.verification.apply(row.identity())).map(TlsFailure::reason))
				.isEqualTo(Optional.ofNullable(column.expected.apply(row)));
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT", "LISTENER" })
	void certificateOfOurServers(Hosting hosting) {
		try (TestServer server = hosting.start()) {
			McpServer.sync(server.provider()).serverInfo("test", "1").build();
			SoftAssertions cells = new SoftAssertions();
			for (Row row : rows) {
				server.present(row.identity());
				for (Column column : Column.values()) {
					cells
						.assertThat(connect(server.port(), column.verification.apply(row.identity()))
							.map(TlsFailure::reason))
						.as(column + ": " + row)
						.isEqualTo(Optional.ofNullable(column.expected.apply(row)));
				}
			}
			cells.assertAll();
		}
	}

	@Test
	void revokedCertificate() throws Exception {
		Issued issued = ForgedCertificate.server("localhost", NAME).signedBy(root);
		Set<X509CRL> lists = Set.of(new TestRevocation(root).revoke(issued.certificate()).list());
		try (TlsPeers server = TlsPeers.server(issued)) {
			for (String name : new String[] { null, NAME }) {
				assertThat(connect(server.port(),
						new ServerVerification(ServerTrust.AUTHORITIES, name, List.of(),
								new Revocation(RevocationMode.SOFT, () -> lists))))
					.map(TlsFailure::reason)
					.contains(Reason.CERTIFICATE_REVOKED);
			}
		}
	}

	@Test
	void keyOfAnotherCertificate() throws Exception {
		Issued issued = authority.issue("localhost");
		Issued other = authority.issue("localhost");
		try (TlsPeers server = TlsPeers.server(new Issued(issued.chain(), other.privateKey()))) {
			for (Column column : Column.values()) {
				assertThat(connect(server.port(), column.verification.apply(issued))).as("%s", column).isPresent();
			}
		}
	}

	@Test
	void serverOfOldTls() throws Exception {
		OpenSsl.assumeInstalled();
		Issued issued = ForgedCertificate.server("localhost", NAME).signedBy(root);
		try (OpenSsl.Server server = OpenSsl.serve("-tls1_1", "-cipher", "ALL:@SECLEVEL=0", "-cert",
				issued.writeCertificateTo(directory.resolve("old.crt")).toString(), "-key",
				issued.writeKeyTo(directory.resolve("old.key")).toString())) {
			for (Column column : Column.values()) {
				assertThat(connect(server.port(), column.verification.apply(issued))).as("%s", column)
					.map(TlsFailure::reason)
					.contains(Reason.PROTOCOL_OR_CIPHER);
			}
		}
	}

	private static Optional<TlsFailure> connect(int port, ServerVerification verification) {
		TrustManagerFactory trust = ServerTrustManagers.forClient(verification,
				(verification.trust() == ServerTrust.SYSTEM) ? null : authorities);
		SslBundle bundle = SslBundle.of(null, null, null, null, SslManagerBundle.from(trust.getTrustManagers()[0]));
		URI uri = URI.create("wss://localhost:" + port + "/mcp");
		ReactorNettyWebSocketClient client = new WebSocketClients(null).create(WssClient.settings(uri), () -> bundle,
				new TlsHandshake(verification.serverName(), false));
		Throwable failure = client.execute(uri, (session) -> Mono.empty())
			.then(Mono.<Throwable>empty())
			.onErrorResume(Mono::just)
			.block(Duration.ofSeconds(20));
		return Optional.ofNullable(failure).flatMap((reason) -> TlsFailures.classify(reason, "localhost"));
	}

	/**
	 * A certificate, and why it is refused where it is fully checked.
	 */
	record Row(String name, Issued identity, @Nullable Reason reason, @Nullable Reason reasonWithName) {

		Row(String name, Issued identity, Reason reason) {
			this(name, identity, reason, reason);
		}

		boolean isOf(Reason other) {
			return this.reason == other;
		}

		@Override
		public String toString() {
			return this.name;
		}

	}

	/**
	 * Kinds of trust.
	 */
	enum Column {

		SYSTEM((identity) -> ServerVerification.of(ServerTrust.SYSTEM),
				(row) -> row.isOf(Reason.SELF_SIGNED) ? Reason.SELF_SIGNED : Reason.UNKNOWN_ISSUER),

		AUTHORITIES((identity) -> ServerVerification.of(ServerTrust.AUTHORITIES), Row::reason),

		ACCEPT_INVALID((identity) -> ServerVerification.of(ServerTrust.ACCEPT_INVALID),
				(row) -> row.isOf(Reason.HOST_NAME_MISMATCH) ? Reason.HOST_NAME_MISMATCH : null),

		NONE((identity) -> ServerVerification.of(ServerTrust.NONE), (row) -> null),

		PINNED((identity) -> new ServerVerification(ServerTrust.AUTHORITIES, null,
				List.of(CertificatePin.ofPublicKey(identity.certificate()))), (row) -> {
					if (row.isOf(Reason.SELF_SIGNED)) {
						return row.name().contains("expired") ? Reason.CERTIFICATE_EXPIRED : null;
					}
					return row.reason();
				}),

		PINNED_TO_ANOTHER(
				(identity) -> new ServerVerification(ServerTrust.AUTHORITIES, null,
						List.of(CertificatePin.ofCertificate(root.certificate()))),
				(row) -> (row.reason() != null) ? row.reason() : Reason.PIN_MISMATCH),

		SERVER_NAME((identity) -> new ServerVerification(ServerTrust.AUTHORITIES, NAME, List.of()),
				Row::reasonWithName);

		private final Function<Issued, ServerVerification> verification;

		private final Function<Row, @Nullable Reason> expected;

		Column(Function<Issued, ServerVerification> verification, Function<Row, @Nullable Reason> expected) {
			this.verification = verification;
			this.expected = expected;
		}

	}

}
