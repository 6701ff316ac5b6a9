package io.github.mcpwss.autoconfigure;

import java.nio.file.Path;
import java.util.List;

import io.github.mcpwss.client.McpWebSocketConnections;
import io.github.mcpwss.testing.ForwardProxy;
import io.github.mcpwss.tls.TestCertificates;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.spec.McpClientTransport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * The properties of proxies.
 */
@ExtendWith(OutputCaptureExtension.class)
class ProxyApplicationTests {

	private static final String HOST = "mcp.behind-a-proxy.invalid";

	private final TestCertificates authority = TestCertificates.authority("Test CA");

	private final Applications applications = new Applications();

	private final ForwardProxy proxy = new ForwardProxy();

	@TempDir
	private Path directory;

	@AfterEach
	void close() {
		this.applications.close();
		this.proxy.close();
	}

	private int server() {
		TestCertificates.Issued issued = this.authority.issue(HOST);
		return Applications.port(this.applications.server(
				"mcp.websocket.tls.cert-path=" + issued.writeCertificateTo(this.directory.resolve("server.crt")),
				"mcp.websocket.tls.key-path=" + issued.writeKeyTo(this.directory.resolve("server.key")),
				"mcp.websocket.allowed-hosts=" + HOST));
	}

	private String trust() {
		return "tls.ca-cert-path=" + this.authority.writeTo(this.directory.resolve("ca.crt"));
	}

	@Test
	void clientConnectsByTheProxy(CapturedOutput output) {
		this.proxy.require("mcp:hunter2");
		int port = server();
		ConfigurableApplicationContext client = this.applications.client("wss://" + HOST + ":" + port,
				"mcp.websocket." + trust(), "mcp.websocket.proxy.host=localhost",
				"mcp.websocket.proxy.port=" + this.proxy.port(), "mcp.websocket.proxy.username=mcp",
				"mcp.websocket.proxy.password=hunter2", "logging.level.io.github.mcpwss=debug");
		assertThat(Applications.echo(client, "through")).isEqualTo("through");
		assertThat(this.proxy.targets()).containsExactly(HOST + ":" + port);
		assertThat(output).doesNotContain("hunter2");
		assertThat(client.getBean(McpWebSocketProperties.class).toString()).contains("proxy.password")
			.doesNotContain("hunter2");
	}

	@Test
	void clientConnectsByTheProxyOfTheSystemProperties() {
		int port = server();
		System.setProperty("https.proxyHost", "localhost");
		System.setProperty("https.proxyPort", String.valueOf(this.proxy.port()));
		try {
			ConfigurableApplicationContext client = this.applications.client("wss://" + HOST + ":" + port,
					"mcp.websocket." + trust());
			assertThat(Applications.echo(client, "through")).isEqualTo("through");
			assertThat(this.proxy.targets()).containsExactly(HOST + ":" + port);
		}
		finally {
			System.clearProperty("https.proxyHost");
			System.clearProperty("https.proxyPort");
		}
	}

	@Test
	void namedConnectionsShareTheProxyOrHaveTheirOwn() {
		int port = server();
		try (ForwardProxy own = new ForwardProxy()) {
			String url = "url=wss://" + HOST + ":" + port;
			ConfigurableApplicationContext server = this.applications.offloadedServer(WebApplicationType.SERVLET,
					"mcp.websocket.proxy.type=socks5", "mcp.websocket.proxy.host=localhost",
					"mcp.websocket.proxy.port=" + this.proxy.port(), "mcp.websocket.connections.shared." + url,
					"mcp.websocket.connections.shared." + trust(), "mcp.websocket.connections.own." + url,
					"mcp.websocket.connections.own." + trust(), "mcp.websocket.connections.own.proxy.host=localhost",
					"mcp.websocket.connections.own.proxy.port=" + own.port(), "mcp.websocket.connections.none." + url,
					"mcp.websocket.connections.none." + trust(), "mcp.websocket.connections.none.proxy.type=none");
			McpWebSocketConnections connections = server.getBean(McpWebSocketConnections.class);
			initialize(connections.getTransport("shared"));
			assertThat(this.proxy.targets()).hasSize(1);
			assertThat(own.targets()).isEmpty();
			initialize(connections.getTransport("own"));
			assertThat(own.targets()).hasSize(1);
			assertThatThrownBy(() -> initialize(connections.getTransport("none")))
				.hasStackTraceContaining("host " + HOST + " is unknown");
			assertThat(List.of(this.proxy.targets().size(), own.targets().size())).containsOnly(1);
		}
	}

	private static void initialize(McpClientTransport transport) {
		try (McpSyncClient client = McpClient.sync(transport).build()) {
			client.initialize();
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			port=3128                             | proxy.port is set without mcp.websocket.proxy.host
			host=a                                | proxy.host is set without mcp.websocket.proxy.port
			type=http                             | proxy.type is set without mcp.websocket.proxy.host
			type=none, host=a                     | proxy.host has no effect: mcp.websocket.proxy.type is 'none'
			type=system, port=1                   | proxy.port has no effect: mcp.websocket.proxy.type is 'system'
			host=http://a, port=1                 | proxy.host is no host
			host=a:1, port=1                      | proxy.host is no host
			host=a, port=0                        | proxy.port is 0
			host=a, port=65536                    | proxy.port is 65536
			host=a, port=1, username=b            | proxy.username is set without mcp.websocket.proxy.password
			host=a, port=1, password=b            | proxy.password is set without mcp.websocket.proxy.username
			host=a, port=1, username=b:c, password=d | proxy.username has a colon
			type=socks5, host=a, port=1, username=b  | proxy.username is set without mcp.websocket.proxy.password
			type=socks5, host=a, port=1, username=ü, password=d | proxy.username cannot be sent to a SOCKS proxy
			type=socks4, host=a, port=1, username=b, password=d | proxy.password has no effect: SOCKS 4
			host=a, port=1, non-proxy-hosts=https://b | proxy.non-proxy-hosts holds 'https://b'
			host=a, port=1, hots=b                | There is no property 'mcp.websocket.proxy.hots'
			""")
	void whatCannotTakeEffectIsRefusedByItsName(String properties, String words) {
		for (String prefix : List.of("mcp.websocket.", "mcp.websocket.connections.a.")) {
			String[] values = properties.split(",\\s*");
			for (int i = 0; i < values.length; i++) {
				values[i] = prefix + "proxy." + values[i];
			}
			Contexts.any()
				.withPropertyValues(prefix + "url=wss://a.example")
				.withPropertyValues(values)
				.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
					.contains(words.replace("mcp.websocket.", prefix)));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "host=a", "host=127.0.0.1", "host=::1", "host=[::1]", "host=proxy_1.example" })
	void hostOfAProxyIsANameOrAnAddress(String host) {
		Contexts.client()
			.withPropertyValues("mcp.websocket.proxy." + host, "mcp.websocket.proxy.port=1",
					"mcp.websocket.proxy.non-proxy-hosts=*.a, 10.*, [::1], b")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@ValueSource(strings = { "type=none", "host=a", "port=1", "username=a", "password=hunter2", "non-proxy-hosts=a" })
	void proxyIsRefusedInServerModeUnlessAConnectionTakesIt(String property) {
		Contexts.offloadedServer()
			.withPropertyValues("mcp.websocket.proxy." + property)
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("mcp.websocket.proxy." + property.substring(0, property.indexOf('=')) + " is for clients")
				.doesNotContain("hunter2"));
		Contexts.offloadedServer()
			.withPropertyValues("mcp.websocket.proxy.type=none", "mcp.websocket.connections.a.url=wss://a.example",
					"mcp.websocket.connections.a.proxy.host=a", "mcp.websocket.connections.a.proxy.port=1")
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("mcp.websocket.proxy.type is for clients"));
		Contexts.offloadedServer()
			.withPropertyValues("mcp.websocket.proxy.type=none", "mcp.websocket.connections.a.url=wss://a.example")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void plainConnectionToTheLoopbackInterfaceOfAProxyIsRefusedInProduction() {
		String[] plain = { "spring.profiles.active=prod", "mcp.websocket.url=ws://localhost:8080",
				"mcp.websocket.use-tls=false" };
		Contexts.any().withPropertyValues(plain).run((context) -> assertThat(context).hasNotFailed());
		Contexts.any()
			.withPropertyValues(plain)
			.withPropertyValues("mcp.websocket.proxy.host=proxy.example", "mcp.websocket.proxy.port=1")
			.run((context) -> assertThat(Failures.text(context.getStartupFailure())).contains("mcp.websocket.url"));
	}

}
