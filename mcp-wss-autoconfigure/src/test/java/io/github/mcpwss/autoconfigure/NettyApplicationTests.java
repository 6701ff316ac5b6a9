package io.github.mcpwss.autoconfigure;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import io.github.mcpwss.client.McpWebSocketClientTransport;
import io.github.mcpwss.server.McpWebSocketServerTransportProvider;
import io.github.mcpwss.server.reactive.McpWebSocketServerInitializedEvent;
import io.github.mcpwss.testing.TcpProxy;
import io.github.mcpwss.tls.TestCertificates;
import io.github.mcpwss.tls.TestCertificates.Issued;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.StringUtils;
import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.client.ReactorNettyWebSocketClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Servers on Reactor Netty: the web server of a reactive application, and a listener of
 * its own in applications of any kind.
 */
@ExtendWith(OutputCaptureExtension.class)
class NettyApplicationTests {

	private final TestCertificates authority = TestCertificates.authority("Test CA");

	private final Applications applications = new Applications();

	@TempDir
	private Path directory;

	@AfterEach
	void close() {
		this.applications.close();
	}

	@Test
	void clientCallsToolOfReactiveApplication() {
		ConfigurableApplicationContext server = server(WebApplicationType.REACTIVE,
				with(identity(), "server.port=0", "server.address=127.0.0.1", "mcp.websocket.path=/tools"));
		assertThat(server.getEnvironment().getProperty("local.mcp.websocket.port")).isNull();
		assertEchoes("wss://localhost:" + Applications.port(server) + "/tools");
	}

	@Test
	void clientCallsToolOfReactiveApplicationByItsServerSsl() {
		write(this.authority.issue("localhost"));
		ConfigurableApplicationContext server = server(WebApplicationType.REACTIVE, "server.port=0",
				"server.address=127.0.0.1", "server.ssl.certificate=" + file("server.crt"),
				"server.ssl.certificate-private-key=" + file("server.key"));
		assertEchoes("wss://localhost:" + Applications.port(server));
	}

	@Test
	void serverSslOfReactiveApplicationIsRefusedBesidesOurs() {
		String[] properties = with(identity(), "server.port=0", "server.address=127.0.0.1",
				"server.ssl.certificate=" + file("server.crt"),
				"server.ssl.certificate-private-key=" + file("server.key"));
		assertThatThrownBy(() -> server(WebApplicationType.REACTIVE, properties)).satisfies(
				(failure) -> assertThat(Failures.text(failure)).contains("mcp.websocket.tls.cert-path", "server.ssl"));
	}

	@ParameterizedTest
	@EnumSource(WebApplicationType.class)
	void clientCallsToolByListenerOfItsOwn(WebApplicationType type) {
		ConfigurableApplicationContext server = server(type, with(identity(), "server.port=0",
				"server.address=127.0.0.1", "mcp.websocket.url=wss://127.0.0.1:0/mcp"));
		int port = port(server);
		assertEchoes("wss://localhost:" + port);
		if (type != WebApplicationType.NONE) {
			assertThat(Applications.port(server)).isPositive().isNotEqualTo(port);
		}
	}

	@Test
	void serverSslOfApplicationPlaysNoRoleForListener() {
		TestCertificates other = TestCertificates.authority("Other CA");
		Issued issued = other.issue("localhost");
		ConfigurableApplicationContext server = server(WebApplicationType.SERVLET,
				with(identity(), "server.port=0", "server.address=127.0.0.1", "mcp.websocket.url=127.0.0.1:0",
						"server.ssl.certificate=" + issued.writeCertificateTo(file("other.crt")),
						"server.ssl.certificate-private-key=" + issued.writeKeyTo(file("other.key"))));
		assertEchoes("wss://localhost:" + port(server));
	}

	@ParameterizedTest
	@ValueSource(strings = { "mcp.websocket.use-tls=false", "mcp.websocket.tls.offloaded=true" })
	void listenerServesWithoutTls(String property) {
		for (String url : List.of("ws://127.0.0.1:0/mcp", "127.0.0.1:0")) {
			ConfigurableApplicationContext server = server(WebApplicationType.NONE, property,
					"mcp.websocket.url=" + url);
			ConfigurableApplicationContext client = this.applications.client("ws://127.0.0.1:" + port(server),
					"mcp.websocket.use-tls=false");
			assertThat(Applications.echo(client, "hello")).isEqualTo("hello");
		}
	}

	@Test
	void portOfListenerIsPublished() {
		List<Integer> ports = new CopyOnWriteArrayList<>();
		ConfigurableApplicationContext server = this.applications.run(
				builder(WebApplicationType.NONE)
					.listeners((ApplicationListener<McpWebSocketServerInitializedEvent>) (event) -> ports
						.add(event.getListener().getPort())),
				identity(), "mcp.websocket.server-mode=true", "mcp.websocket.url=wss://127.0.0.1:0/mcp");
		assertThat(ports).containsExactly(port(server));
		assertThat(ports.get(0)).isPositive();
	}

	@Test
	void portInUseIsToldInWordsOfSpringBoot(CapturedOutput output) throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			String[] properties = with(identity(), "mcp.websocket.url=wss://127.0.0.1:" + socket.getLocalPort());
			assertThatThrownBy(() -> server(WebApplicationType.NONE, properties)).satisfies((failure) -> {
				Throwable cause = failure;
				while (!(cause instanceof PortInUseException)) {
					assertThat(cause).isNotNull();
					cause = cause.getCause();
				}
				assertThat(((PortInUseException) cause).getPort()).isEqualTo(socket.getLocalPort());
			});
			assertThat(output).contains("Port " + socket.getLocalPort() + " was already in use");
		}
	}

	@Test
	void listenerKeepsTheJvmRunningUntilItStops() {
		long before = awaitThreads();
		ConfigurableApplicationContext server = server(WebApplicationType.NONE,
				with(identity(), "mcp.websocket.url=wss://127.0.0.1:0/mcp"));
		assertThat(awaitThreads()).isEqualTo(before + 1);
		server.close();
		Awaitility.await().untilAsserted(() -> assertThat(awaitThreads()).isEqualTo(before));
	}

	private static long awaitThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals("server") && !thread.isDaemon())
			.count();
	}

	@Test
	void newCertificateOfListenerIsSeenAfterReconnect() throws Exception {
		ConfigurableApplicationContext server = server(WebApplicationType.NONE, with(identity(),
				"mcp.websocket.url=wss://127.0.0.1:0/mcp", "spring.ssl.bundle.watch.file.quiet-period=50ms"));
		try (TcpProxy proxy = new TcpProxy(port(server))) {
			ConfigurableApplicationContext client = this.applications.client(proxy.port(), authorities());
			assertThat(Applications.echo(client, "before")).isEqualTo("before");
			Issued renewed = this.authority.issue("localhost");
			write(renewed);
			Awaitility.await().pollInterval(Duration.ofMillis(100)).ignoreExceptions().untilAsserted(() -> {
				proxy.cut();
				assertThat(Applications.echo(client, "after")).isEqualTo("after");
				assertThat(client.getBean(McpWebSocketClientTransport.class)
					.getConnectionInfo()
					.orElseThrow()
					.peerCertificates()
					.get(0)).isEqualTo(renewed.certificate());
			});
		}
	}

	@ParameterizedTest
	@EnumSource(value = WebApplicationType.class, names = { "NONE", "REACTIVE" })
	void idleSocketIsToldOfShutdownAndDoesNotDelayIt(WebApplicationType type) throws Exception {
		ConfigurableApplicationContext server = server(type,
				(type == WebApplicationType.NONE) ? with(identity(), "mcp.websocket.url=wss://127.0.0.1:0/mcp")
						: with(identity(), "server.port=0", "server.address=127.0.0.1", "server.shutdown=graceful"));
		int port = (type == WebApplicationType.NONE) ? port(server) : Applications.port(server);
		ConfigurableApplicationContext client = this.applications.client(port, authorities());
		CompletableFuture<CloseStatus> closed = new CompletableFuture<>();
		client.getBean(ReactorNettyWebSocketClient.class)
			.execute(URI.create("wss://localhost:" + port + "/mcp"),
					(session) -> session.closeStatus().doOnNext(closed::complete).then())
			.subscribe();
		Awaitility.await()
			.until(() -> server.getBean(McpWebSocketServerTransportProvider.class).getConnectionCount() == 1);
		long start = System.nanoTime();
		server.close();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(6));
		assertThat(closed.get(5, TimeUnit.SECONDS).getCode()).isEqualTo(1001);
	}

	private void assertEchoes(String url) {
		assertThat(Applications.echo(this.applications.client(url, authorities()), "hello")).isEqualTo("hello");
	}

	private ConfigurableApplicationContext server(WebApplicationType type, String... properties) {
		return this.applications.run(builder(type), properties, "mcp.websocket.server-mode=true");
	}

	private static SpringApplicationBuilder builder(WebApplicationType type) {
		return new SpringApplicationBuilder(Applications.ServerApplication.class).web(type);
	}

	private static int port(ConfigurableApplicationContext server) {
		return server.getEnvironment().getRequiredProperty("local.mcp.websocket.port", Integer.class);
	}

	private String[] identity() {
		write(this.authority.issue("localhost"));
		return new String[] { "mcp.websocket.tls.cert-path=" + file("server.crt"),
				"mcp.websocket.tls.key-path=" + file("server.key") };
	}

	private void write(Issued issued) {
		issued.writeCertificateTo(file("server.crt"));
		issued.writeKeyTo(file("server.key"));
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

}
