package io.github.mcpwss.tls;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

import io.github.mcpwss.tls.TestCertificates.Issued;
import io.github.mcpwss.tls.TlsFailure.Reason;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Rules that the JDK does not have, in real handshakes.
 */
class StrictTrustTests {

	private static final String HOST = "db.example.com";

	private static final Issued root = ForgedCertificate.authority("Root").selfSigned();

	private static final Issued constrained = ForgedCertificate.authority("Constrained")
		.permittedDomain("example.org")
		.selfSigned();

	private static final Issued excluding = ForgedCertificate.authority("Excluding")
		.excluded(GeneralName.iPAddress, "10.1.0.0/16")
		.selfSigned();

	private static final Issued trustedLeaf = ForgedCertificate.server(HOST).subject("CN=Trusted Leaf").selfSigned();

	private static final Issued selfSignedClient = ForgedCertificate.server(HOST)
		.purpose(KeyPurposeId.id_kp_clientAuth)
		.selfSigned();

	private static final TrustManagerFactory trust = ServerTrustManagers.trustManagerFactory(ServerTrust.AUTHORITIES,
			List.of(root.certificate(), constrained.certificate(), selfSignedClient.certificate(),
					excluding.certificate(), trustedLeaf.certificate()));

	static Stream<Arguments> servers() {
		return Stream.of(Arguments.of("good", ForgedCertificate.server(HOST).signedBy(root), null, ""),
				Arguments.of("wildcard", ForgedCertificate.server("*.example.com").signedBy(root), null, ""),
				Arguments.of("name in another case", ForgedCertificate.server("DB.Example.COM").signedBy(root), null,
						""),
				Arguments.of("PSS", ForgedCertificate.server(HOST).signature("SHA256withRSAandMGF1").signedBy(root),
						null, ""),
				Arguments.of("common name only", ForgedCertificate.server().subject("CN=" + HOST).signedBy(root),
						Reason.HOST_NAME_MISMATCH,
						"host db.example.com does not match the certificate, which has no subject alternative names"),
				Arguments.of("wildcard within the label", ForgedCertificate.server("d*.example.com").signedBy(root),
						Reason.HOST_NAME_MISMATCH,
						"host db.example.com is not among the names d*.example.com of the certificate"),
				Arguments.of("two wildcards", ForgedCertificate.server("*.*.com").signedBy(root),
						Reason.HOST_NAME_MISMATCH,
						"host db.example.com is not among the names *.*.com of the certificate"),
				Arguments.of("SHA-1 signature", ForgedCertificate.server(HOST).signature("SHA1withRSA").signedBy(root),
						Reason.WEAK_SIGNATURE,
						"the certificate of db.example.com is signed with SHA1withRSA, and MD5 and SHA-1 are too weak"),
				Arguments.of("SHA-1 signature of PSS",
						ForgedCertificate.server(HOST).signature("SHA1withRSAandMGF1").signedBy(root),
						Reason.WEAK_SIGNATURE,
						"the certificate of db.example.com is signed with SHA1withRSASSA-PSS, and MD5 and SHA-1 are too weak"),
				Arguments.of("RSA 1024", ForgedCertificate.server(HOST).key("RSA", 1024).signedBy(root),
						Reason.WEAK_KEY,
						"the certificate of db.example.com has an RSA key of 1024 bits, and 2048 are the least"),
				Arguments.of("RSA 1024 of intermediate",
						ForgedCertificate.server(HOST)
							.signedBy(ForgedCertificate.authority("Weak").key("RSA", 1024).signedBy(root)),
						Reason.WEAK_KEY,
						"the issuer CN=Weak of the certificate of db.example.com has an RSA key of 1024 bits, and 2048 are the least"),
				Arguments.of("SHA-1 signature of intermediate",
						ForgedCertificate.server(HOST)
							.signedBy(ForgedCertificate.authority("Weak").signature("SHA1withRSA").signedBy(root)),
						Reason.WEAK_SIGNATURE,
						"the issuer CN=Weak of the certificate of db.example.com is signed with SHA1withRSA, and MD5 and SHA-1 are too weak"),
				Arguments.of("certificate of a client",
						ForgedCertificate.server(HOST).purpose(KeyPurposeId.id_kp_clientAuth).signedBy(root),
						Reason.WRONG_KEY_USAGE, null),
				Arguments.of("certificate of a client that is trusted itself", selfSignedClient, Reason.WRONG_KEY_USAGE,
						"the certificate of db.example.com is not for TLS servers: its extended key usage has other purposes only"),
				Arguments.of("name that the root may not issue", ForgedCertificate.server(HOST).signedBy(constrained),
						Reason.NAME_CONSTRAINT_VIOLATION,
						"the certificate of db.example.com has names that the name constraints of the authority CN=Constrained do not allow"),
				Arguments.of("without extended key usage", ForgedCertificate.server(HOST).purpose(null).signedBy(root),
						null, ""),
				Arguments.of("any extended key usage",
						ForgedCertificate.server(HOST).purpose(KeyPurposeId.anyExtendedKeyUsage).signedBy(root), null,
						""),
				Arguments.of("intermediate for servers", ForgedCertificate.server(HOST)
					.signedBy(ForgedCertificate.authority("Sub").purpose(KeyPurposeId.id_kp_serverAuth).signedBy(root)),
						null, ""),
				Arguments.of("intermediate for mail",
						ForgedCertificate.server(HOST)
							.signedBy(ForgedCertificate.authority("Mail")
								.purpose(KeyPurposeId.id_kp_emailProtection)
								.signedBy(root)),
						Reason.WRONG_KEY_USAGE,
						"the issuer CN=Mail of the certificate of db.example.com is not for TLS servers: its extended key usage has other purposes only"),
				Arguments.of("issuer that is no authority",
						ForgedCertificate.server(HOST)
							.signedBy(ForgedCertificate.server(HOST).subject("CN=Leaf").signedBy(root)),
						Reason.WRONG_KEY_USAGE, null),
				Arguments.of("issuer that is trusted and no authority",
						ForgedCertificate.server(HOST).signedBy(trustedLeaf), Reason.WRONG_KEY_USAGE, null),
				Arguments.of("one authority too many",
						ForgedCertificate.server(HOST)
							.signedBy(ForgedCertificate.authority("Second")
								.signedBy(ForgedCertificate.authority("First").pathLength(0).signedBy(root))),
						Reason.WRONG_KEY_USAGE, null),
				Arguments.of("cross-signed intermediate", crossSigned(), null, ""),
				Arguments.of("address that the root may not issue",
						ForgedCertificate.server(HOST, "10.1.2.3").signedBy(excluding),
						Reason.NAME_CONSTRAINT_VIOLATION, null),
				Arguments.of("address that the root may issue",
						ForgedCertificate.server(HOST, "10.2.2.3").signedBy(excluding), null, ""),
				Arguments.of("name that an intermediate may not issue",
						ForgedCertificate.server(HOST)
							.signedBy(ForgedCertificate.authority("Sub").permittedDomain("example.org").signedBy(root)),
						Reason.NAME_CONSTRAINT_VIOLATION, null));
	}

	private static Issued crossSigned() {
		Issued stranger = ForgedCertificate.authority("Stranger").selfSigned();
		Issued issued = ForgedCertificate.server(HOST).signedBy(ForgedCertificate.authority("Sub").signedBy(stranger));
		List<X509Certificate> chain = new ArrayList<>(issued.chain());
		chain.add(ForgedCertificate.authority("Sub").signedBy(root).certificate());
		return new Issued(chain, issued.privateKey());
	}

	/**
	 * Each authority is issued by all those of the other name: a builder of paths tries
	 * them all.
	 */
	@Test
	@Timeout(10)
	void chainThatIsMadeToTakeLongIsRefusedAtOnce() {
		Issued one = ForgedCertificate.authority("One").selfSigned();
		Issued two = ForgedCertificate.authority("Two").selfSigned();
		List<X509Certificate> chain = new ArrayList<>(ForgedCertificate.server(HOST).signedBy(one).chain());
		for (int i = 0; i < 40; i++) {
			chain.add(ForgedCertificate.authority("One").signedBy(two).certificate());
			chain.add(ForgedCertificate.authority("Two").signedBy(one).certificate());
		}
		assertRefusedAtOnce(chain, "comes with 80 others, and 9 are the most");
		assertRefusedAtOnce(chain.subList(0, 10), "unable to find valid certification path");
	}

	private static void assertRefusedAtOnce(List<X509Certificate> chain, String words) {
		X509ExtendedTrustManager trustManager = (X509ExtendedTrustManager) trust.getTrustManagers()[0];
		assertThat(catchThrowable(
				() -> trustManager.checkServerTrusted(chain.toArray(X509Certificate[]::new), "ECDHE_RSA")))
			.hasMessageContaining(words);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("servers")
	void certificateOfServer(String name, Issued identity, @Nullable Reason reason, @Nullable String detail)
			throws Exception {
		SSLContext client = TlsPeers.context(null, trust);
		try (TlsPeers server = TlsPeers.server(identity)) {
			for (String protocol : List.of("TLSv1.3", "TLSv1.2")) {
				verify(catchThrowable(() -> server.connect(client, HOST, protocol)), HOST, reason, detail);
			}
		}
	}

	@Test
	void md5SignatureIsRefused() {
		X509Certificate[] chain = ForgedCertificate.server(HOST)
			.signature("MD5withRSA")
			.signedBy(root)
			.chain()
			.toArray(X509Certificate[]::new);
		X509ExtendedTrustManager trustManager = (X509ExtendedTrustManager) trust.getTrustManagers()[0];
		verify(catchThrowable(() -> trustManager.checkServerTrusted(chain, "ECDHE_RSA")), HOST, Reason.WEAK_SIGNATURE,
				null);
	}

	@Test
	void rootMayIssueWhatItsNameConstraintsAllow() throws Exception {
		SSLContext client = TlsPeers.context(null, trust);
		try (TlsPeers server = TlsPeers.server(ForgedCertificate.server("db.example.org").signedBy(constrained))) {
			server.connect(client, "db.example.org");
		}
	}

	@ParameterizedTest
	@CsvSource({ "127.0.0.1,127.0.0.1,true", "127.0.0.1,127.0.0.2,false", "::1,0:0:0:0:0:0:0:1,true", "::1,::2,false",
			"127.0.0.1,localhost,false", "localhost,127.0.0.1,false" })
	void addressIsAmongTheAddresses(String host, String name, boolean accepted) throws Exception {
		SSLContext client = TlsPeers.context(null, trust);
		try (TlsPeers server = TlsPeers.server(ForgedCertificate.server(name).signedBy(root))) {
			verify(catchThrowable(() -> server.connect(client, host)), host,
					accepted ? null : Reason.HOST_NAME_MISMATCH, null);
		}
	}

	@Test
	void addressInTextIsNoAddress() {
		assertThat(StrictHostName.of("1.2.3.4")
			.isNamedBy(TestCertificates.authority("CA").issue("1.2.3.4.example").certificate())).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "a.example.com,*.example.com,true", "a.b.example.com,*.example.com,false",
			"example.com,*.example.com,false", ".example.com,*.example.com,false", "a.example.com,a.*.com,false",
			"a.example.com,*,false", "example.com,*.com,false", "localhost,*.localhost,false", "127.1,*.1,false",
			"127.1,127.1,false", "xn--bcher-kva.example.com,*.example.com,true", "a.example.com.,a.example.com,true",
			"bücher.example,xn--bcher-kva.example,true", "a.example.com,*a.example.com,false" })
	void wildcardIsWholeLeftmostLabel(String host, String name, boolean matches) {
		assertThat(StrictHostName.of(host).isNamedBy(ForgedCertificate.server(name).selfSigned().certificate()))
			.isEqualTo(matches);
	}

	static Stream<Arguments> clients() {
		return Stream.of(Arguments.of("good", ForgedCertificate.client().signedBy(root), true),
				Arguments.of("RSA 1024", ForgedCertificate.client().key("RSA", 1024).signedBy(root), false),
				Arguments.of("RSA 1024 of intermediate",
						ForgedCertificate.client()
							.signedBy(ForgedCertificate.authority("Weak").key("RSA", 1024).signedBy(root)),
						false),
				Arguments.of("SHA-1 signature", ForgedCertificate.client().signature("SHA1withRSA").signedBy(root),
						false),
				Arguments.of("certificate of a server", ForgedCertificate.server(HOST).signedBy(root), false),
				Arguments.of("expired",
						ForgedCertificate.client().notAfter(TestCertificates.daysFromNow(-2)).signedBy(root), false));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("clients")
	void certificateOfClient(String name, Issued identity, boolean accepted) throws Exception {
		SSLContext context = TlsPeers.context(ForgedCertificate.server(HOST).signedBy(root).keyManagerFactory(), trust);
		SSLContext client = TlsPeers.context(identity.keyManagerFactory(), trust);
		try (TlsPeers server = TlsPeers.server(context, (parameters) -> parameters.setNeedClientAuth(true))) {
			Throwable failure = catchThrowable(() -> server.connect(client, HOST));
			if (accepted) {
				assertThat(failure).isNull();
			}
			else {
				assertThat(failure).isNotNull();
			}
		}
	}

	@Test
	void ellipticCurveOfLessThan256BitsAndDsaAreWeak() {
		assertThat(CertificateStrength.weakKey(
				ForgedCertificate.server(HOST).key("EC", 224).signature("SHA256withECDSA").selfSigned().certificate()))
			.contains("has an EC key of 224 bits, and 256 are the least");
		assertThat(CertificateStrength.weakKey(
				ForgedCertificate.server(HOST).key("DSA", 2048).signature("SHA256withDSA").selfSigned().certificate()))
			.contains("has a key of algorithm DSA, and only RSA, EC and EdDSA are accepted");
		assertThat(CertificateStrength.weakKey(
				ForgedCertificate.server(HOST).key("Ed25519", 255).signature("Ed25519").selfSigned().certificate()))
			.isEmpty();
	}

	private static void verify(@Nullable Throwable failure, String host, @Nullable Reason reason,
			@Nullable String detail) {
		if (reason == null) {
			assertThat(failure).isNull();
			return;
		}
		assertThat(failure).isNotNull();
		TlsFailure found = TlsFailures.classify(failure, host).orElseThrow(() -> new AssertionError(failure));
		assertThat(found.reason()).as(found.message()).isEqualTo(reason);
		if (detail != null) {
			assertThat(found.message()).isEqualTo("TLS handshake failed: " + detail);
		}
	}

}
