package io.github.mcpwss.tls;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import io.github.mcpwss.tls.TlsFailure.Reason;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for {@link ServerTrustManagers} and {@link TlsFailures} in real handshakes.
 */
class ServerTrustManagersTests {

	private static final String HOST = "db.example.com";

	private static final Instant PAST = TestCertificates.daysFromNow(-10);

	private static final Instant FUTURE = TestCertificates.daysFromNow(10);

	private static final TestCertificates root = TestCertificates.authority("Root");

	private static final TestCertificates.Issued expiredSelfSigned = TestCertificates.selfSigned(PAST,
			TestCertificates.daysFromNow(-2), HOST);

	private static final List<X509Certificate> trusted = List.of(root.certificate(), expiredSelfSigned.certificate());

	@TempDir
	private static Path directory;

	static Stream<Arguments> handshakes() {
		String expired = "the certificate of db.example.com expired on " + day(-2);
		List<Case> cases = List.of(new Case("valid", root.intermediate("Sub").issue(HOST), null, null),
				new Case("expired", root.issue(PAST, TestCertificates.daysFromNow(-2), HOST),
						Reason.CERTIFICATE_EXPIRED, expired),
				new Case("not yet valid", root.issue(FUTURE, TestCertificates.daysFromNow(20), HOST),
						Reason.CERTIFICATE_NOT_YET_VALID,
						"the certificate of db.example.com is not valid before " + day(10)),
				new Case("wrong host", root.issue("a.example", "b.example", "127.0.0.1"), Reason.HOST_NAME_MISMATCH,
						"host db.example.com is not among the names a.example, b.example, 127.0.0.1 of the certificate"),
				new Case("self-signed", TestCertificates.selfSigned(PAST, FUTURE, HOST), Reason.SELF_SIGNED,
						"the certificate of db.example.com is self-signed and not trusted"),
				new Case("self-signed, wrong host", TestCertificates.selfSigned(PAST, FUTURE, "a.example"),
						Reason.SELF_SIGNED, "the certificate of db.example.com is self-signed and not trusted"),
				new Case("unknown authority", TestCertificates.authority("Stranger").issue(HOST), Reason.UNKNOWN_ISSUER,
						"unknown issuer CN=Stranger of the certificate of db.example.com"),
				new Case("namesake of a trusted authority", TestCertificates.authority("Root").issue(HOST),
						Reason.UNKNOWN_ISSUER,
						"unknown issuer CN=Root of the certificate of db.example.com, "
								+ "which has the name of a trusted authority and another key"),
				new Case("missing intermediate", root.intermediate("Sub").issue(HOST).withoutIssuers(),
						Reason.UNKNOWN_ISSUER, "unknown issuer CN=Sub of the certificate of db.example.com"),
				new Case("expired leaf as its own authority", expiredSelfSigned, Reason.CERTIFICATE_EXPIRED, expired));
		List<Arguments> arguments = new ArrayList<>();
		for (ServerTrust trust : ServerTrust.values()) {
			cases.forEach((each) -> arguments.add(Arguments.of(trust, each)));
		}
		return arguments.stream();
	}

	@ParameterizedTest
	@MethodSource("handshakes")
	void handshakeOfSockets(ServerTrust trust, Case each) throws Exception {
		SSLContext client = TlsPeers.context(null, trustManagerFactory(trust));
		try (TlsPeers server = TlsPeers.server(each.identity())) {
			for (String protocol : List.of("TLSv1.3", "TLSv1.2")) {
				each.verify(trust, catchThrowable(() -> server.connect(client, HOST, protocol)));
			}
		}
	}

	@ParameterizedTest
	@MethodSource("handshakes")
	void handshakeOfEngines(ServerTrust trust, Case each) throws Exception {
		SSLContext client = TlsPeers.context(null, trustManagerFactory(trust));
		SSLContext server = TlsPeers.context(each.identity().keyManagerFactory(), null);
		each.verify(trust, catchThrowable(() -> EngineHandshake.run(server, client, HOST)));
	}

	@Test
	void selfSignedCertificateIsItsOwnAuthority() throws Exception {
		TestCertificates.Issued issued = TestCertificates.selfSigned(PAST, FUTURE, HOST);
		SSLContext client = TlsPeers.context(null,
				ServerTrustManagers.trustManagerFactory(ServerTrust.AUTHORITIES, issued.chain()));
		try (TlsPeers server = TlsPeers.server(issued)) {
			server.connect(client, HOST);
			TlsFailure failure = classify(catchThrowable(() -> server.connect(client, "other.example.com")));
			assertThat(failure.reason()).isEqualTo(Reason.HOST_NAME_MISMATCH);
		}
	}

	@Test
	void addressIsCheckedToo() throws Exception {
		SSLContext client = TlsPeers.context(null, trustManagerFactory(ServerTrust.ACCEPT_INVALID));
		try (TlsPeers server = TlsPeers.server(expiredSelfSigned)) {
			TlsFailure failure = classify(catchThrowable(() -> server.connect(client, "127.0.0.1")), "127.0.0.1");
			assertThat(failure.message()).isEqualTo("TLS handshake failed: host 127.0.0.1 is not among the names "
					+ "db.example.com of the certificate");
		}
	}

	@Test
	void certificateWithoutNames() throws Exception {
		SSLContext client = TlsPeers.context(null, trustManagerFactory(ServerTrust.AUTHORITIES));
		try (TlsPeers server = TlsPeers.server(root.issue())) {
			assertThat(classify(catchThrowable(() -> server.connect(client, HOST))).message())
				.isEqualTo("TLS handshake failed: host db.example.com does not match the certificate, "
						+ "which has no subject alternative names");
		}
	}

	@Test
	void namesOfThePeerAreCleaned() throws Exception {
		SSLContext client = TlsPeers.context(null, trustManagerFactory(ServerTrust.AUTHORITIES));
		TestCertificates stranger = TestCertificates.authority("\"Evil\nWARN forged\"");
		try (TlsPeers server = TlsPeers.server(stranger.issue(HOST))) {
			assertThat(classify(catchThrowable(() -> server.connect(client, HOST))).message()).contains("Evil?WARN")
				.doesNotContain("\n");
		}
	}

	@Test
	void explainingAddsNamesToAnotherFactory() throws Exception {
		KeyStore trustStore = trustStore(List.of(root.certificate()));
		TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
		factory.init(trustStore);
		SSLContext client = TlsPeers.context(null,
				ServerTrustManagers.forClient(ServerVerification.of(ServerTrust.AUTHORITIES), factory));
		try (TlsPeers server = TlsPeers.server(TestCertificates.authority("Stranger").issue(HOST))) {
			assertThat(classify(catchThrowable(() -> server.connect(client, HOST))).message())
				.contains("unknown issuer CN=Stranger");
		}
		SSLContext plain = TlsPeers.context(null, factory);
		try (TlsPeers server = TlsPeers.server(TestCertificates.authority("Stranger").issue(HOST))) {
			assertThat(classify(catchThrowable(() -> server.connect(plain, HOST))).message())
				.isEqualTo("TLS handshake failed: unknown issuer of the certificate of db.example.com");
		}
	}

	@Test
	void authoritiesMustNotBeEmpty() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> ServerTrustManagers.trustManagerFactory(ServerTrust.AUTHORITIES, List.of()));
	}

	private static TrustManagerFactory trustManagerFactory(ServerTrust trust) throws Exception {
		if (trust != ServerTrust.SYSTEM) {
			return ServerTrustManagers.trustManagerFactory(trust, trusted);
		}
		Path file = directory.resolve("system.p12");
		if (!Files.exists(file)) {
			try (OutputStream output = Files.newOutputStream(file)) {
				trustStore(trusted).store(output, "changeit".toCharArray());
			}
		}
		System.setProperty("javax.net.ssl.trustStore", file.toString());
		System.setProperty("javax.net.ssl.trustStorePassword", "changeit");
		try {
			return ServerTrustManagers.trustManagerFactory(trust, List.of());
		}
		finally {
			System.clearProperty("javax.net.ssl.trustStore");
			System.clearProperty("javax.net.ssl.trustStorePassword");
		}
	}

	private static KeyStore trustStore(List<X509Certificate> certificates) throws Exception {
		KeyStore trustStore = KeyStore.getInstance("PKCS12");
		trustStore.load(null, null);
		for (X509Certificate certificate : certificates) {
			trustStore.setCertificateEntry("ca-" + certificate.getSerialNumber(), certificate);
		}
		return trustStore;
	}

	private static String day(int daysFromNow) {
		return TestCertificates.daysFromNow(daysFromNow).toString().substring(0, 10);
	}

	private static TlsFailure classify(Throwable failure) {
		return classify(failure, HOST);
	}

	private static TlsFailure classify(Throwable failure, String host) {
		return TlsFailures.classify(new IOException("connect failed", failure), host).orElseThrow();
	}

	/**
	 * A server's certificate, and what becomes of it where it is fully checked.
	 */
	record Case(String name, TestCertificates.Issued identity, @Nullable Reason reason, @Nullable String detail) {

		void verify(ServerTrust trust, @Nullable Throwable failure) {
			boolean wrongHost = this.name.contains("wrong host");
			if (this.reason == null || trust == ServerTrust.NONE
					|| (trust == ServerTrust.ACCEPT_INVALID && !wrongHost)) {
				assertThat(failure).isNull();
				return;
			}
			assertThat(failure).isNotNull();
			TlsFailure found = classify(failure);
			if (trust == ServerTrust.ACCEPT_INVALID) {
				assertThat(found.reason()).isEqualTo(Reason.HOST_NAME_MISMATCH);
				return;
			}
			assertThat(found).isEqualTo(new TlsFailure(this.reason, "TLS handshake failed: " + this.detail));
		}

		@Override
		public String toString() {
			return this.name;
		}

	}

}
