package io.github.mcpwss.autoconfigure;

import java.nio.file.Path;
import java.util.stream.Stream;

import io.github.mcpwss.tls.TestCertificates;
import io.github.mcpwss.tls.TestCertificates.Issued;
import io.netty.handler.ssl.OpenSsl;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Keys of every algorithm, of servers and clients, on live sockets.
 */
@Tag("engine")
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
			.flatMap((type) -> Stream.of(Algorithm.rsa2048, Algorithm.ecp384, Algorithm.ed25519)
				.map((algorithm) -> Arguments.of(type, algorithm)));
	}

	@ParameterizedTest
	@MethodSource("keys")
	void serverAndClientUseKeysOfAlgorithm(WebApplicationType type, Algorithm algorithm) {
		Assumptions.assumeFalse(algorithm == Algorithm.ed25519 && OpenSsl.isAvailable(),
				"BoringSSL in Netty does not negotiate Ed25519");
		Path ca = this.authority.writeTo(this.directory.resolve("ca.crt"));
		Issued server = this.authority.issue(algorithm, "localhost");
		Issued client = this.authority.issueClient(algorithm, "client");
		int port = Applications.endpointPort(
				this.applications.run(new SpringApplicationBuilder(Applications.ServerApplication.class).web(type),
						files("server", server), "server.port=0", "server.address=127.0.0.1",
						"mcp.websocket.server-mode=true", "mcp.websocket.tls.ca-cert-path=" + ca,
						(type == WebApplicationType.NONE) ? "mcp.websocket.url=wss://127.0.0.1:0" : "a=b"));
		String[] identity = files("client", client);
		assertThat(Applications.echo(
				this.applications.client(port, identity[0], identity[1], "mcp.websocket.tls.ca-cert-path=" + ca),
				"hello"))
			.isEqualTo("hello");
	}

	private String[] files(String name, Issued issued) {
		return new String[] {
				"mcp.websocket.tls.cert-path=" + issued.writeCertificateTo(this.directory.resolve(name + ".crt")),
				"mcp.websocket.tls.key-path=" + issued.writeKeyTo(this.directory.resolve(name + ".key")) };
	}

}
