package io.github.mcpwss.autoconfigure;

import java.net.URI;

import io.github.mcpwss.client.McpWebSocketConnections;
import io.github.mcpwss.testing.ScriptedServer;
import io.github.mcpwss.testing.TestTls;
import io.github.mcpwss.testing.TestTools;
import io.github.mcpwss.testing.WssServer;
import io.github.mcpwss.tls.TlsReport;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.server.McpServer;
import org.assertj.core.api.AbstractStringAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Connection details in place of the properties.
 */
class ConnectionDetailsTests {

	private static final String URL = "mcp.websocket.url=wss://not-this-one.invalid:1/mcp";

	private static final String CONNECTION_URL = "mcp.websocket.connections.a.url=wss://not-this-one.invalid:1/mcp";

	private final Applications applications = new Applications();

	@AfterEach
	void close() {
		this.applications.close();
	}

	private ConfigurableApplicationContext client(Details details, String... properties) {
		ApplicationContextInitializer<GenericApplicationContext> initializer = (context) -> context
			.registerBean("details", McpWebSocketConnectionDetails.class, () -> details);
		return this.applications
			.run(new SpringApplicationBuilder(Applications.ClientApplication.class).web(WebApplicationType.NONE)
				.initializers(initializer), properties, URL, "mcp.websocket.timeout=10s");
	}

	@Test
	void detailsGiveUrlAndBundle() {
		try (WssServer server = new WssServer()) {
			McpServer.sync(server.provider()).serverInfo("test", "1").tools(TestTools.echo()).build();
			ConfigurableApplicationContext client = client(
					new Details(server.uri().toString(), server.tls().clientBundle(), null));
			assertThat(Applications.echo(client, "found")).isEqualTo("found");
			assertThat(client.getBean(TlsAuditor.class).reports()).singleElement()
				.extracting(TlsReport::describe)
				.asString()
				.contains("verified by 1 trusted certificate");
		}
	}

	@Test
	void propertiesOfTlsHoldForTheBundleOfTheDetails() {
		try (WssServer server = new WssServer()) {
			ConfigurableApplicationContext client = client(
					new Details(server.uri().toString(), server.tls().clientBundle(), null),
					"mcp.websocket.tls.server-name=other.example");
			McpSyncClient mcpClient = client.getBean(McpSyncClient.class);
			assertThat(catchThrowable(mcpClient::initialize))
				.hasStackTraceContaining("host other.example is not among the names");
		}
	}

	@Test
	void detailsOfANamedConnectionAreForThatOne() {
		TestTls tls = new TestTls();
		try (ScriptedServer server = ScriptedServer.overTls(tls, (peer) -> {
			peer.upgrade();
			peer.initialize();
			peer.hang();
		})) {
			ConfigurableApplicationContext client = client(
					new Details("wss://localhost:" + server.port(), tls.clientBundle(), "a"), CONNECTION_URL);
			try (McpSyncClient named = McpClient.sync(client.getBean(McpWebSocketConnections.class).getTransport("a"))
				.build()) {
				named.initialize();
			}
			assertThat(client.getBeanProvider(McpWebSocketConnectionDetails.class).stream()).hasSize(1);
			assertThat(catchThrowable(client.getBean(McpSyncClient.class)::initialize))
				.hasStackTraceContaining("host not-this-one.invalid is unknown");
		}
	}

	@Test
	void plainServerOfTheDetailsNeedsNoOtherProperty() {
		try (ScriptedServer server = ScriptedServer.plain((peer) -> {
			peer.upgrade();
			peer.initialize();
			peer.hang();
		})) {
			client(new Details(server.uri().toString(), null, null)).getBean(McpSyncClient.class).initialize();
			assertThat(server.accepted()).isOne();
		}
	}

	@Test
	void withoutABeanTheDetailsAreThoseOfTheProperties() {
		Contexts.client()
			.run((context) -> assertThat(context.getBean(McpWebSocketConnectionDetails.class).getUrl())
				.isEqualTo(URI.create("wss://localhost:8443/mcp")));
	}

	@Test
	void productionGuardJudgesTheDetails() {
		for (String connection : new String[] { null, "a" }) {
			Contexts.client()
				.withPropertyValues("spring.profiles.active=prod", CONNECTION_URL)
				.withBean(McpWebSocketConnectionDetails.class,
						() -> new Details("ws://remote.example/mcp", null, connection))
				.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
					.contains("McpWebSocketConnectionDetails for mcp.websocket", "ws:// without TLS"));
		}
		Contexts.client()
			.withPropertyValues("spring.profiles.active=prod", "mcp.websocket.headers.Authorization=hunter2")
			.withBean(McpWebSocketConnectionDetails.class, () -> new Details("ws://remote.example/mcp", null, null))
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("credentials are sent without TLS")
				.doesNotContain("hunter2"));
		Contexts.client()
			.withPropertyValues("spring.profiles.active=prod")
			.withBean(McpWebSocketConnectionDetails.class, () -> new Details("wss://remote.example/mcp", null, null))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void detailsThatCannotBeUsedAreRefused() {
		refused(new Details("http://remote.example", null, null), URL)
			.contains("McpWebSocketConnectionDetails for mcp.websocket cannot be used", "does not start with wss://");
		refused(new Details("wss://remote.example", null, "b"), URL)
			.contains("for the connection 'b', and no such connection");
		refused(new Details("wss://remote.example", null, null), CONNECTION_URL)
			.contains("for the client without a name, and this application is no such client");
	}

	private AbstractStringAssert<?> refused(Details details, String property) {
		String[] text = new String[1];
		Contexts.any()
			.withPropertyValues(property)
			.withBean(McpWebSocketConnectionDetails.class, () -> details)
			.run((context) -> text[0] = Failures.text(context.getStartupFailure()));
		return assertThat(text[0]);
	}

	@Test
	void twoDetailsOfOneConnectionAreRefused() {
		Contexts.client()
			.withBean("one", McpWebSocketConnectionDetails.class, () -> new Details("wss://one.example", null, null))
			.withBean("two", McpWebSocketConnectionDetails.class, () -> new Details("wss://two.example", null, null))
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("There are 2 beans of the type McpWebSocketConnectionDetails for mcp.websocket"));
	}

	@Test
	void portOfALocalServerIsResolvedWhenItIsKnown() {
		Contexts.any()
			.withPropertyValues("mcp.websocket.connections.a.url=wss://localhost:${local.server.port}/mcp")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				McpWebSocketConnections connections = context.getBean(McpWebSocketConnections.class);
				assertThat(catchThrowable(() -> connections.getTransport("a")))
					.hasStackTraceContaining("has the port of a server that does not listen yet");
				System.setProperty("local.server.port", "1234");
				try {
					assertThat(connections.getTransport("a")).isNotNull();
				}
				finally {
					System.clearProperty("local.server.port");
				}
			});
		Contexts.any()
			.withPropertyValues("mcp.websocket.url=wss://localhost:${local.server.port}/mcp")
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("mcp.websocket.url has the port of a server that does not listen yet"));
		Contexts.any()
			.withPropertyValues("spring.profiles.active=prod", "mcp.websocket.connections.a.use-tls=false",
					"mcp.websocket.connections.a.url=ws://remote.example:${local.server.port}/mcp")
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("mcp.websocket.connections.a.url"));
	}

	private record Details(String url, @Nullable SslBundle bundle,
			@Nullable String connection) implements McpWebSocketConnectionDetails {

		@Override
		public URI getUrl() {
			return URI.create(this.url);
		}

		@Override
		public @Nullable SslBundle getSslBundle() {
			return this.bundle;
		}

		@Override
		public @Nullable String getConnection() {
			return this.connection;
		}

	}

}
