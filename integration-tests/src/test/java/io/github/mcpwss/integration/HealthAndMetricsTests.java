package io.github.mcpwss.integration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

import io.github.mcpwss.tls.DevelopmentCertificate;
import io.github.mcpwss.tls.DevelopmentCertificates;
import io.github.mcpwss.tls.TlsAudit;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.info.SslInfo.CertificateChainInfo;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What Spring Boot's health and metrics, and those of the starter, see of certificates,
 * while they are replaced.
 */
class HealthAndMetricsTests {

	@TempDir
	private Path directory;

	private SecuredApplications applications;

	@AfterEach
	void close() {
		this.applications.close();
	}

	@Test
	void certificatesAreSeenAndFollowed() throws Exception {
		this.applications = new SecuredApplications(this.directory);
		DevelopmentCertificate first = new DevelopmentCertificates(this.directory.resolve("first")).get();
		DevelopmentCertificate second = new DevelopmentCertificates(this.directory.resolve("second")).get();
		use(first);
		ConfigurableApplicationContext server = this.applications.start(
				new SpringApplicationBuilder(SecuredApplications.ServerApplication.class).web(WebApplicationType.NONE),
				List.of("mcp.websocket.server-mode=true", "mcp.websocket.url=wss://127.0.0.1:0",
						"mcp.websocket.tls.cert-path=" + this.directory.resolve("server.crt"),
						"mcp.websocket.tls.key-path=" + this.directory.resolve("server.key"),
						"management.health.ssl.certificate-validity-warning-threshold=20000d",
						"spring.ssl.bundle.watch.file.quiet-period=200ms"));
		assertSeen(server, first);
		assertThat(server.getBean(TlsAudit.class).getReports().get(0).warnings()).as("Boot's own threshold")
			.anySatisfy((warning) -> assertThat(warning).contains(" expires in "));
		assertThat(unusableFiles(server)).isEmpty();
		use(second);
		await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertSeen(server, second));
		// half of a pair, and half written
		String half = Files.readString(first.certificate()).substring(0, 300);
		replace("server.crt", half);
		assertThat(unusableFiles(server)).singleElement()
			.asString()
			.contains("Failed to parse certificate", "mcp.websocket.tls.cert-path", "is cut off");
		replace("server.crt", Files.readString(first.certificate()));
		assertThat(unusableFiles(server)).singleElement()
			.asString()
			.contains("the private key does not belong to the certificate");
		await().during(Duration.ofSeconds(1)).untilAsserted(() -> assertSeen(server, second));
		use(first);
		assertThat(unusableFiles(server)).isEmpty();
		await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertSeen(server, first));
	}

	private static void assertSeen(ConfigurableApplicationContext server, DevelopmentCertificate certificate) {
		X509Certificate expected = read(certificate.certificate());
		String serialNumber = expected.getSerialNumber().toString(16);
		Health health = health(server, "sslHealthIndicator");
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		for (String detail : List.of("validChains", "expiringChains")) {
			assertThat((List<?>) Objects.requireNonNull(health.getDetails().get(detail))).singleElement()
				.isInstanceOfSatisfying(CertificateChainInfo.class,
						(chain) -> assertThat(chain.getCertificates().get(0).getSerialNumber())
							.isEqualToIgnoringCase(serialNumber));
		}
		Gauge secondsLeft = server.getBean(MeterRegistry.class)
			.find("ssl.chain.expiry")
			.tags("bundle", "mcp-websocket", "certificate", serialNumber)
			.gauge();
		assertThat(secondsLeft).isNotNull();
		assertThat(Duration.ofSeconds((long) secondsLeft.value()))
			.isCloseTo(Duration.between(Instant.now(), expected.getNotAfter().toInstant()), Duration.ofMinutes(1));
		assertThat(server.getBean(TlsAudit.class).getReports()).singleElement()
			.satisfies((report) -> assertThat(report.identity().get(0).notAfter())
				.isEqualTo(expected.getNotAfter().toInstant()));
	}

	private static Health health(ConfigurableApplicationContext server, String name) {
		return Objects.requireNonNull(server.getBean(name, HealthIndicator.class).health());
	}

	private static List<?> unusableFiles(ConfigurableApplicationContext server) {
		Health health = health(server, "mcpWebSocketTlsHealthIndicator");
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		return (List<?>) Objects.requireNonNull(health.getDetails().get("unusableFiles"));
	}

	private static X509Certificate read(Path file) {
		try {
			return (X509Certificate) CertificateFactory.getInstance("X.509")
				.generateCertificate(Files.newInputStream(file));
		}
		catch (IOException | CertificateException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void use(DevelopmentCertificate certificate) throws IOException {
		replace("server.key", Files.readString(certificate.privateKey()));
		replace("server.crt", Files.readString(certificate.certificate()));
	}

	private void replace(String name, String content) throws IOException {
		Path whole = Files.writeString(this.directory.resolve(name + ".new"), content);
		Files.move(whole, this.directory.resolve(name), StandardCopyOption.REPLACE_EXISTING,
				StandardCopyOption.ATOMIC_MOVE);
	}

}
