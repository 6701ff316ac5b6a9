package io.github.mcpwss.autoconfigure;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;

import io.github.mcpwss.testing.ScriptedServer;
import io.github.mcpwss.testing.TestTls;
import io.github.mcpwss.testing.TlsProbe;
import io.github.mcpwss.tls.ServerTrust;
import io.github.mcpwss.tls.ServerTrustManagers;
import io.github.mcpwss.tls.TestCertificates;
import io.github.mcpwss.tls.TestCertificates.Issued;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import org.apache.catalina.connector.Connector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Beans of an application that weaken TLS behind the back of the properties: what matters
 * is looked at when it is used.
 */
class TlsAtUseTests {

	private final Applications applications = new Applications();

	private final TestCertificates authority = TestCertificates.authority("CA");

	@TempDir
	private Path directory;

	@AfterEach
	void close() {
		this.applications.close();
	}

	@Test
	void plainConnectorHasNoSockets() throws Exception {
		ConfigurableApplicationContext server = server(WebApplicationType.SERVLET, PlainConnector.class);
		int plainPort = server.getBean(PlainConnector.class).connector.getLocalPort();
		assertThat(handshake(plainPort)).isEqualTo("HTTP/1.1 403 ");
		assertThatCode(() -> new TlsProbe().connect(Applications.port(server))).doesNotThrowAnyException();
	}

	@ParameterizedTest
	@EnumSource(value = WebApplicationType.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
	void serverThatLostItsTlsHasNoSockets(WebApplicationType type) throws Exception {
		ConfigurableApplicationContext server = server(type, TlsRemover.class);
		assertThat(handshake(Applications.port(server))).startsWith("HTTP/1.1 403 ");
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void bundleThatTrustsEveryoneDoesNot(boolean trustStore) throws Exception {
		try (ScriptedServer server = ScriptedServer.overTls(new TestTls(), (peer) -> peer.hang())) {
			Contexts.any()
				.withBean(SslBundleRegistrar.class,
						() -> (registry) -> registry.registerBundle("mine", trustingEveryone(trustStore)))
				.withPropertyValues("mcp.websocket.url=" + server.uri(), "mcp.websocket.tls.bundle=mine",
						"spring.profiles.active=prod")
				.run((context) -> {
					McpClientTransport transport = context.getBean(McpClientTransport.class);
					assertThat(catchThrowable(() -> transport.connect((message) -> message)
						.then(transport.sendMessage(new JSONRPCNotification("notifications/test")))
						.block())).hasMessageContaining("TLS handshake failed");
				});
		}
	}

	private SslBundle trustingEveryone(boolean withTrustStore) {
		KeyStore trustStore = null;
		if (withTrustStore) {
			try {
				trustStore = KeyStore.getInstance("PKCS12");
				trustStore.load(null, null);
				trustStore.setCertificateEntry("ca", this.authority.certificate());
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}
		return SslBundle.of(SslStoreBundle.of(null, null, trustStore), null, null, null, SslManagerBundle
			.from(ServerTrustManagers.trustManagerFactory(ServerTrust.NONE, List.of()).getTrustManagers()));
	}

	private ConfigurableApplicationContext server(WebApplicationType type, Class<?> configuration) {
		Issued identity = this.authority.issue("localhost");
		return this.applications.run(
				new SpringApplicationBuilder(Applications.ServerApplication.class, configuration).web(type),
				new String[] {
						"mcp.websocket.tls.cert-path="
								+ identity.writeCertificateTo(this.directory.resolve("server.crt")),
						"mcp.websocket.tls.key-path=" + identity.writeKeyTo(this.directory.resolve("server.key")) },
				"server.port=0", "server.address=127.0.0.1", "mcp.websocket.server-mode=true",
				"server.forward-headers-strategy=framework", "spring.profiles.active=prod");
	}

	private static String handshake(int port) throws IOException {
		try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
			socket.setSoTimeout(10_000);
			socket.getOutputStream()
				.write(("GET /mcp HTTP/1.1\r\nHost: localhost:" + port
						+ "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
						+ "X-Forwarded-Proto: https\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
					.getBytes(StandardCharsets.US_ASCII));
			return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
				.readLine();
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class PlainConnector {

		private final Connector connector = new Connector();

		@Bean
		WebServerFactoryCustomizer<TomcatServletWebServerFactory> plainConnectorCustomizer() {
			this.connector.setPort(0);
			return (factory) -> factory.addAdditionalConnectors(this.connector);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TlsRemover {

		@Bean
		static BeanPostProcessor tlsRemovingPostProcessor() {
			return new BeanPostProcessor() {

				@Override
				public @Nullable Object postProcessAfterInitialization(Object bean, String beanName) {
					if (bean instanceof AbstractConfigurableWebServerFactory factory) {
						factory.setSsl(null);
					}
					return bean;
				}

			};
		}

	}

}
