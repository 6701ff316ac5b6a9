package io.github.mcpwss.autoconfigure;

import java.nio.file.Path;
import java.time.Instant;

import io.github.mcpwss.tls.CertificateReport;
import io.github.mcpwss.tls.TestCertificates;
import io.github.mcpwss.tls.TestCertificates.Issued;
import io.github.mcpwss.tls.TlsAudit;
import io.github.mcpwss.tls.TlsReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Reports on TLS, in the log and from the bean.
 */
@ExtendWith(OutputCaptureExtension.class)
class TlsAuditTests {

	private final TestCertificates authority = TestCertificates.authority("CA");

	@TempDir
	private Path directory;

	@Test
	void serverWithClientCertificates(CapturedOutput output) {
		Contexts.server()
			.withPropertyValues(identity(this.authority.intermediate("Sub").issue("localhost", "127.0.0.1")))
			.withPropertyValues("mcp.websocket.tls.ca-cert-path=" + this.authority.writeTo(file("ca.crt")))
			.run((context) -> {
				TlsReport report = report(context.getBean(TlsAudit.class));
				assertThat(report.bundle()).isEqualTo("mcp-websocket");
				assertThat(report.protocols()).containsExactly("TLSv1.3", "TLSv1.2");
				assertThat(report.trust()).isEqualTo("demands client certificates, verified by 1 trusted certificate");
				assertThat(report.missingIssuer()).isNull();
				assertThat(report.identity()).extracting(CertificateReport::subject)
					.containsExactly("O=Test", "CN=Sub");
				assertThat(report.identity().get(0).daysLeft()).isEqualTo(89);
				CertificateReport certificate = report.identity().get(0);
				assertThat(certificate.names()).isEqualTo("localhost, 127.0.0.1");
				assertThat(certificate.issuer()).isEqualTo("CN=Sub");
				assertThat(certificate.notBefore()).isBefore(Instant.now());
				assertThat(certificate.notAfter()).isBetween(TestCertificates.daysFromNow(89),
						TestCertificates.daysFromNow(91));
				assertThat(certificate.key()).isEqualTo("EC 256");
				assertThat(certificate.signature()).isEqualTo("SHA256withECDSA");
				assertThat(certificate.problems()).isEmpty();
				assertThat(report.name()).isEqualTo("mcp.websocket");
				assertThat(report.engine()).isEqualTo(TlsEngine.ofServlet());
				assertThat(report.cipherSuites()).isNotEmpty()
					.allSatisfy((suite) -> assertThat(suite).doesNotContain("_CBC_"));
				assertThat(report.warnings()).isEmpty();
				assertThat(output).containsOnlyOnce(report.describe())
					.contains("presents O=Test for localhost, 127.0.0.1 (EC 256, SHA256withECDSA, until ", "89 days)",
							"chain complete");
				JsonNode json = JsonMapper.shared().valueToTree(report);
				assertThat(json.at("/identity/0/names").asString()).isEqualTo("localhost, 127.0.0.1");
			});
	}

	@Test
	void chainWithoutItsIssuerAndNearItsEnd(CapturedOutput output) {
		Issued issued = this.authority.intermediate("Sub")
			.issue(TestCertificates.daysFromNow(-1), TestCertificates.daysFromNow(5), "localhost")
			.withoutIssuers();
		Contexts.server().withPropertyValues(identity(issued)).run((context) -> {
			TlsReport report = report(context.getBean(TlsAudit.class));
			assertThat(report.missingIssuer()).isEqualTo("CN=Sub");
			assertThat(report.warnings()).containsExactly("O=Test expires in 4 days");
			assertThat(output).contains("chain without its issuer CN=Sub", "O=Test expires in 4 days");
		});
	}

	@Test
	void clientOfSystemAuthorities(CapturedOutput output) {
		Contexts.client().run((context) -> {
			TlsReport report = report(context.getBean(TlsAudit.class));
			assertThat(report.identity()).isEmpty();
			assertThat(report.trust()).isEqualTo(
					"demands a server certificate for the host of the URL, verified by the authorities of the system");
			assertThat(report.engine()).isEqualTo(TlsEngine.ofNetty(null));
			assertThat(output).contains(report.describe());
		});
	}

	@Test
	void namedConnectionsHaveReportsOfTheirOwn() {
		Contexts.client()
			.withPropertyValues("mcp.websocket.connections.other.url=wss://other",
					"mcp.websocket.connections.other.tls.server-name=name.example")
			.run((context) -> assertThat(context.getBean(TlsAudit.class).getReports()).extracting(TlsReport::name)
				.containsExactly("mcp.websocket", "mcp.websocket.connections.other"));
	}

	@Test
	void nothingIsToldWithoutTls(CapturedOutput output) {
		Contexts.offloadedServer().run((context) -> assertThat(context.getBean(TlsAudit.class).getReports()).isEmpty());
		Contexts.any().run((context) -> assertThat(context.getBean(TlsAudit.class).getReports()).isEmpty());
		assertThat(output).doesNotContain("TLS of");
	}

	private static TlsReport report(TlsAudit audit) {
		assertThat(audit.getReports()).hasSize(1);
		return audit.getReports().get(0);
	}

	private String[] identity(Issued issued) {
		return new String[] { "mcp.websocket.tls.cert-path=" + issued.writeCertificateTo(file("server.crt")),
				"mcp.websocket.tls.key-path=" + issued.writeKeyTo(file("server.key")) };
	}

	private Path file(String name) {
		return this.directory.resolve(name);
	}

}
