package io.github.mcpwss.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.github.mcpwss.client.McpWebSocketClientTransport;
import io.github.mcpwss.client.McpWebSocketConnections;
import io.github.mcpwss.server.McpWebSocketServerTransportProvider;
import io.github.mcpwss.testing.ScriptedServer;
import io.github.mcpwss.testing.ScriptedServer.Frame;
import io.github.mcpwss.testing.TestTls;
import io.github.mcpwss.tls.TestCertificates;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.web.reactive.socket.client.ReactorNettyWebSocketClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * Named connections over wss.
 */
class NamedConnectionTests {

	private static final int MANY = 200;

	private final TestCertificates authority = TestCertificates.authority("Test CA");

	private final TestCertificates otherAuthority = TestCertificates.authority("Other CA");

	private final Applications applications = new Applications();

	@TempDir
	private Path directory;

	@AfterEach
	void close() {
		this.applications.close();
	}

	private ConfigurableApplicationContext server(TestCertificates authority, String name, String... properties) {
		TestCertificates.Issued issued = authority.issue("localhost");
		List<String> all = new ArrayList<>(List.of(properties));
		all.add("mcp.websocket.tls.cert-path=" + issued.writeCertificateTo(this.directory.resolve(name + ".crt")));
		all.add("mcp.websocket.tls.key-path=" + issued.writeKeyTo(this.directory.resolve(name + ".key")));
		return this.applications.server(all.toArray(String[]::new));
	}

	private static String url(String connection, ConfigurableApplicationContext server) {
		return "mcp.websocket.connections." + connection + ".url=wss://localhost:" + Applications.port(server);
	}

	private String trust(String connection, TestCertificates authority) {
		return "mcp.websocket.connections." + connection + ".tls.ca-cert-path="
				+ authority.writeTo(this.directory.resolve(connection + "-ca.crt"));
	}

	private ConfigurableApplicationContext client(Class<?> application, String... properties) {
		return this.applications.run(new SpringApplicationBuilder(application).web(WebApplicationType.NONE), properties,
				"mcp.websocket.timeout=20s");
	}

	private static String echo(McpClientTransport transport, String text) {
		try (McpSyncClient client = McpClient.sync(transport).build()) {
			client.initialize();
			return ((TextContent) client
				.callTool(CallToolRequest.builder("echo").arguments(Map.of("text", text)).build())
				.content()
				.get(0)).text();
		}
	}

	@Test
	void eachConnectionHasItsOwnServerAndTrust() {
		ConfigurableApplicationContext first = server(this.authority, "first");
		ConfigurableApplicationContext second = server(this.otherAuthority, "second");
		ConfigurableApplicationContext client = client(TwoConnections.class, url("first", first),
				trust("first", this.authority), url("second", second), trust("second", this.otherAuthority),
				url("third", second), trust("third", this.authority));
		Injected injected = client.getBean(Injected.class);
		assertThat(echo(injected.first(), "one")).isEqualTo("one");
		assertThat(echo(injected.second(), "two")).isEqualTo("two");
		McpWebSocketConnections connections = client.getBean(McpWebSocketConnections.class);
		assertThatThrownBy(() -> echo(connections.getTransport("third"), "three"))
			.hasStackTraceContaining("TLS handshake failed");
		assertThat(injected.first()).isSameAs(connections.getTransport("first"));
		assertThat(injected.firstClient()).isNotSameAs(injected.secondClient());
		assertThat(client.getBean(SslBundles.class).getBundleNames()).contains("mcp-websocket-first",
				"mcp-websocket-second");
	}

	@Test
	void gatewayServesAndCallsWithBundlesOfTheirOwn() {
		ConfigurableApplicationContext backend = server(this.otherAuthority, "backend");
		ConfigurableApplicationContext gateway = server(this.authority, "gateway", url("backend", backend),
				trust("backend", this.otherAuthority));
		assertThat(echo(gateway.getBean(McpWebSocketConnections.class).getTransport("backend"), "behind"))
			.isEqualTo("behind");
		ConfigurableApplicationContext client = client(Empty.class, url("gateway", gateway),
				trust("gateway", this.authority));
		assertThat(echo(client.getBean(McpWebSocketConnections.class).getTransport("gateway"), "front"))
			.isEqualTo("front");
		assertThat(gateway.getBean(SslBundles.class).getBundleNames()).containsExactlyInAnyOrder("mcp-websocket",
				"mcp-websocket-backend");
	}

	@Test
	void newAuthorityOfConnectionIsTrusted() {
		ConfigurableApplicationContext server = server(this.otherAuthority, "server");
		ConfigurableApplicationContext client = client(Empty.class, url("a", server), trust("a", this.authority),
				"spring.ssl.bundle.watch.file.quiet-period=50ms");
		ReactorNettyWebSocketClient before = client.getBean("aMcpWebSocketClient", ReactorNettyWebSocketClient.class);
		McpWebSocketClientTransport transport = client.getBean(McpWebSocketConnections.class).getTransport("a");
		McpSyncClient mcpClient = McpClient.sync(transport).build();
		assertThatThrownBy(mcpClient::initialize).hasStackTraceContaining("TLS handshake failed");
		trust("a", this.otherAuthority);
		await().pollInterval(Duration.ofMillis(100)).ignoreExceptions().untilAsserted(() -> {
			mcpClient.initialize();
			assertThat(mcpClient.isInitialized()).isTrue();
		});
		assertThat(client.getBean("aMcpWebSocketClient")).isSameAs(before);
	}

	@Test
	void manyConnectionsStartShareThreadsAndStop() {
		ConfigurableApplicationContext server = server(this.authority, "server",
				"mcp.websocket.max-connections=" + MANY);
		McpWebSocketServerTransportProvider provider = server.getBean(McpWebSocketServerTransportProvider.class);
		List<String> properties = new ArrayList<>();
		String authorities = trust("0", this.authority).split("=", 2)[1];
		properties.add("spring.ssl.bundle.pem.trust.truststore.certificate=" + authorities);
		for (int i = 0; i < MANY; i++) {
			String name = "c" + i;
			properties.add(url(name, server));
			properties.add("mcp.websocket.connections." + name
					+ ((i % 2 == 0) ? ".tls.bundle=trust" : ".tls.ca-cert-path=" + authorities));
		}
		ConfigurableApplicationContext client = client(Empty.class, properties.toArray(String[]::new));
		McpWebSocketConnections connections = client.getBean(McpWebSocketConnections.class);
		assertThat(connections.getNames()).hasSize(MANY);
		List<McpSyncClient> clients = new ArrayList<>();
		for (String name : connections.getNames()) {
			McpSyncClient mcpClient = McpClient.sync(connections.getTransport(name)).build();
			mcpClient.initialize();
			clients.add(mcpClient);
		}
		await().until(() -> provider.getConnectionCount() == MANY);
		assertThat(threads("reactor-http-")).as("event loops").isLessThanOrEqualTo(64);
		assertThat(threads("mcp-wss-client-")).as("threads that deliver").isLessThan(MANY / 2);
		client.close();
		await().until(() -> provider.getConnectionCount() == 0);
		await().untilAsserted(() -> assertThat(threads("mcp-wss-client-")).isZero());
		assertThatThrownBy(() -> clients.get(0).listTools()).hasStackTraceContaining("closed");
	}

	@Test
	void closingTheApplicationClosesSocketsWithANormalClose() {
		CompletableFuture<Integer> code = new CompletableFuture<>();
		try (ScriptedServer server = ScriptedServer.overTls(new TestTls(), (peer) -> {
			peer.upgrade();
			peer.initialize();
			Frame frame = peer.read();
			code.complete((frame.opcode() == 8) ? frame.closeCode() : -1);
		})) {
			ConfigurableApplicationContext client = client(Empty.class,
					"mcp.websocket.connections.a.url=" + server.uri(),
					"mcp.websocket.connections.a.tls.verify-server=false");
			McpClient.sync(client.getBean(McpWebSocketConnections.class).getTransport("a")).build().initialize();
			client.close();
			assertThat(code).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(1000);
			assertThat(server.accepted()).isOne();
		}
	}

	private static long threads(String prefix) {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith(prefix))
			.count();
	}

	record Injected(McpClientTransport first, McpClientTransport second, ReactorNettyWebSocketClient firstClient,
			ReactorNettyWebSocketClient secondClient) {

	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class TwoConnections {

		@Bean
		Injected injected(@Qualifier("first") McpClientTransport first, @Qualifier("second") McpClientTransport second,
				@Qualifier("first") ReactorNettyWebSocketClient firstClient,
				@Qualifier("second") ReactorNettyWebSocketClient secondClient) {
			return new Injected(first, second, firstClient, secondClient);
		}

	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Empty {

	}

}
