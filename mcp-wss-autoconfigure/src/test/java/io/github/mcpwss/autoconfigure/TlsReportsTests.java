package io.github.mcpwss.autoconfigure;

import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

import io.github.mcpwss.tls.ForgedCertificate;
import io.github.mcpwss.tls.Revocation;
import io.github.mcpwss.tls.RevocationMode;
import io.github.mcpwss.tls.TestCertificates.Issued;
import io.github.mcpwss.tls.TlsReport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The whole text and the whole JSON document of {@link TlsReports}.
 */
class TlsReportsTests {

	private static final Clock clock = Clock.fixed(Instant.parse("2126-06-01T12:00:00Z"), ZoneOffset.UTC);

	private static final JsonMapper mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

	private static Issued root;

	private static Issued intermediate;

	private final TlsReports reports = new TlsReports(clock, Duration.ofDays(14));

	@BeforeAll
	static void issue() {
		root = from("2026-01-01", "2136-01-01", ForgedCertificate.authority("Root")).selfSigned();
		intermediate = from("2026-01-01", "2131-01-01", ForgedCertificate.authority("Sub").key("EC", 256))
			.signedBy(root);
	}

	private static ForgedCertificate from(String notBefore, String notAfter, ForgedCertificate certificate) {
		return certificate.notBefore(Instant.parse(notBefore + "T00:00:00Z"))
			.notAfter(Instant.parse(notAfter + "T00:00:00Z"));
	}

	@Test
	void serverThatDemandsClientCertificates() {
		Issued server = from("2026-05-01", "2126-06-10",
				ForgedCertificate.server("mcp.example.com", "localhost").subject("CN=server"))
			.signature("SHA256withECDSA")
			.signedBy(intermediate);
		EndpointProperties endpoint = TestProperties.bindEndpoint("server-mode=true", "tls.cert-path=a",
				"tls.key-path=b", "tls.ca-cert-path=c", "tls.ciphers=TLS_AES_256_GCM_SHA384");
		TlsReport report = this.reports.of(endpoint, "mcp-websocket", bundle(server, root),
				new Revocation(RevocationMode.HARD, List::of), "JDK");
		assertThat(report.describe()).isEqualTo("TLS of mcp.websocket: JDK, mcp.websocket.tls (SSL bundle "
				+ "'mcp-websocket'), TLSv1.3 and TLSv1.2; presents CN=server for mcp.example.com, localhost "
				+ "(RSA 2048, SHA256withECDSA, until 2126-06-10, 8 days), issued by CN=Sub (EC 256, SHA256withRSA, "
				+ "until 2131-01-01, 1674 days), chain complete; demands client certificates, verified by "
				+ "1 trusted certificate, revocation checked (hard) by revocation lists");
		assertThat(mapper.readTree(mapper.writeValueAsString(report))).isEqualTo(mapper.readTree("""
				{
				  "name" : "mcp.websocket",
				  "source" : "mcp.websocket.tls",
				  "bundle" : "mcp-websocket",
				  "engine" : "JDK",
				  "protocols" : [ "TLSv1.3", "TLSv1.2" ],
				  "cipherSuites" : [ "TLS_AES_256_GCM_SHA384" ],
				  "identity" : [ {
				    "subject" : "CN=server",
				    "names" : "mcp.example.com, localhost",
				    "issuer" : "CN=Sub",
				    "notBefore" : "2026-05-01T00:00:00Z",
				    "notAfter" : "2126-06-10T00:00:00Z",
				    "daysLeft" : 8,
				    "key" : "RSA 2048",
				    "signature" : "SHA256withECDSA",
				    "problems" : [ ]
				  }, {
				    "subject" : "CN=Sub",
				    "names" : "",
				    "issuer" : "CN=Root",
				    "notBefore" : "2026-01-01T00:00:00Z",
				    "notAfter" : "2131-01-01T00:00:00Z",
				    "daysLeft" : 1674,
				    "key" : "EC 256",
				    "signature" : "SHA256withRSA",
				    "problems" : [ ]
				  } ],
				  "missingIssuer" : null,
				  "trust" : "demands client certificates, verified by 1 trusted certificate",
				  "revocation" : "checked (hard) by revocation lists",
				  "warnings" : [ "CN=server expires in 8 days" ]
				}"""));
	}

	@Test
	void clientWithWhatIsNotForProduction() {
		// long ago by the fixed clock as well as by the one that the guard goes by
		Issued client = from("2020-01-01", "2021-01-01", ForgedCertificate.client().subject("CN=client"))
			.signature("SHA1withRSA")
			.selfSigned();
		EndpointProperties endpoint = TestProperties.bindEndpoint("url=wss://host", "tls.bundle=mine",
				"tls.accept-invalid-certs=true", "tls.enabled-protocols=TLSv1.2,TLSv1.1",
				"tls.ciphers=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
		TlsReport report = this.reports.of(endpoint, "mine", bundle(client, null), Revocation.NONE, "BoringSSL");
		assertThat(report.describe()).isEqualTo(
				"TLS of mcp.websocket: BoringSSL, mcp.websocket.tls (SSL bundle 'mine'), TLSv1.2 and TLSv1.1; presents CN=client (RSA 2048, "
						+ "SHA1withRSA, until 2021-01-01, -38502 days), chain complete; accepts every server certificate for the "
						+ "host of the URL");
		assertThat(mapper.readTree(mapper.writeValueAsString(report))).isEqualTo(mapper.readTree(
				"""
						{
						  "name" : "mcp.websocket",
						  "source" : "mcp.websocket.tls",
						  "bundle" : "mine",
						  "engine" : "BoringSSL",
						  "protocols" : [ "TLSv1.2", "TLSv1.1" ],
						  "cipherSuites" : [ "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384" ],
						  "identity" : [ {
						    "subject" : "CN=client",
						    "names" : "",
						    "issuer" : "CN=client",
						    "notBefore" : "2020-01-01T00:00:00Z",
						    "notAfter" : "2021-01-01T00:00:00Z",
						    "daysLeft" : -38502,
						    "key" : "RSA 2048",
						    "signature" : "SHA1withRSA",
						    "problems" : [ "expired on 2021-01-01",
						      "is signed with SHA1withRSA, and MD5 and SHA-1 are too weak" ]
						  } ],
						  "missingIssuer" : null,
						  "trust" : "accepts every server certificate for the host of the URL",
						  "revocation" : null,
						  "warnings" : [
						    "mcp.websocket.tls.accept-invalid-certs: self-signed, expired and unknown certificates are accepted",
						    "mcp.websocket.tls.enabled-protocols: TLSv1.1 is no longer secure",
						    "mcp.websocket.tls.bundle: the certificate CN=client expired on 2021-01-01",
						    "mcp.websocket.tls.bundle: the certificate CN=client is signed with SHA1withRSA, and MD5 and SHA-1 are too weak"
						  ]
						}"""));
	}

	@Test
	void clientWithoutCertificate() {
		EndpointProperties endpoint = TestProperties.bindEndpoint("url=wss://host", "tls.server-name=mcp.example.com",
				"tls.pinned-keys=sha256/hVHlaaTXmE+ue0pPd1Z7tVN0yIP8jVnO0pSoXHGTwUc=", "tls.revocation=soft");
		TlsReport report = this.reports.of(endpoint, null, null, new Revocation(RevocationMode.SOFT, null),
				"BoringSSL");
		assertThat(report.describe()).isEqualTo(
				"TLS of mcp.websocket: BoringSSL, mcp.websocket.tls, TLSv1.3 and TLSv1.2; presents no certificate; demands a server certificate for "
						+ "the name mcp.example.com that has the pin, verified by the authorities of the system unless it is "
						+ "self-signed, revocation checked (soft) by OCSP and distribution points");
		assertThat(report.warnings()).isEmpty();
	}

	private static SslBundle bundle(Issued identity, @Nullable Issued trusted) {
		try {
			KeyStore trustStore = (trusted != null) ? KeyStore.getInstance("PKCS12") : null;
			if (trustStore != null) {
				trustStore.load(null, null);
				trustStore.setCertificateEntry("ca", trusted.certificate());
			}
			return SslBundle.of(SslStoreBundle.of(identity.keyStore(), null, trustStore));
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}
