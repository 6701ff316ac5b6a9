package io.github.mcpwss.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.mcpwss.client.McpWebSocketConnectException;
import io.github.mcpwss.testing.OpenSsl;
import io.github.mcpwss.testing.TlsProbe;
import io.github.mcpwss.tls.ForgedCertificate;
import io.github.mcpwss.tls.OcspResponder;
import io.github.mcpwss.tls.TestCertificates;
import io.github.mcpwss.tls.TestCertificates.Issued;
import io.github.mcpwss.tls.TestRevocation;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Certificates that were revoked, or of which that cannot be found out, on live sockets.
 */
@Tag("engine")
@ExtendWith(OutputCaptureExtension.class)
class RevocationTests {

	private static final String HARD = "mcp.websocket.tls.revocation=hard";

	private static final String SOFT = "mcp.websocket.tls.revocation=soft";

	private static final Issued authority = ForgedCertificate.authority("CA").selfSigned();

	private final Issued identity = ForgedCertificate.server("localhost").signedBy(authority);

	private final TestRevocation revocation = new TestRevocation(authority);

	private final Applications applications = new Applications();

	@TempDir
	private Path directory;

	@AfterEach
	void close() {
		this.applications.close();
	}

	@Test
	void serverThatWasNotRevokedIsAccepted() {
		int port = server(this.identity);
		this.revocation.revoke(authority.certificate());
		assertThat(call(client(port, HARD, lists()))).isEqualTo("hello");
	}

	@ParameterizedTest
	@ValueSource(strings = { HARD, SOFT })
	void revokedServerIsRefused(String mode) {
		int port = server(this.identity);
		this.revocation.revoke(this.identity.certificate());
		assertRefused(client(port, mode, lists()),
				"TLS handshake failed: the certificate of localhost was revoked on 2025-11-20 (KEY_COMPROMISE), serial number "
						+ this.identity.certificate().getSerialNumber().toString(16));
	}

	@Test
	void revokedIntermediateIsRefused() {
		Issued intermediate = ForgedCertificate.authority("Sub").signedBy(authority);
		int port = server(ForgedCertificate.server("localhost").signedBy(intermediate));
		Path list = new TestRevocation(intermediate).writeListTo(file("sub.crl"));
		assertThat(call(client(port, HARD, lists() + "," + list))).isEqualTo("hello");
		assertRefused(client(port, HARD, lists()), "the certificate of localhost may have been revoked");
		this.revocation.revoke(intermediate.certificate());
		assertRefused(client(port, HARD, lists() + "," + list),
				"the issuer CN=Sub of the certificate of localhost was revoked");
	}

	@Test
	void listThatSaysNothingIsAWarningOrARefusal(CapturedOutput output) {
		int port = server(this.identity);
		this.revocation.nextUpdate(TestCertificates.daysFromNow(-1));
		String expired = lists();
		assertThat(call(client(port, SOFT, expired))).isEqualTo("hello");
		assertThat(output).contains("should have been updated by")
			.contains("The certificate CN=Forged, serial number "
					+ this.identity.certificate().getSerialNumber().toString(16)
					+ ", one of TLS servers, is accepted, and may have been revoked");
		assertRefused(client(port, HARD, expired),
				"the certificate of localhost may have been revoked, which could not be found out");
		String other = "mcp.websocket.tls.crl-paths="
				+ new TestRevocation(ForgedCertificate.authority("Other").selfSigned()).writeListTo(file("other.crl"));
		assertThat(call(client(port, SOFT, other))).isEqualTo("hello");
		assertRefused(client(port, HARD, other), "may have been revoked");
	}

	@ParameterizedTest
	@EnumSource(WebApplicationType.class)
	void revokedClientIsRefusedAsSoonAsTheListSaysSo(WebApplicationType type) throws Exception {
		Issued client = ForgedCertificate.client().signedBy(authority);
		int port = server(type, this.identity, HARD, lists(), authorities()[0],
				"spring.ssl.bundle.watch.file.quiet-period=50ms");
		new TlsProbe(client.keyManagerFactory()).connect(port);
		Files.writeString(file("ca.crl"), "half");
		assertThat(new TlsProbe(client.keyManagerFactory()).connect(port)).isNotNull();
		this.revocation.revoke(client.certificate());
		lists();
		Awaitility.await()
			.pollInterval(Duration.ofMillis(50))
			.untilAsserted(() -> assertThatIOException()
				.isThrownBy(() -> new TlsProbe(client.keyManagerFactory()).connect(port)));
		Issued other = ForgedCertificate.client().signedBy(authority);
		new TlsProbe(other.keyManagerFactory()).connect(port);
	}

	@Test
	void ocspResponderOfServerIsAsked() {
		try (OcspResponder responder = new OcspResponder(this.revocation)) {
			Issued issued = ForgedCertificate.server("localhost").ocspResponder(responder.url()).signedBy(authority);
			int port = server(issued);
			assertThat(call(client(port, HARD))).isEqualTo("hello");
			assertThat(responder.requests()).isPositive();
			this.revocation.revoke(issued.certificate());
			assertRefused(client(port, HARD), "the certificate of localhost was revoked on 2025-11-20");
			assertRefused(client(port, SOFT), "the certificate of localhost was revoked on 2025-11-20");
			responder.close();
			assertThat(call(client(port, SOFT))).isEqualTo("hello");
			assertRefused(client(port, HARD), "the certificate of localhost may have been revoked");
		}
	}

	@Test
	void ocspResponderOfClientIsAskedByTomcat() throws Exception {
		try (OcspResponder responder = new OcspResponder(this.revocation)) {
			Issued client = ForgedCertificate.client().ocspResponder(responder.url()).signedBy(authority);
			Issued revoked = ForgedCertificate.client().ocspResponder(responder.url()).signedBy(authority);
			this.revocation.revoke(revoked.certificate());
			int port = server(WebApplicationType.SERVLET, this.identity, HARD, authorities()[0]);
			new TlsProbe(client.keyManagerFactory()).connect(port);
			assertThatIOException().isThrownBy(() -> new TlsProbe(revoked.keyManagerFactory()).connect(port));
			assertThat(responder.requests()).isEqualTo(2);
		}
	}

	@Test
	void stapledResponseIsAskedForAndHeeded() throws Exception {
		OpenSsl.assumeInstalled();
		assertThat(refusalOfStapling(false)).contains("the certificate of localhost may have been revoked");
		assertThat(refusalOfStapling(true)).contains("server answered HTTP");
		this.revocation.revoke(this.identity.certificate());
		assertThat(refusalOfStapling(true)).contains("the certificate of localhost was revoked on 2025-11-20");
	}

	/**
	 * Connect to a server that speaks TLS and answers everything with a page.
	 * @param stapled whether it has a response of its certificate's OCSP responder
	 * @return why there is no socket
	 */
	private String refusalOfStapling(boolean stapled) throws IOException {
		List<String> arguments = new ArrayList<>(
				List.of("-www", "-cert", this.identity.writeCertificateTo(file("stapling.crt")).toString(), "-key",
						this.identity.writeKeyTo(file("stapling.key")).toString()));
		if (stapled) {
			Files.write(file("response.der"), this.revocation.response(this.identity.certificate()));
			arguments.addAll(List.of("-status_file", file("response.der").toString()));
		}
		try (OpenSsl.Server server = OpenSsl.serve(arguments.toArray(String[]::new))) {
			return refusal(client(server.port(), HARD));
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', nullValues = "-", value = { "crl-paths=a.crl;-;crl-paths has no effect",
			"revocation=hard;verify-server=false;revocation", "revocation=soft;accept-invalid-certs=true;revocation",
			"revocation=hard;crl-paths=missing.crl;Failed to read revocation list from 'missing.crl' (mcp.websocket.tls.crl-paths)",
			"revocation=hard;crl-paths=pom.xml;Failed to parse revocation list from 'pom.xml' (mcp.websocket.tls.crl-paths)" })
	void propertyWithoutEffectIsRefused(String property, String other, String words) {
		Contexts.client()
			.withPropertyValues("mcp.websocket.tls." + property, (other != null) ? "mcp.websocket.tls." + other : "a=b")
			.run((context) -> assertThat(Failures.text(context.getStartupFailure())).contains(words));
	}

	@Test
	void serverThatAsksForNoCertificatesCannotCheckThem() {
		Contexts.server()
			.withPropertyValues(HARD, "mcp.websocket.tls.cert-path=" + this.identity.writeCertificateTo(file("a.crt")),
					"mcp.websocket.tls.key-path=" + this.identity.writeKeyTo(file("a.key")))
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("mcp.websocket.tls.revocation has no effect", "mcp.websocket.tls.ca-cert-path"));
	}

	@Test
	void eventLoopsDoNotAskTheNetwork() {
		assertThatThrownBy(() -> server(WebApplicationType.REACTIVE, this.identity, HARD, authorities()[0]))
			.isInstanceOf(McpWebSocketConfigurationException.class)
			.hasMessageContaining("mcp.websocket.tls.revocation is set without mcp.websocket.tls.crl-paths");
	}

	private void assertRefused(ConfigurableApplicationContext client, String words) {
		assertThat(refusal(client)).contains(words);
	}

	private static String refusal(ConfigurableApplicationContext client) {
		Throwable failure = catchThrowable(() -> call(client));
		while (failure != null && !(failure instanceof McpWebSocketConnectException)) {
			failure = failure.getCause();
		}
		assertThat(failure).isNotNull();
		return failure.getMessage();
	}

	private static String call(ConfigurableApplicationContext client) {
		return Applications.echo(client, "hello");
	}

	private ConfigurableApplicationContext client(int port, String... properties) {
		return this.applications.client(port, StringUtils.concatenateStringArrays(properties, authorities()));
	}

	private int server(Issued issued) {
		return server(WebApplicationType.NONE, issued);
	}

	private int server(WebApplicationType type, Issued issued, String... properties) {
		ConfigurableApplicationContext server = this.applications.run(
				new SpringApplicationBuilder(Applications.ServerApplication.class).web(type), properties,
				"server.port=0", "server.address=127.0.0.1", "mcp.websocket.server-mode=true",
				"mcp.websocket.tls.cert-path=" + issued.writeCertificateTo(file("server.crt")),
				"mcp.websocket.tls.key-path=" + issued.writeKeyTo(file("server.key")),
				(type == WebApplicationType.NONE) ? "mcp.websocket.url=wss://127.0.0.1:0" : "a=b");
		return Applications.endpointPort(server);
	}

	private String lists() {
		return "mcp.websocket.tls.crl-paths=" + this.revocation.writeListTo(file("ca.crl"));
	}

	private String[] authorities() {
		return new String[] { "mcp.websocket.tls.ca-cert-path=" + authority.writeCertificateTo(file("ca.crt")) };
	}

	private Path file(String name) {
		return this.directory.resolve(name);
	}

}
