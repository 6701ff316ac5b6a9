package io.github.mcpwss.autoconfigure;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

import io.github.mcpwss.testing.ClientHello;
import io.github.mcpwss.testing.JettyTlsServer;
import io.github.mcpwss.testing.OpenSsl;
import io.github.mcpwss.testing.OpenSsl.Result;
import io.github.mcpwss.tls.ForgedCertificate;
import io.github.mcpwss.tls.TestCertificates.Issued;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a scanner of TLS servers looks for, with an RSA key, which weak suites need.
 */
@Tag("engine")
@ParameterizedClass
@EnumSource(ProtocolFactsTests.Server.class)
class ProtocolFactsTests {

	private static final String ANY_CIPHER = "ALL:eNULL:@SECLEVEL=0";

	/**
	 * ECDHE with RSA and AEAD.
	 */
	private static final Set<Integer> GOOD_CIPHERS = Set.of(0xC02F, 0xC030, 0xCCA8);

	private static final Issued root = ForgedCertificate.authority("CA").selfSigned();

	@Parameter
	Server server;

	@TempDir
	private static Path directory;

	private static Path authorities;

	private static AutoCloseable running;

	private static int port;

	@BeforeParameterizedClassInvocation
	static void start(Server server) {
		authorities = root.writeCertificateTo(directory.resolve("ca.crt"));
		Issued identity = ForgedCertificate.server("localhost")
			.signedBy(ForgedCertificate.authority("Sub").signedBy(root));
		if (server.type == null) {
			JettyTlsServer jetty = new JettyTlsServer(identity);
			running = jetty;
			port = jetty.port();
			return;
		}
		Applications applications = new Applications();
		running = applications;
		port = Applications.endpointPort(
				applications.run(new SpringApplicationBuilder(Applications.ServerApplication.class).web(server.type),
						new String[0], "server.port=0", "server.address=127.0.0.1", "mcp.websocket.server-mode=true",
						"mcp.websocket.tls.cert-path=" + identity.writeCertificateTo(directory.resolve("server.crt")),
						"mcp.websocket.tls.key-path=" + identity.writeKeyTo(directory.resolve("server.key")),
						(server.type == WebApplicationType.NONE) ? "mcp.websocket.url=wss://127.0.0.1:0" : "a=b"));
	}

	@AfterParameterizedClassInvocation
	static void stop() throws Exception {
		running.close();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0x0300, 0x0301, 0x0302 })
	void oldVersionIsRefused(int version) throws IOException {
		assertThat(new ClientHello(version, 0xC013, 0xC014, 0x002F, 0x0035, 0x000A).send(port)).isPositive();
	}

	@ParameterizedTest
	@ValueSource(strings = { "-tls1", "-tls1_1" })
	void oldVersionOfOpenSslIsRefused(String version) {
		Result result = client("", version, "-cipher", ANY_CIPHER);
		assertThat(result.output()).containsAnyOf("alert protocol version", "alert handshake failure");
		assertThat(result.status()).isNotZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "ALL:eNULL:!ECDHE", "ECDHE:!AESGCM:!CHACHA20:!AESCCM8", "DHE", "kRSA", "aNULL", "eNULL" })
	void weakCipherSuiteIsRefused(String ciphers) {
		Result result = client("", "-tls1_2", "-cipher", ciphers + ":@SECLEVEL=0");
		assertThat(result.output()).contains("alert handshake failure");
		assertThat(result.status()).isNotZero();
	}

	@Test
	void strongCipherSuiteIsServedInTheServersOrder() {
		Result result = client("", "-tls1_2", "-cipher", "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256");
		assertThat(result.output()).contains("Cipher is ECDHE-RSA-AES128-GCM-SHA256")
			.contains("Compression: NONE")
			.contains("Secure Renegotiation IS supported");
		result = client("", "-tls1_3", "-ciphersuites", "TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256");
		// BoringSSL has an order of its own for the three suites of TLS 1.3
		assertThat(result.output()).contains("Compression: NONE")
			.contains("Cipher is TLS_AES_" + (isJdk() ? "128_GCM_SHA256" : ""));
	}

	@Test
	void noCipherSuiteIsServedButGoodOnes() throws IOException {
		int[] others = IntStream.rangeClosed(0x0001, 0x00C7).toArray();
		int[] ellipticCurve = IntStream.rangeClosed(0xC001, 0xC0AF)
			.filter((cipher) -> !GOOD_CIPHERS.contains(cipher))
			.toArray();
		int[] chacha = { 0xCCA9, 0xCCAA, 0xCCAB, 0xCCAC, 0xCCAD, 0xCCAE };
		for (int[] ciphers : List.of(others, ellipticCurve, chacha)) {
			assertThat(new ClientHello(ClientHello.TLS_1_2, ciphers).send(port)).isPositive();
		}
		for (int cipher : GOOD_CIPHERS) {
			assertThat(new ClientHello(ClientHello.TLS_1_2, cipher).send(port)).as("%x", cipher).isEqualTo(-1);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "-tls1_2", "-tls1_3" })
	void versionIsServedWithTheWholeChain(String version) {
		Result result = client("", version, "-showcerts", "-CAfile", authorities.toString(), "-verify_return_error",
				"-verify_hostname", "localhost", "-status");
		assertThat(result.output()).contains("Verify return code: 0 (ok)")
			.contains("OCSP response: no response sent")
			.containsPattern("(?s)BEGIN CERTIFICATE.*BEGIN CERTIFICATE")
			.doesNotContainPattern("(?s)BEGIN CERTIFICATE.*BEGIN CERTIFICATE.*BEGIN CERTIFICATE");
		assertThat(result.status()).isZero();
	}

	@Test
	void nameThatIsNotKnownIsServed() {
		OpenSsl.assumeInstalled();
		assertThat(OpenSsl
			.run("", "s_client", "-connect", "127.0.0.1:" + port, "-servername", "other.example.com", "-CAfile",
					authorities.toString())
			.output()).contains("Verify return code: 0 (ok)");
	}

	@ParameterizedTest
	@CsvSource({ "X25519,true", "P-256,true", "P-384,true", "P-224,false", "secp256k1,false", "sect283k1,false",
			"brainpoolP256r1,false" })
	void group(String group, boolean served) {
		Result result = client("", "-tls1_2", "-cipher", ANY_CIPHER, "-groups", group);
		assertThat(result.status() == 0).as(result.output()).isEqualTo(served);
	}

	@Test
	void sessionOfTls12IsResumed() {
		assertThat(client("", "-tls1_2", "-reconnect").output()).contains("Reused, TLSv1.2");
	}

	@Test
	void nothingIsReadBeforeTheHandshakeIsDone() {
		Path session = directory.resolve("session");
		Result result = client("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "-tls1_3", "-ign_eof",
				"-sess_out", session.toString());
		assertThat(result.output()).contains("Max Early Data: 0").doesNotContainPattern("Max Early Data: [1-9]");
		assertThat(client("", "-tls1_3", "-sess_in", session.toString()).output()).contains("Reused, TLSv1.3")
			.doesNotContain("Early data was accepted");
	}

	@Test
	void http2IsNotNegotiated() {
		Result result = client("", "-alpn", "h2,http/1.1", "-tlsextdebug");
		assertThat(result.output()).containsAnyOf("ALPN protocol: http/1.1", "No ALPN negotiated")
			.doesNotContainIgnoringCase("heartbeat");
	}

	@Test
	void nothingIsSignedWithSha1WhereTheClientKnowsBetter() {
		Assumptions.assumeFalse(isJdk(), "the JDK signs with what the client prefers");
		Result result = client("", "-tls1_2", "-sigalgs", "RSA+SHA1:RSA+SHA256", "-cipher", "ALL:@SECLEVEL=0");
		assertThat(result.output()).contains("Peer signing digest: SHA256");
	}

	private boolean isJdk() {
		return this.server == Server.TOMCAT || this.server == Server.JETTY
				|| !io.netty.handler.ssl.OpenSsl.isAvailable();
	}

	private static Result client(String input, String... arguments) {
		OpenSsl.assumeInstalled();
		String[] command = new String[arguments.length + 5];
		System.arraycopy(new String[] { "s_client", "-connect", "127.0.0.1:" + port, "-servername", "localhost" }, 0,
				command, 0, 5);
		System.arraycopy(arguments, 0, command, 5, arguments.length);
		return OpenSsl.run(input, command);
	}

	/**
	 * What serves the endpoint.
	 */
	enum Server {

		TOMCAT(WebApplicationType.SERVLET),

		/**
		 * As Spring Boot and the product configure it, but not in an application.
		 */
		JETTY(null),

		REACTIVE(WebApplicationType.REACTIVE),

		LISTENER(WebApplicationType.NONE);

		private final @Nullable WebApplicationType type;

		Server(@Nullable WebApplicationType type) {
			this.type = type;
		}

	}

}
