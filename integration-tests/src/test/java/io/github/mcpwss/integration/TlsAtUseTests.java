package io.github.mcpwss.integration;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

import io.github.mcpwss.tls.DevelopmentCertificate;
import io.github.mcpwss.tls.DevelopmentCertificates;
import io.github.mcpwss.tls.TlsAudit;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.server.SecurityWebFilterChain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Customizers that weaken the TLS of each web server behind the back of the properties.
 */
class TlsAtUseTests {

	@TempDir
	private Path directory;

	private SecuredApplications applications;

	private DevelopmentCertificate certificate;

	@BeforeEach
	void issue() {
		this.applications = new SecuredApplications(this.directory);
		this.certificate = new DevelopmentCertificates(this.directory).get();
	}

	@AfterEach
	void close() {
		this.applications.close();
	}

	@ParameterizedTest
	@EnumSource(WebStack.class)
	void clientCertificatesThatAreNoLongerAskedForAreMissed(WebStack stack) throws Exception {
		List<String> properties = identity("mcp.websocket.tls.cert-path", "mcp.websocket.tls.key-path");
		properties.add("mcp.websocket.tls.ca-cert-path=" + this.certificate.caCertificate());
		int port = port(start(stack, NoClientCertificates.class, properties));
		assertThat(handshake(tls(port))).isEqualTo("HTTP/1.1 403");
	}

	@ParameterizedTest
	@EnumSource(WebStack.class)
	void socketsAreTakenWithoutCustomizer(WebStack stack) throws Exception {
		int port = port(
				start(stack, None.class, identity("mcp.websocket.tls.cert-path", "mcp.websocket.tls.key-path")));
		assertThat(handshake(tls(port))).isEqualTo("HTTP/1.1 101");
	}

	@ParameterizedTest
	@EnumSource(WebStack.class)
	void serverThatLostItsTlsHasNoSockets(WebStack stack) throws Exception {
		int port = port(
				start(stack, NoTls.class, identity("mcp.websocket.tls.cert-path", "mcp.websocket.tls.key-path")));
		assertThat(handshake(plain(port))).isEqualTo("HTTP/1.1 403");
	}

	@Test
	void plainConnectorOfJettyHasNoSockets() throws Exception {
		ConfigurableApplicationContext server = start(WebStack.JETTY, PlainConnector.class,
				identity("mcp.websocket.tls.cert-path", "mcp.websocket.tls.key-path"));
		assertThat(handshake(plain(server.getBean(PlainConnector.class).port()))).isEqualTo("HTTP/1.1 403");
		assertThat(handshake(tls(port(server)))).isEqualTo("HTTP/1.1 101");
	}

	@ParameterizedTest
	@EnumSource(WebStack.class)
	void serverSslIsReportedAndGuarded(WebStack stack) throws Exception {
		List<String> properties = identity("server.ssl.certificate", "server.ssl.certificate-private-key");
		ConfigurableApplicationContext server = start(stack, None.class, properties);
		assertThat(server.getBean(TlsAudit.class).getReports()).singleElement().satisfies((report) -> {
			assertThat(report.source()).isEqualTo("server.ssl");
			assertThat(report.protocols()).containsExactlyInAnyOrder("TLSv1.3", "TLSv1.2");
			assertThat(report.identity().get(0).names()).contains("localhost");
		});
		assertThat(handshake(tls(port(server)))).isEqualTo("HTTP/1.1 101");
		properties.add("server.ssl.client-auth=need");
		properties.add("server.ssl.enabled-protocols=TLSv1.2,TLSv1.1");
		assertThat(catchThrowable(() -> start(stack, None.class, properties)))
			.hasStackTraceContaining("server.ssl.client-auth")
			.hasStackTraceContaining("TLSv1.1 is no longer secure");
	}

	private List<String> identity(String certificate, String privateKey) {
		return new ArrayList<>(List.of(certificate + "=" + this.certificate.certificate(),
				privateKey + "=" + this.certificate.privateKey(), "spring.profiles.active=prod",
				"test.certificate=" + this.certificate.certificate(),
				"test.private-key=" + this.certificate.privateKey()));
	}

	private ConfigurableApplicationContext start(WebStack stack, Class<?> configuration, List<String> properties) {
		List<String> all = new ArrayList<>(properties);
		all.addAll(List.of(stack.property(), "server.port=0", "server.address=127.0.0.1",
				"mcp.websocket.server-mode=true"));
		ConfigurableApplicationContext server = this.applications
			.start(new SpringApplicationBuilder(SecuredApplications.ServerApplication.class, configuration,
					(stack.type() == WebApplicationType.SERVLET) ? ServletSecurity.class : ReactiveSecurity.class)
				.web(stack.type()), all);
		WebServer webServer = ((WebServerApplicationContext) server).getWebServer();
		assertThat(webServer.getClass().getSimpleName()).isEqualTo(stack.webServer());
		return server;
	}

	private static int port(ConfigurableApplicationContext server) {
		return ((WebServerApplicationContext) server).getWebServer().getPort();
	}

	private static Socket plain(int port) throws IOException {
		return new Socket(InetAddress.getByName("127.0.0.1"), port);
	}

	private static Socket tls(int port) throws IOException, GeneralSecurityException {
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, new TrustManager[] { InsecureTrustManagerFactory.INSTANCE.getTrustManagers()[0] }, null);
		return context.getSocketFactory().createSocket(InetAddress.getByName("127.0.0.1"), port);
	}

	private static @Nullable String handshake(Socket socket) throws IOException {
		try (socket) {
			socket.setSoTimeout(10_000);
			socket.getOutputStream()
				.write(("GET /mcp HTTP/1.1\r\nHost: localhost:" + socket.getPort()
						+ "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
						+ "X-Forwarded-Proto: https\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
					.getBytes(StandardCharsets.US_ASCII));
			String line = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
				.readLine();
			return (line != null) ? line.substring(0, 12) : null;
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class None {

	}

	@Configuration(proxyBeanMethods = false)
	static class NoTls {

		@Bean
		static BeanPostProcessor tlsRemovingPostProcessor() {
			return new BeanPostProcessor() {

				@Override
				public Object postProcessAfterInitialization(Object bean, String beanName) {
					if (bean instanceof AbstractConfigurableWebServerFactory factory) {
						factory.setSsl(null);
					}
					return bean;
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NoClientCertificates {

		@Bean
		WebServerFactoryCustomizer<AbstractConfigurableWebServerFactory> weakeningCustomizer(Environment environment) {
			return (factory) -> {
				if (factory instanceof TomcatServletWebServerFactory tomcat) {
					tomcat.addConnectorCustomizers((connector) -> {
						for (SSLHostConfig config : connector.findSslHostConfigs()) {
							config.setCertificateVerification("none");
						}
					});
				}
				else if (factory instanceof JettyServletWebServerFactory jetty) {
					jetty.addServerCustomizers((server) -> {
						for (Connector connector : server.getConnectors()) {
							connector.getConnectionFactory(SslConnectionFactory.class)
								.getSslContextFactory()
								.setNeedClientAuth(false);
						}
					});
				}
				else if (factory instanceof NettyReactiveWebServerFactory netty) {
					SslContext context = context(environment);
					netty.addServerCustomizers((server) -> server.secure((spec) -> spec.sslContext(context)));
				}
			};
		}

		private static SslContext context(Environment environment) {
			try {
				return SslContextBuilder
					.forServer(Path.of(environment.getRequiredProperty("test.certificate")).toFile(),
							Path.of(environment.getRequiredProperty("test.private-key")).toFile())
					.build();
			}
			catch (SSLException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PlainConnector {

		private @Nullable ServerConnector connector;

		@Bean
		WebServerFactoryCustomizer<JettyServletWebServerFactory> plainConnectorCustomizer() {
			return (factory) -> factory.addServerCustomizers((server) -> {
				this.connector = new ServerConnector(server);
				this.connector.setHost("127.0.0.1");
				server.addConnector(this.connector);
			});
		}

		int port() {
			assertThat(this.connector).isNotNull();
			return this.connector.getLocalPort();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ServletSecurity {

		@Bean
		SecurityFilterChain security(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll()).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ReactiveSecurity {

		@Bean
		SecurityWebFilterChain security(ServerHttpSecurity http) {
			return http.authorizeExchange((exchanges) -> exchanges.anyExchange().permitAll()).build();
		}

	}

}
