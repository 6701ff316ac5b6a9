package io.github.mcpwss.autoconfigure;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

import io.github.mcpwss.testing.FailingClients;
import io.github.mcpwss.testing.TlsProbe;
import io.github.mcpwss.tls.TestCertificates;
import io.github.mcpwss.tls.TestCertificates.Issued;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

/**
 * What the server's log tells of failed TLS handshakes on every hosting: Tomcat, Reactor
 * Netty, a listener of its own. Other addresses of the loopback interface than 127.0.0.1
 * are there on Linux alone.
 */
@Tag("engine")
@EnabledOnOs(OS.LINUX)
@ExtendWith(OutputCaptureExtension.class)
class TlsFailureLogTests {

	private final Applications applications = new Applications();

	@TempDir
	private Path directory;

	@AfterEach
	void close() {
		this.applications.close();
	}

	@ParameterizedTest
	@EnumSource(WebApplicationType.class)
	void failuresAreTold(WebApplicationType type, CapturedOutput output) throws Exception {
		TestCertificates authority = TestCertificates.authority("CA");
		int port = start(type, authority);
		Map<String, String> expected = new LinkedHashMap<>();
		try (FailingClients clients = new FailingClients(port, authority, 1);
				FailingClients oldClients = new FailingClients(port, authority, 50)) {
			expected.putAll(clients.run(false));
			expected.putAll(oldClients.run(true));
			await().atMost(Duration.ofSeconds(15))
				.untilAsserted(() -> expected
					.forEach((client, words) -> assertThat(linesOf(client, output)).as(client + " " + words)
						.singleElement()
						.asString()
						.containsPattern(words.replace("ADDRESS", client))));
		}
		assertThat(output).doesNotContain("secret-token").doesNotContain("7365637265742d746f6b656e");
	}

	@Test
	void lineIsWrittenOncePerAddressAndMinute(CapturedOutput output) throws Exception {
		int port = start(WebApplicationType.NONE, TestCertificates.authority("CA"));
		// as a load balancer does: no failure at all
		new Socket(InetAddress.getByName("127.0.0.1"), port).close();
		for (int i = 0; i < 3; i++) {
			assertThatIOException().isThrownBy(() -> new TlsProbe().connect(port));
		}
		// of another address, so that the failures before it have been seen
		try (FailingClients clients = new FailingClients(port, TestCertificates.authority("CA"), 100)) {
			clients.run(false);
			await().until(() -> output.toString().contains("does not speak TLS"));
		}
		assertThat(output.toString().lines().filter((line) -> line.contains("client 127.0.0.1:"))).singleElement()
			.asString()
			.contains("presented no client certificate");
	}

	private static Stream<String> linesOf(String client, CharSequence output) {
		return output.toString().lines().filter((line) -> line.matches(".*client " + client + "(\\D.*)?"));
	}

	private int start(WebApplicationType type, TestCertificates authority) {
		Issued identity = authority.issue("localhost");
		ConfigurableApplicationContext server = this.applications.run(
				new SpringApplicationBuilder(Applications.ServerApplication.class).web(type),
				new String[] {
						"mcp.websocket.tls.cert-path="
								+ identity.writeCertificateTo(this.directory.resolve("server.crt")),
						"mcp.websocket.tls.key-path=" + identity.writeKeyTo(this.directory.resolve("server.key")),
						"mcp.websocket.tls.ca-cert-path=" + authority.writeTo(this.directory.resolve("ca.crt")) },
				"server.port=0", "server.address=127.0.0.1", "mcp.websocket.timeout=3s",
				"mcp.websocket.server-mode=true",
				(type == WebApplicationType.NONE) ? "mcp.websocket.url=wss://127.0.0.1:0" : "a=b");
		return Applications.endpointPort(server);
	}

}
