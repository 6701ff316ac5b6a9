package io.github.mcpwss.autoconfigure;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.mcpwss.client.ConnectionInfo;
import io.github.mcpwss.client.McpWebSocketClientTransport;
import io.github.mcpwss.client.McpWebSocketConnectException;
import io.github.mcpwss.server.McpWebSocketServerTransportProvider;
import io.github.mcpwss.testing.TcpProxy;
import io.github.mcpwss.tls.TestCertificates;
import io.github.mcpwss.tls.TestCertificates.Issued;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.system.JavaVersion;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;
import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.client.ReactorNettyWebSocketClient;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Applications that talk to each other over wss.
 */
@ExtendWith(OutputCaptureExtension.class)
class WssApplicationTests {

	private static final String RELOAD = "spring.ssl.bundle.watch.file.quiet-period=50ms";

	private final TestCertificates authority = TestCertificates.authority("Test CA");

	private final Applications applications = new Applications();

	@TempDir
	private Path directory;

	@AfterEach
	void close() {
		this.applications.close();
	}

	@Test
	void clientCallsToolByFiles() {
		ConfigurableApplicationContext server = this.applications.server(identity());
		ConfigurableApplicationContext client = this.applications.client(Applications.port(server), authorities());
		assertThat(Applications.echo(client, "hello")).isEqualTo("hello");
		assertThat(info(client).tlsProtocol()).isEqualTo("TLSv1.3");
		assertThat(info(client).subprotocol()).isEqualTo("mcp");
	}

	@Test
	void clientCallsToolByDevelopmentCertificate() {
		String[] properties = { "mcp.websocket.tls.dev-certificate=true",
				"mcp.websocket.tls.dev-certificate-directory=" + this.directory };
		ConfigurableApplicationContext server = this.applications.server(properties);
		ConfigurableApplicationContext client = this.applications.client(Applications.port(server), properties);
		assertThat(Applications.echo(client, "hello")).isEqualTo("hello");
		ConfigurableApplicationContext stranger = this.applications.client(Applications.port(server));
		assertRefused(stranger, "TLS handshake failed");
	}

	@Test
	void clientCallsToolByBundles() {
		write(this.authority.issue("localhost"));
		authorities();
		ConfigurableApplicationContext server = this.applications.server(
				"spring.ssl.bundle.pem.mine.keystore.certificate=" + file("server.crt"),
				"spring.ssl.bundle.pem.mine.keystore.private-key=" + file("server.key"),
				"mcp.websocket.tls.bundle=mine");
		ConfigurableApplicationContext client = this.applications.client(Applications.port(server),
				"spring.ssl.bundle.pem.mine.truststore.certificate=" + file("ca.crt"), "mcp.websocket.tls.bundle=mine");
		assertThat(Applications.echo(client, "hello")).isEqualTo("hello");
	}

	@Test
	void clientCallsToolByServerSslOfApplication() {
		write(this.authority.issue("localhost"));
		ConfigurableApplicationContext server = this.applications.server("server.ssl.certificate=" + file("server.crt"),
				"server.ssl.certificate-private-key=" + file("server.key"));
		ConfigurableApplicationContext client = this.applications.client(Applications.port(server), authorities());
		assertThat(Applications.echo(client, "hello")).isEqualTo("hello");
	}

	@Test
	void clientCallsToolWithoutTls() {
		for (String property : new String[] { "mcp.websocket.use-tls=false", "mcp.websocket.tls.offloaded=true" }) {
			ConfigurableApplicationContext server = this.applications.server(property);
			ConfigurableApplicationContext client = this.applications
				.client("ws://127.0.0.1:" + Applications.port(server), "mcp.websocket.use-tls=false");
			assertThat(Applications.echo(client, "hello")).isEqualTo("hello");
			assertThat(info(client).tlsProtocol()).isNull();
		}
	}

	@Test
	void clientCallsToolOverVirtualThreadsWhereThereAre() {
		ConfigurableApplicationContext server = this.applications
			.server(with(identity(), "spring.threads.virtual.enabled=true"));
		ConfigurableApplicationContext client = this.applications.client(Applications.port(server),
				with(authorities(), "spring.threads.virtual.enabled=true"));
		assertThat(Applications.echo(client, "hello")).isEqualTo("hello");
		if (JavaVersion.getJavaVersion().isEqualOrNewerThan(JavaVersion.TWENTY_ONE)) {
			assertThat(platformThreads()).noneMatch((name) -> name.startsWith("mcp-wss-"));
		}
		else {
			assertThat(platformThreads()).anyMatch((name) -> name.startsWith("mcp-wss-request-"));
		}
	}

	private static List<String> platformThreads() {
		return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
	}

	@Test
	void clientCallsToolWithLazyBeansUnderContextPathAndPath() {
		ConfigurableApplicationContext server = this.applications
			.server(with(identity(), "server.servlet.context-path=/app", "mcp.websocket.path=/tools"));
		ConfigurableApplicationContext client = this.applications.client(
				"wss://localhost:" + Applications.port(server) + "/app/tools",
				with(authorities(), "spring.main.lazy-initialization=true"));
		assertThat(Applications.echo(client, "hello")).isEqualTo("hello");
	}

	@Test
	void clientIsPlainWithoutTrust() {
		ConfigurableApplicationContext server = this.applications.server(identity());
		assertRefused(this.applications.client(Applications.port(server)), "TLS handshake failed");
	}

	@Test
	void hostNameIsVerified() {
		write(this.authority.issue("example.com"));
		ConfigurableApplicationContext server = this.applications.server(files());
		assertRefused(this.applications.client(Applications.port(server), authorities()), "example.com");
		assertRefused(
				this.applications.client(Applications.port(server), "mcp.websocket.tls.accept-invalid-certs=true"),
				"example.com");
		assertThat(Applications.echo(
				this.applications.client(Applications.port(server), "mcp.websocket.tls.verify-server=false"), "hello"))
			.isEqualTo("hello");
	}

	@Test
	void invalidCertificateIsAcceptedWhereConfigured() {
		write(TestCertificates.selfSigned(TestCertificates.daysFromNow(-10), TestCertificates.daysFromNow(-1),
				"localhost"));
		ConfigurableApplicationContext server = this.applications.server(files());
		assertRefused(this.applications.client(Applications.port(server),
				"mcp.websocket.tls.ca-cert-path=" + file("server.crt")), "expired");
		assertThat(Applications.echo(
				this.applications.client(Applications.port(server), "mcp.websocket.tls.accept-invalid-certs=true"),
				"hello"))
			.isEqualTo("hello");
	}

	@Test
	void clientCertificateIsDemanded() {
		authorities();
		ConfigurableApplicationContext server = this.applications
			.server(with(identity(), "mcp.websocket.tls.ca-cert-path=" + file("ca.crt")));
		Issued clientIdentity = this.authority.issueClient("client");
		String[] identity = { "mcp.websocket.tls.cert-path=" + clientIdentity.writeCertificateTo(file("client.crt")),
				"mcp.websocket.tls.key-path=" + clientIdentity.writeKeyTo(file("client.key"), "changeit"),
				"mcp.websocket.tls.key-password=changeit" };
		assertThat(Applications.echo(this.applications.client(Applications.port(server), with(authorities(), identity)),
				"hello"))
			.isEqualTo("hello");
		assertThat(Applications.echo(this.applications.client(Applications.port(server),
				with(identity, "mcp.websocket.tls.verify-server=false")), "hello"))
			.isEqualTo("hello");
		assertRefused(this.applications.client(Applications.port(server), authorities()),
				"client certificate required");
	}

	@Test
	void newCertificateOfServerIsSeenAfterReconnect() throws Exception {
		ConfigurableApplicationContext server = this.applications.server(with(identity(), RELOAD));
		try (TcpProxy proxy = new TcpProxy(Applications.port(server))) {
			ConfigurableApplicationContext client = this.applications.client(proxy.port(), authorities());
			assertThat(Applications.echo(client, "before")).isEqualTo("before");
			Issued renewed = this.authority.issue("localhost");
			write(renewed);
			Awaitility.await().pollInterval(Duration.ofMillis(100)).ignoreExceptions().untilAsserted(() -> {
				proxy.cut();
				assertThat(Applications.echo(client, "after")).isEqualTo("after");
				assertThat(certificate(client)).isEqualTo(renewed.certificate());
			});
		}
	}

	@Test
	void newAuthorityOfClientIsTrusted() {
		TestCertificates other = TestCertificates.authority("Other CA");
		write(other.issue("localhost"));
		ConfigurableApplicationContext server = this.applications.server(files());
		ConfigurableApplicationContext client = this.applications.client(Applications.port(server),
				with(authorities(), RELOAD));
		assertRefused(client, "TLS handshake failed");
		other.writeTo(file("ca.crt"));
		Awaitility.await()
			.pollInterval(Duration.ofMillis(100))
			.ignoreExceptions()
			.untilAsserted(() -> assertThat(Applications.echo(client, "hello")).isEqualTo("hello"));
	}

	@Test
	void authorityThatCannotBeReadChangesNothing(CapturedOutput output) throws Exception {
		ClientSslBundle bundle = this.applications.client(1, with(authorities(), RELOAD))
			.getBean(ClientSslBundle.class);
		SslBundle before = bundle.get();
		Files.writeString(file("ca.crt"), "-----BEGIN CERTIFICATE-----\njunk\n-----END CERTIFICATE-----\n");
		Awaitility.await().until(() -> output.toString().contains("connections go on with the one before"));
		assertThat(bundle.get()).isSameAs(before);
		TestCertificates.authority("Third CA").writeTo(file("ca.crt"));
		Awaitility.await().untilAsserted(() -> assertThat(bundle.get()).isNotSameAs(before));
	}

	@Test
	void redirectIsNotFollowed() {
		ConfigurableApplicationContext plain = this.applications.server("mcp.websocket.use-tls=false");
		ConfigurableApplicationContext server = this.applications.run(
				new SpringApplicationBuilder(Applications.ServerApplication.class, RedirectConfiguration.class)
					.web(WebApplicationType.SERVLET),
				identity(), "server.port=0", "server.address=127.0.0.1", "mcp.websocket.server-mode=true",
				"test.redirect=ws://localhost:" + Applications.port(plain) + "/mcp");
		assertRefused(
				this.applications.client("wss://localhost:" + Applications.port(server) + "/moved", authorities()),
				"redirects are not followed");
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://evil.example", "null" })
	void foreignOriginIsRefused(String origin) {
		ConfigurableApplicationContext server = this.applications
			.server(with(identity(), "mcp.websocket.allowed-origins=https://good.example"));
		int port = Applications.port(server);
		assertRefused(this.applications.client(port, with(authorities(), "mcp.websocket.headers.Origin=" + origin)),
				"HTTP 403");
		assertThat(Applications.echo(this.applications.client(port,
				with(authorities(), "mcp.websocket.headers.Origin=https://good.example")), "hello"))
			.isEqualTo("hello");
	}

	@Test
	void connectionsAreLimited() {
		ConfigurableApplicationContext server = this.applications
			.server(with(identity(), "mcp.websocket.max-connections=1"));
		assertThat(Applications.echo(this.applications.client(Applications.port(server), authorities()), "hello"))
			.isEqualTo("hello");
		assertRefused(this.applications.client(Applications.port(server), authorities()), "HTTP 503");
	}

	@Test
	void idleSocketDoesNotDelayShutdown() throws Exception {
		ConfigurableApplicationContext server = this.applications.server(identity());
		ConfigurableApplicationContext client = this.applications.client(Applications.port(server), authorities());
		CompletableFuture<CloseStatus> closed = new CompletableFuture<>();
		client.getBean(ReactorNettyWebSocketClient.class)
			.execute(URI.create("wss://localhost:" + Applications.port(server) + "/mcp"),
					(session) -> session.closeStatus().doOnNext(closed::complete).then())
			.subscribe();
		Awaitility.await()
			.until(() -> server.getBean(McpWebSocketServerTransportProvider.class).getConnectionCount() == 1);
		long start = System.nanoTime();
		server.close();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
		assertThat(closed.get(5, TimeUnit.SECONDS).getCode()).isEqualTo(1001);
	}

	@Test
	void clientClosesItsSocketAndThreads() {
		ConfigurableApplicationContext server = this.applications.server(identity());
		ConfigurableApplicationContext client = this.applications.client(Applications.port(server), authorities());
		assertThat(Applications.echo(client, "hello")).isEqualTo("hello");
		McpWebSocketServerTransportProvider provider = server.getBean(McpWebSocketServerTransportProvider.class);
		assertThat(provider.getConnectionCount()).isEqualTo(1);
		client.close();
		Awaitility.await().until(() -> provider.getConnectionCount() == 0);
		server.close();
		Awaitility.await()
			.untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
				.noneMatch((name) -> name.startsWith("mcp-wss-request") || name.startsWith("mcp-wss-event")));
	}

	private void assertRefused(ConfigurableApplicationContext client, String words) {
		assertThatThrownBy(() -> Applications.echo(client, "hello")).satisfies((failure) -> {
			Throwable cause = failure;
			while (cause != null && !(cause instanceof McpWebSocketConnectException)) {
				cause = cause.getCause();
			}
			assertThat(cause).isNotNull().hasMessageContaining(words);
		});
	}

	private static ConnectionInfo info(ConfigurableApplicationContext client) {
		return client.getBean(McpWebSocketClientTransport.class).getConnectionInfo().orElseThrow();
	}

	private static X509Certificate certificate(ConfigurableApplicationContext client) {
		return info(client).peerCertificates().get(0);
	}

	private String[] identity() {
		write(this.authority.issue("localhost"));
		return files();
	}

	private void write(Issued issued) {
		issued.writeCertificateTo(file("server.crt"));
		issued.writeKeyTo(file("server.key"));
	}

	private String[] files() {
		return new String[] { "mcp.websocket.tls.cert-path=" + file("server.crt"),
				"mcp.websocket.tls.key-path=" + file("server.key") };
	}

	private String[] authorities() {
		return new String[] { "mcp.websocket.tls.ca-cert-path=" + this.authority.writeTo(file("ca.crt")) };
	}

	private Path file(String name) {
		return this.directory.resolve(name);
	}

	private static String[] with(String[] properties, String... further) {
		return StringUtils.concatenateStringArrays(properties, further);
	}

	@Configuration(proxyBeanMethods = false)
	static class RedirectConfiguration {

		@Bean
		RouterFunction<ServerResponse> redirect(Environment environment) {
			return RouterFunctions.route()
				.GET("/moved",
						(request) -> ServerResponse
							.temporaryRedirect(URI.create(environment.getRequiredProperty("test.redirect")))
							.build())
				.build();
		}

	}

}
