package io.github.mcpwss.autoconfigure;

import java.io.IOException;
import java.nio.file.Path;

import io.github.mcpwss.testing.ClientHello;
import io.github.mcpwss.testing.OpenSsl;
import io.github.mcpwss.testing.OpenSsl.Result;
import io.github.mcpwss.tls.ForgedCertificate;
import io.github.mcpwss.tls.TestCertificates.Issued;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
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
@EnumSource(WebApplicationType.class)
class ProtocolFactsTests {

	private static final String ANY_CIPHER = "ALL:eNULL:@SECLEVEL=0";

	@Parameter
	WebApplicationType type;

	@TempDir
	private static Path directory;

	private static Applications applications;

	private static int port;

	@BeforeParameterizedClassInvocation
	static void start(WebApplicationType type) {
		Issued identity = ForgedCertificate.server("localhost")
			.signedBy(ForgedCertificate.authority("CA").selfSigned());
		applications = new Applications();
		port = Applications
			.endpointPort(applications.run(new SpringApplicationBuilder(Applications.ServerApplication.class).web(type),
					new String[0], "server.port=0", "server.address=127.0.0.1", "mcp.websocket.server-mode=true",
					"mcp.websocket.tls.cert-path=" + identity.writeCertificateTo(directory.resolve("server.crt")),
					"mcp.websocket.tls.key-path=" + identity.writeKeyTo(directory.resolve("server.key")),
					(type == WebApplicationType.NONE) ? "mcp.websocket.url=wss://127.0.0.1:0" : "a=b"));
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		applications.close();
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
		return this.type == WebApplicationType.SERVLET || !io.netty.handler.ssl.OpenSsl.isAvailable();
	}

	private static Result client(String input, String... arguments) {
		OpenSsl.assumeInstalled();
		String[] command = new String[arguments.length + 5];
		System.arraycopy(new String[] { "s_client", "-connect", "127.0.0.1:" + port, "-servername", "localhost" }, 0,
				command, 0, 5);
		System.arraycopy(arguments, 0, command, 5, arguments.length);
		return OpenSsl.run(input, command);
	}

}
