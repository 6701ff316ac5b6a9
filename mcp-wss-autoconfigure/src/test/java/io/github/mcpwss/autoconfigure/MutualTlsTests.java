package io.github.mcpwss.autoconfigure;

import java.io.IOException;
import java.nio.file.Path;

import io.github.mcpwss.testing.TlsProbe;
import io.github.mcpwss.tls.ForgedCertificate;
import io.github.mcpwss.tls.TestCertificates;
import io.github.mcpwss.tls.TestCertificates.Issued;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Client certificates on every hosting: Tomcat, Reactor Netty, a listener of its own.
 */
@Tag("engine")
class MutualTlsTests {

	private final Issued authority = ForgedCertificate.authority("Client CA").selfSigned();

	private final Applications applications = new Applications();

	@TempDir
	private Path directory;

	@AfterEach
	void close() {
		this.applications.close();
	}

	@ParameterizedTest
	@EnumSource(WebApplicationType.class)
	void clientCertificateIsHeldToStrictRules(WebApplicationType type) {
		verify(type,
				new String[] { "mcp.websocket.tls.cert-path=" + file("server.crt"),
						"mcp.websocket.tls.key-path=" + file("server.key"),
						"mcp.websocket.tls.ca-cert-path=" + file("client-ca.crt") });
	}

	@ParameterizedTest
	@EnumSource(WebApplicationType.class)
	void clientCertificateIsHeldToStrictRulesWithBundle(WebApplicationType type) {
		String bundle = "spring.ssl.bundle.pem.mine.";
		verify(type,
				new String[] { bundle + "keystore.certificate=" + file("server.crt"),
						bundle + "keystore.private-key=" + file("server.key"),
						bundle + "truststore.certificate=" + file("client-ca.crt"), "mcp.websocket.tls.bundle=mine",
						"mcp.websocket.tls.client-auth=need" });
	}

	private void verify(WebApplicationType type, String[] properties) {
		TestCertificates serverAuthority = TestCertificates.authority("Server CA");
		write("server", serverAuthority.issue("localhost"));
		this.authority.writeCertificateTo(Path.of(file("client-ca.crt")));
		ConfigurableApplicationContext server = this.applications.run(
				new SpringApplicationBuilder(Applications.ServerApplication.class).web(type), properties,
				"server.port=0", "server.address=127.0.0.1", "mcp.websocket.server-mode=true",
				(type == WebApplicationType.NONE) ? "mcp.websocket.url=wss://127.0.0.1:0" : "a=b");
		int port = (type == WebApplicationType.NONE)
				? server.getEnvironment().getRequiredProperty("local.mcp.websocket.port", Integer.class)
				: Applications.port(server);
		assertThatCode(() -> connect(port, ForgedCertificate.client().signedBy(this.authority)))
			.doesNotThrowAnyException();
		assertRefused(port, ForgedCertificate.client().key("RSA", 1024).signedBy(this.authority));
		assertRefused(port, ForgedCertificate.server("localhost").signedBy(this.authority));
		assertRefused(port, ForgedCertificate.client().signedBy(ForgedCertificate.authority("Other").selfSigned()));
		assertThatIOException().isThrownBy(() -> new TlsProbe().connect(port));
	}

	private static void assertRefused(int port, Issued identity) {
		assertThatIOException().isThrownBy(() -> connect(port, identity));
	}

	private static void connect(int port, Issued identity) throws IOException {
		new TlsProbe(identity.keyManagerFactory()).connect(port);
	}

	private void write(String name, Issued identity) {
		identity.writeCertificateTo(Path.of(file(name + ".crt")));
		identity.writeKeyTo(Path.of(file(name + ".key")));
	}

	private String file(String name) {
		return this.directory.resolve(name).toString();
	}

}
