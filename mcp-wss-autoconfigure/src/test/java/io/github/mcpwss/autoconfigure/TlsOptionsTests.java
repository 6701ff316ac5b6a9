package io.github.mcpwss.autoconfigure;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;

import javax.net.ssl.SSLParameters;

import io.github.mcpwss.client.ConnectionInfo;
import io.github.mcpwss.client.McpWebSocketClientTransport;
import io.github.mcpwss.testing.ClientHello;
import io.github.mcpwss.testing.TlsProbe;
import io.github.mcpwss.tls.CertificatePin;
import io.github.mcpwss.tls.TestCertificates;
import io.github.mcpwss.tls.TestCertificates.Issued;
import io.netty.handler.ssl.OpenSsl;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Protocols, cipher suites, pins and the server's name on live sockets.
 */
@Tag("engine")
class TlsOptionsTests {

	private static final String AES_128 = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";

	private static final String AES_256 = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";

	private static final String DHE = "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384";

	private static final int PROTOCOL_VERSION = 70;

	private final TestCertificates authority = TestCertificates.authority("Test CA");

	private final Applications applications = new Applications();

	@TempDir
	private Path directory;

	@AfterEach
	void close() {
		this.applications.close();
	}

	@ParameterizedTest
	@EnumSource(WebApplicationType.class)
	void serverRefusesOldProtocolsAndCiphersAndPrefersItsOwn(WebApplicationType type) throws Exception {
		int port = server(type);
		assertThat(new ClientHello(ClientHello.TLS_1_1, 0xC009, 0xC00A).send(port)).isEqualTo(PROTOCOL_VERSION);
		assertThat(new ClientHello(ClientHello.TLS_1_2, ClientHello.CBC).send(port)).isPositive();
		assertThat(new ClientHello(ClientHello.TLS_1_2, ClientHello.CBC, ClientHello.GCM).send(port)).isEqualTo(-1);
		assertThat(new TlsProbe().connect(port).getProtocol()).isEqualTo("TLSv1.3");
		assertThat(tls12(AES_256, AES_128).connect(port).getCipherSuite()).isEqualTo(AES_128);
	}

	@ParameterizedTest
	@EnumSource(WebApplicationType.class)
	void serverUsesConfiguredProtocolsAndCiphers(WebApplicationType type) throws Exception {
		int port = server(type, "mcp.websocket.tls.enabled-protocols=TLSv1.2",
				"mcp.websocket.tls.ciphers=" + AES_256 + "," + AES_128);
		assertThatIOException().isThrownBy(() -> tls13().connect(port));
		assertThat(tls12(AES_128, AES_256).connect(port).getCipherSuite()).isEqualTo(AES_256);
		assertThatIOException().isThrownBy(() -> tls12("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256").connect(port));
	}

	@Test
	void clientUsesConfiguredProtocolsAndCiphers() {
		ConfigurableApplicationContext client = client(server(WebApplicationType.NONE), authorities(),
				"mcp.websocket.tls.enabled-protocols=TLSv1.2", "mcp.websocket.tls.ciphers=" + AES_256);
		assertThat(Applications.echo(client, "hello")).isEqualTo("hello");
		ConnectionInfo info = client.getBean(McpWebSocketClientTransport.class).getConnectionInfo().orElseThrow();
		assertThat(info.tlsProtocol()).isEqualTo("TLSv1.2");
		assertThat(info.cipherSuite()).isEqualTo(AES_256);
	}

	@Test
	void selfSignedServerIsTrustedByItsPin() {
		Issued issued = TestCertificates.selfSigned(TestCertificates.daysFromNow(-1), TestCertificates.daysFromNow(1),
				"localhost");
		int port = server(WebApplicationType.NONE, issued);
		assertThat(Applications.echo(
				client(port, "mcp.websocket.tls.pinned-keys=" + CertificatePin.ofPublicKey(issued.certificate())),
				"hello"))
			.isEqualTo("hello");
		ConfigurableApplicationContext other = client(port,
				"mcp.websocket.tls.pinned-keys=" + CertificatePin.ofPublicKey(this.authority.certificate()));
		assertThatThrownBy(() -> Applications.echo(other, "hello")).hasStackTraceContaining("self-signed");
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void certificateIsPinnedAsAWhole(boolean ownKey) throws Exception {
		Issued issued = ownKey ? TestCertificates.selfSigned(TestCertificates.daysFromNow(-1),
				TestCertificates.daysFromNow(1), "localhost") : this.authority.issue("localhost");
		int port = server(WebApplicationType.NONE, issued);
		String fingerprint = HexFormat.ofDelimiter(":")
			.withUpperCase()
			.formatHex(MessageDigest.getInstance("SHA-256").digest(issued.certificate().getEncoded()));
		for (String pin : new String[] { CertificatePin.ofCertificate(issued.certificate()).toString(), fingerprint,
				"sha256:" + fingerprint.replace(":", "").toLowerCase(Locale.ROOT) }) {
			String pins = "mcp.websocket.tls.pinned-keys=" + CertificatePin.ofPublicKey(this.authority.certificate())
					+ "," + pin;
			assertThat(Applications.echo(ownKey ? client(port, pins) : client(port, pins, authorities()), "hello"))
				.isEqualTo("hello");
		}
		Issued other = new Issued(this.authority.issue("localhost").chain(), issued.privateKey());
		ConfigurableApplicationContext client = client(port, authorities(),
				"mcp.websocket.tls.pinned-keys=" + CertificatePin.ofCertificate(other.certificate()));
		assertThatThrownBy(() -> Applications.echo(client, "hello"))
			.hasStackTraceContaining(ownKey ? "self-signed" : "is not pinned");
	}

	@Test
	void serverOfAnAuthorityHasToBePinnedToo() {
		Issued issued = this.authority.issue("localhost");
		int port = server(WebApplicationType.NONE, issued);
		String pin = CertificatePin.ofPublicKey(issued.certificate()).toString();
		ConfigurableApplicationContext other = client(port, authorities(),
				"mcp.websocket.tls.pinned-keys=" + CertificatePin.ofPublicKey(this.authority.certificate()));
		assertThatThrownBy(() -> Applications.echo(other, "hello")).hasStackTraceContaining(
				"TLS handshake failed: the certificate of localhost is not pinned: its public key is " + pin);
		assertThat(Applications.echo(client(port, authorities(), "mcp.websocket.tls.pinned-keys=" + pin), "hello"))
			.isEqualTo("hello");
	}

	@Test
	void nameOfServerIsVerifiedAndSent() {
		int port = server(WebApplicationType.NONE, this.authority.issue("mcp.example.com"));
		assertThat(Applications.echo(client(port, authorities(), "mcp.websocket.tls.server-name=mcp.example.com"),
				"hello"))
			.isEqualTo("hello");
		ConfigurableApplicationContext other = client(port, authorities(),
				"mcp.websocket.tls.server-name=other.example.com");
		assertThatThrownBy(() -> Applications.echo(other, "hello")).hasStackTraceContaining(
				"host other.example.com is not among the names mcp.example.com of the certificate");
	}

	@Test
	void hostOfUrlDoesNotCountWhereThereIsAServerName() {
		int port = server(WebApplicationType.NONE, this.authority.issue("localhost"));
		ConfigurableApplicationContext client = client(port, authorities(),
				"mcp.websocket.tls.server-name=mcp.example.com");
		assertThatThrownBy(() -> Applications.echo(client, "hello"))
			.hasStackTraceContaining("host mcp.example.com is not among the names localhost of the certificate");
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', value = { "enabled-protocols=TLSv1.4;enabled-protocols holds 'TLSv1.4'",
			"ciphers=TLS_NONE;ciphers holds 'TLS_NONE'", "pinned-keys=abc;pinned-keys holds 'abc'",
			"pinned-keys=sha256/abcd;openssl x509", "pinned-keys=sha256/abcd;has 3 bytes, and a SHA-256 has 32",
			"pinned-keys=sha256-cert/abcd;has 3 bytes, and a SHA-256 has 32",
			"pinned-keys=sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA-=;what follows the slash is not Base64",
			"pinned-keys=sha1/AAAAAAAAAAAAAAAAAAAAAAAAAAA=;it does not begin with sha256/ or sha256-cert/",
			"pinned-keys=AA:BB;it does not begin with sha256/ or sha256-cert/",
			"server-name=127.0.0.1;server-name is '127.0.0.1'", "server-name=a b;server-name is 'a b'" })
	void valueThatMeansNothingIsRefused(String property, String words) {
		Contexts.client()
			.withPropertyValues("mcp.websocket.tls." + property)
			.run((context) -> assertThat(Failures.text(context.getStartupFailure())).contains(words));
	}

	@ParameterizedTest
	@EnumSource(WebApplicationType.class)
	void serverRefusesCipherSuitesThatItsEngineDoesNotKnow(WebApplicationType type) {
		ThrowingCallable start = () -> server(type, "mcp.websocket.tls.ciphers=" + DHE + "," + AES_128);
		if (OpenSsl.isAvailable() && type != WebApplicationType.SERVLET) {
			assertThat(Failures.text(catchThrowable(start))).contains("does not know the cipher suites " + DHE + " (");
		}
		else {
			assertThatNoException().isThrownBy(start);
		}
	}

	@Test
	void clientRefusesCipherSuitesThatItsEngineDoesNotKnow() {
		ThrowingCallable start = () -> client(1, "mcp.websocket.tls.ciphers=" + DHE + "," + AES_128);
		if (OpenSsl.isAvailable()) {
			assertThat(Failures.text(catchThrowable(start))).contains("does not know the cipher suites " + DHE + " (");
		}
		else {
			assertThatNoException().isThrownBy(start);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1", "TLSv1.1", "SSLv3" })
	void oldProtocolIsRefusedInProduction(String protocol) {
		Contexts.client()
			.withPropertyValues("spring.profiles.active=prod",
					"mcp.websocket.tls.enabled-protocols=TLSv1.3," + protocol)
			.run((context) -> assertThat(context.getStartupFailure()).hasMessageContaining(protocol)
				.isInstanceOf(InsecureProductionException.class));
	}

	private static TlsProbe tls12(String... ciphers) {
		return new TlsProbe().with((parameters) -> set(parameters, "TLSv1.2", ciphers));
	}

	private static TlsProbe tls13() {
		return new TlsProbe().with((parameters) -> set(parameters, "TLSv1.3", "TLS_AES_128_GCM_SHA256"));
	}

	private static void set(SSLParameters parameters, String protocol, String... ciphers) {
		parameters.setProtocols(new String[] { protocol });
		parameters.setCipherSuites(ciphers);
	}

	private int server(WebApplicationType type, String... properties) {
		return server(type, this.authority.issue("localhost"), properties);
	}

	private int server(WebApplicationType type, Issued issued, String... properties) {
		ConfigurableApplicationContext server = this.applications.run(
				new SpringApplicationBuilder(Applications.ServerApplication.class).web(type), properties,
				"server.port=0", "server.address=127.0.0.1", "mcp.websocket.server-mode=true",
				"mcp.websocket.tls.cert-path=" + issued.writeCertificateTo(this.directory.resolve("server.crt")),
				"mcp.websocket.tls.key-path=" + issued.writeKeyTo(this.directory.resolve("server.key")),
				(type == WebApplicationType.NONE) ? "mcp.websocket.url=wss://127.0.0.1:0" : "a=b");
		return (type == WebApplicationType.NONE)
				? server.getEnvironment().getRequiredProperty("local.mcp.websocket.port", Integer.class)
				: Applications.port(server);
	}

	private ConfigurableApplicationContext client(int port, String... properties) {
		return this.applications.client(port, properties);
	}

	private String authorities() {
		return "mcp.websocket.tls.ca-cert-path=" + this.authority.writeTo(this.directory.resolve("ca.crt"));
	}

}
