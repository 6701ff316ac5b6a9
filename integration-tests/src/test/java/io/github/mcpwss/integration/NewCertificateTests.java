package io.github.mcpwss.integration;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

import io.github.mcpwss.tls.DevelopmentCertificate;
import io.github.mcpwss.tls.DevelopmentCertificates;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * New certificates without a restart, on every web server.
 */
class NewCertificateTests {

	@TempDir
	private Path directory;

	private SecuredApplications applications;

	@AfterEach
	void close() {
		this.applications.close();
	}

	@ParameterizedTest
	@EnumSource
	void newCertificateIsPresented(WebStack stack) throws Exception {
		this.applications = new SecuredApplications(this.directory);
		DevelopmentCertificate first = new DevelopmentCertificates(this.directory.resolve("first")).get();
		DevelopmentCertificate second = new DevelopmentCertificates(this.directory.resolve("second")).get();
		use(first);
		ConfigurableApplicationContext server = this.applications.start(
				new SpringApplicationBuilder(SecuredApplications.ServerApplication.class).web(stack.type()),
				List.of(stack.property(), "server.port=0", "server.address=127.0.0.1", "mcp.websocket.server-mode=true",
						"mcp.websocket.tls.cert-path=" + this.directory.resolve("server.crt"),
						"mcp.websocket.tls.key-path=" + this.directory.resolve("server.key"),
						"spring.ssl.bundle.watch.file.quiet-period=100ms"));
		int port = ((WebServerApplicationContext) server).getWebServer().getPort();
		try (SSLSocket before = connect(port)) {
			assertThat(before.getSession().getPeerCertificates()[0]).isEqualTo(read(first));
			use(second);
			await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
				try (SSLSocket after = connect(port)) {
					assertThat(after.getSession().getPeerCertificates()[0]).isEqualTo(read(second));
				}
			});
			before.getOutputStream()
				.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			assertThat(before.getInputStream().read()).as("the connection of before").isEqualTo('H');
		}
	}

	private static SSLSocket connect(int port) throws IOException, GeneralSecurityException {
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
		SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
		socket.setSoTimeout(10_000);
		socket.startHandshake();
		return socket;
	}

	private static Certificate read(DevelopmentCertificate certificate) {
		try {
			return CertificateFactory.getInstance("X.509")
				.generateCertificate(Files.newInputStream(certificate.certificate()));
		}
		catch (IOException | CertificateException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void use(DevelopmentCertificate certificate) throws IOException {
		replace("server.key", certificate.privateKey());
		replace("server.crt", certificate.certificate());
	}

	private void replace(String name, Path content) throws IOException {
		Path whole = Files.copy(content, this.directory.resolve(name + ".new"), StandardCopyOption.REPLACE_EXISTING);
		Files.move(whole, this.directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
	}

}
