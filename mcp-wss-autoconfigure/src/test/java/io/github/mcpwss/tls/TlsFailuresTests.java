package io.github.mcpwss.tls;

import java.io.IOException;
import java.net.ConnectException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.List;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;

import io.github.mcpwss.tls.TlsFailure.Reason;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for {@link TlsFailures}, see also {@link ServerTrustManagersTests}.
 */
class TlsFailuresTests {

	private static final String HOST = "db.example.com";

	private static final TestCertificates authority = TestCertificates.authority("Root");

	private static final TrustManagerFactory trust = ServerTrustManagers.trustManagerFactory(ServerTrust.AUTHORITIES,
			List.of(authority.certificate()));

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void clientCertificateRequired(String protocol) throws Exception {
		try (TlsPeers server = mutualTlsServer()) {
			server.connect(client(authority.issueClient("good")), HOST, protocol);
			TlsFailure failure = failure(server, client(null), protocol);
			// with TLS 1.2 newer JDKs send handshake_failure, which has other causes too
			assertThat(failure).isIn(
					new TlsFailure(Reason.CLIENT_CERTIFICATE_REQUIRED,
							"TLS handshake failed: client certificate required by db.example.com"),
					new TlsFailure(Reason.PROTOCOL_OR_CIPHER,
							"TLS handshake failed: db.example.com sent handshake_failure: no TLS protocol version "
									+ "or cipher suite in common, or a client certificate is required"));
			if ("TLSv1.3".equals(protocol)) {
				assertThat(failure.reason()).isEqualTo(Reason.CLIENT_CERTIFICATE_REQUIRED);
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void clientCertificateRefused(String protocol) throws Exception {
		TestCertificates.Issued expired = authority.issueClient(TestCertificates.daysFromNow(-9),
				TestCertificates.daysFromNow(-2), "old");
		try (TlsPeers server = mutualTlsServer()) {
			TlsFailure failure = failure(server, client(expired), protocol);
			assertThat(failure.reason()).isEqualTo(Reason.CLIENT_CERTIFICATE_REFUSED);
			assertThat(failure.message()).matches("TLS handshake failed: db\\.example\\.com does not accept "
					+ "the client certificate \\(certificate_(unknown|expired)\\)");
		}
	}

	@Test
	void noCommonProtocol() throws Exception {
		SSLContext context = TlsPeers.context(authority.issue(HOST).keyManagerFactory(), null);
		try (TlsPeers server = TlsPeers.server(context,
				(parameters) -> parameters.setProtocols(new String[] { "TLSv1.3" }))) {
			assertThat(failure(server, client(null), "TLSv1.2")).isEqualTo(new TlsFailure(Reason.PROTOCOL_OR_CIPHER,
					"TLS handshake failed: no TLS protocol version or cipher suite in common with db.example.com"));
		}
	}

	@Test
	void noCommonCipherSuite() throws Exception {
		SSLContext context = TlsPeers.context(authority.issue(HOST).keyManagerFactory(), null);
		try (TlsPeers server = TlsPeers.server(context, (parameters) -> parameters
			.setCipherSuites(new String[] { "TLS_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" }))) {
			assertThat(failure(server, client(null), "TLSv1.2").reason()).isEqualTo(Reason.PROTOCOL_OR_CIPHER);
		}
	}

	@Test
	void serverWithoutTls() throws Exception {
		try (TlsPeers server = TlsPeers.plain()) {
			assertThat(failure(server, client(null), "TLSv1.3")).isEqualTo(new TlsFailure(Reason.NOT_TLS,
					"TLS handshake failed: db.example.com does not speak TLS on this port (a plain ws:// endpoint?)"));
		}
	}

	@Test
	void recordThatIsNotTlsInNetty() {
		Throwable failure = new DecoderException(new NotSslRecordException("not an SSL/TLS record: 48545450"));
		assertThat(TlsFailures.classify(failure, HOST)).get().extracting(TlsFailure::reason).isEqualTo(Reason.NOT_TLS);
	}

	@ParameterizedTest
	@CsvSource({ "SSLV3_ALERT_BAD_CERTIFICATE,CLIENT_CERTIFICATE_REQUIRED",
			"TLSV1_ALERT_CERTIFICATE_REQUIRED,CLIENT_CERTIFICATE_REQUIRED",
			"TLSV1_CERTIFICATE_REQUIRED,CLIENT_CERTIFICATE_REQUIRED",
			"TLSV1_ALERT_UNKNOWN_CA,CLIENT_CERTIFICATE_REFUSED",
			"SSLV3_ALERT_CERTIFICATE_UNKNOWN,CLIENT_CERTIFICATE_REFUSED",
			"TLSV1_ALERT_PROTOCOL_VERSION,PROTOCOL_OR_CIPHER", "BAD_SIGNATURE,KEY_MISMATCH",
			"SSLV3_ALERT_HANDSHAKE_FAILURE,PROTOCOL_OR_CIPHER", "UNSUPPORTED_PROTOCOL,PROTOCOL_OR_CIPHER",
			"WRONG_VERSION_NUMBER,NOT_TLS", "SOMETHING_ELSE,OTHER" })
	void errorOfOpenSsl(String name, Reason reason) {
		Throwable failure = new DecoderException(
				new SSLHandshakeException("error:10000412:SSL routines:OPENSSL_internal:" + name));
		assertThat(TlsFailures.classify(failure, HOST)).get().extracting(TlsFailure::reason).isEqualTo(reason);
	}

	@Test
	void alertOfNettyForWhatItDoesNotTrust() {
		SSLHandshakeException failure = new SSLHandshakeException("Received fatal alert: internal_error");
		assertThat(TlsFailures.classify(failure, HOST, true)).get()
			.extracting(TlsFailure::reason)
			.isEqualTo(Reason.CLIENT_CERTIFICATE_REFUSED);
		assertThat(TlsFailures.classify(failure, HOST, false)).get()
			.extracting(TlsFailure::reason)
			.isEqualTo(Reason.OTHER);
		assertThat(ClientTlsFailures.classify(failure, "client a").reason())
			.isEqualTo(Reason.SERVER_CERTIFICATE_REFUSED);
	}

	@Test
	void expiredCertificateOfUnknownChain() {
		SSLException failure = new SSLHandshakeException("refused");
		failure.initCause(new CertificateException(new CertificateExpiredException("NotAfter: whenever")));
		assertThat(TlsFailures.classify(failure, HOST)).contains(new TlsFailure(Reason.CERTIFICATE_EXPIRED,
				"TLS handshake failed: the certificate of db.example.com has expired"));
	}

	@Test
	void otherFailureOfTls() {
		assertThat(TlsFailures.classify(new IOException(new SSLHandshakeException("Broken\nline")), HOST))
			.contains(new TlsFailure(Reason.OTHER, "TLS handshake failed: Broken?line"));
	}

	@Test
	void failureWithoutTls() {
		assertThat(TlsFailures.classify(new ConnectException("Connection refused"), HOST)).isEmpty();
	}

	@Test
	void circularCauses() {
		IOException failure = new IOException("a");
		failure.initCause(new IOException("b", failure));
		assertThat(TlsFailures.classify(failure, HOST)).isEmpty();
	}

	private static TlsPeers mutualTlsServer() {
		SSLContext context = TlsPeers.context(authority.issue(HOST).keyManagerFactory(), trust);
		return TlsPeers.server(context, (parameters) -> parameters.setNeedClientAuth(true));
	}

	private static SSLContext client(TestCertificates.@Nullable Issued identity) {
		return TlsPeers.context((identity != null) ? identity.keyManagerFactory() : null, trust);
	}

	private static TlsFailure failure(TlsPeers server, SSLContext client, String protocol) {
		Throwable failure = catchThrowable(() -> server.connect(client, HOST, protocol));
		assertThat(failure).isNotNull();
		return TlsFailures.classify(failure, HOST).orElseThrow(() -> new AssertionError(failure));
	}

}
