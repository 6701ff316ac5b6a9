package io.github.mcpwss.autoconfigure;

import java.nio.file.Path;
import java.util.stream.Stream;

import io.github.mcpwss.tls.TestCertificates;
import io.github.mcpwss.tls.TestCertificates.Issued;
import io.netty.handler.ssl.OpenSsl;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Keys of every algorithm, of servers and clients, on live sockets.
 */
@Tag("engine")
@ExtendWith(OutputCaptureExtension.class)
class KeyAlgorithmTests {

	private final TestCertificates authority = TestCertificates.authority("CA");

	private final Applications applications = new Applications();

	@TempDir
	private Path directory;

	@AfterEach
	void close() {
		this.applications.close();
	}

	static Stream<Arguments> keys() {
		return Stream.of(WebApplicationType.SERVLET, WebApplicationType.NONE)
			.flatMap((type) -> Stream.of(Algorithm.rsa2048, Algorithm.ecp256, Algorithm.ecp384, Algorithm.ed25519)
				.map((algorithm) -> Arguments.of(type, algorithm)));
	}

	@ParameterizedTest
	@MethodSource("keys")
	void serverAndClientUseKeysOfAlgorithm(WebApplicationType type, Algorithm algorithm) {
		TestCertificates clientAuthority = TestCertificates.authority(algorithm, "Client CA");
		Path clientCa = clientAuthority.writeTo(this.directory.resolve("client-ca.crt"));
		Path serverCa = this.authority.writeTo(this.directory.resolve("ca.crt"));
		int port = server(type, this.authority.issue(algorithm, "localhost"),
				"mcp.websocket.tls.ca-cert-path=" + clientCa);
		assertThat(echo(port, clientAuthority.issueClient(algorithm, "client"),
				"mcp.websocket.tls.ca-cert-path=" + serverCa))
			.isEqualTo("hello");
	}

	@ParameterizedTest
	@EnumSource(WebApplicationType.class)
	void clientWithoutKeyVerifiesServerWithEd25519Key(WebApplicationType type, CapturedOutput output) {
		int port = server(type, this.authority.issue(Algorithm.ed25519, "localhost"));
		Path ca = this.authority.writeTo(this.directory.resolve("ca.crt"));
		assertThat(echo(port, null, "mcp.websocket.tls.ca-cert-path=" + ca)).isEqualTo("hello");
		String words = "The JDK does TLS with wss://localhost:" + port + "/mcp from now on";
		if (OpenSsl.isAvailable()) {
			assertThat(output).containsOnlyOnce(words);
		}
		else {
			assertThat(output).doesNotContain(words);
		}
	}

	@Test
	void engineIsToldWithItsReason(CapturedOutput output) {
		int port = server(WebApplicationType.NONE, this.authority.issue(Algorithm.ed25519, "localhost"));
		assertThat(port).isPositive();
		String line = output.toString()
			.lines()
			.filter((candidate) -> candidate.contains("TLS of mcp.websocket:"))
			.findFirst()
			.orElseThrow();
		if (OpenSsl.isAvailable()) {
			assertThat(line).containsPattern(
					"TLS of mcp.websocket: TLS of the JDK \\S+ because of Ed25519 keys, in place of BoringSSL");
		}
		else {
			assertThat(line).contains("TLS of the JDK").doesNotContain("because");
		}
	}

	@ParameterizedTest
	@EnumSource(value = WebApplicationType.class, names = { "SERVLET", "NONE" })
	void clientWithEd25519KeyOfOtherAuthority(WebApplicationType type, CapturedOutput output) {
		Path ca = this.authority.writeTo(this.directory.resolve("ca.crt"));
		int port = server(type, this.authority.issue("localhost"), "mcp.websocket.tls.ca-cert-path=" + ca);
		Issued client = this.authority.issueClient(Algorithm.ed25519, "client");
		if (type == WebApplicationType.NONE && OpenSsl.isAvailable()) {
			assertThatThrownBy(() -> echo(port, client, "mcp.websocket.tls.ca-cert-path=" + ca)).rootCause()
				.isNotNull();
			assertThat(output).contains("BoringSSL takes none with an Ed25519 key");
		}
		else {
			assertThat(echo(port, client, "mcp.websocket.tls.ca-cert-path=" + ca)).isEqualTo("hello");
		}
	}

	private int server(WebApplicationType type, Issued issued, String... properties) {
		String[] identity = files("server", issued);
		return Applications.endpointPort(
				this.applications.run(new SpringApplicationBuilder(Applications.ServerApplication.class).web(type),
						StringUtils.concatenateStringArrays(identity, properties), "server.port=0",
						"server.address=127.0.0.1", "mcp.websocket.server-mode=true",
						(type == WebApplicationType.NONE) ? "mcp.websocket.url=wss://127.0.0.1:0" : "a=b"));
	}

	private String echo(int port, Issued identity, String... properties) {
		String[] files = (identity != null) ? files("client", identity) : new String[0];
		return Applications.echo(this.applications.client(port, StringUtils.concatenateStringArrays(files, properties)),
				"hello");
	}

	private String[] files(String name, Issued issued) {
		return new String[] {
				"mcp.websocket.tls.cert-path=" + issued.writeCertificateTo(this.directory.resolve(name + ".crt")),
				"mcp.websocket.tls.key-path=" + issued.writeKeyTo(this.directory.resolve(name + ".key")) };
	}

}
