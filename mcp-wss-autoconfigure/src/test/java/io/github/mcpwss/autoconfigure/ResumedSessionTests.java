package io.github.mcpwss.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.stream.Stream;

import io.github.mcpwss.testing.TlsProbe;
import io.github.mcpwss.tls.ForgedCertificate;
import io.github.mcpwss.tls.TestCertificates.Issued;
import io.github.mcpwss.tls.TestRevocation;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Clients that resume a TLS session after what they are trusted by has changed.
 */
@Tag("engine")
class ResumedSessionTests {

	private static final Issued authority = ForgedCertificate.authority("CA").selfSigned();

	private final Issued client = ForgedCertificate.client().signedBy(authority);

	private final Applications applications = new Applications();

	@TempDir
	private Path directory;

	@AfterEach
	void close() {
		this.applications.close();
	}

	static Stream<Arguments> servers() {
		return Stream.of(WebApplicationType.values())
			.flatMap((type) -> Stream.of(Arguments.of(type, "TLSv1.3"), Arguments.of(type, "TLSv1.2")));
	}

	@ParameterizedTest
	@MethodSource("servers")
	void newAuthorityEndsSessionsOfTheOldOne(WebApplicationType type, String protocol) throws Exception {
		int port = server(type);
		TlsProbe probe = probe(this.client, protocol);
		long begin = probe.connect(port).getCreationTime();
		assertThat(probe.connect(port).getCreationTime()).as("resumed").isEqualTo(begin);
		Issued other = ForgedCertificate.authority("Other").selfSigned();
		replace("ca.crt", other.certificatePem());
		Issued otherClient = ForgedCertificate.client().signedBy(other);
		Awaitility.await().ignoreExceptions().until(() -> probe(otherClient, protocol).connect(port) != null);
		assertThatIOException().isThrownBy(() -> probe.connect(port));
	}

	@ParameterizedTest
	@MethodSource("servers")
	void revokedClientHasNoSessionToResume(WebApplicationType type, String protocol) throws Exception {
		TestRevocation revocation = new TestRevocation(authority);
		int port = server(type, "mcp.websocket.tls.revocation=hard",
				"mcp.websocket.tls.crl-paths=" + revocation.writeListTo(file("ca.crl")));
		TlsProbe probe = probe(this.client, protocol);
		probe.connect(port);
		probe.connect(port);
		revocation.revoke(this.client.certificate()).writeListTo(file("ca.crl"));
		Awaitility.await()
			.pollInterval(Duration.ofMillis(50))
			.untilAsserted(() -> assertThatIOException().isThrownBy(() -> probe(this.client, protocol).connect(port)));
		assertThatIOException().isThrownBy(() -> probe.connect(port));
	}

	private static TlsProbe probe(Issued identity, String protocol) {
		return new TlsProbe(identity.keyManagerFactory())
			.with((parameters) -> parameters.setProtocols(new String[] { protocol }));
	}

	private int server(WebApplicationType type, String... properties) {
		Issued identity = ForgedCertificate.server("localhost").signedBy(authority);
		ConfigurableApplicationContext server = this.applications.run(
				new SpringApplicationBuilder(Applications.ServerApplication.class).web(type),
				StringUtils.concatenateStringArrays(properties,
						new String[] { "spring.ssl.bundle.watch.file.quiet-period=50ms" }),
				"server.port=0", "server.address=127.0.0.1", "mcp.websocket.server-mode=true",
				"mcp.websocket.tls.cert-path=" + identity.writeCertificateTo(file("server.crt")),
				"mcp.websocket.tls.key-path=" + identity.writeKeyTo(file("server.key")),
				"mcp.websocket.tls.ca-cert-path=" + authority.writeCertificateTo(file("ca.crt")),
				(type == WebApplicationType.NONE) ? "mcp.websocket.url=wss://127.0.0.1:0" : "a=b");
		return Applications.endpointPort(server);
	}

	private void replace(String name, String content) throws IOException {
		Files.move(Files.writeString(file(name + ".new"), content), file(name), StandardCopyOption.REPLACE_EXISTING,
				StandardCopyOption.ATOMIC_MOVE);
	}

	private Path file(String name) {
		return this.directory.resolve(name);
	}

}
