package io.github.mcpwss.springai;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;

import io.github.mcpwss.autoconfigure.McpWebSocketAutoConfiguration;
import io.github.mcpwss.autoconfigure.McpWebSocketClientAutoConfiguration;
import io.github.mcpwss.autoconfigure.McpWebSocketConnectionsAutoConfiguration;
import io.github.mcpwss.autoconfigure.McpWebSocketSpringAiClientAutoConfiguration;
import io.github.mcpwss.autoconfigure.McpWebSocketSpringAiServerAutoConfiguration;
import io.github.mcpwss.client.McpWebSocketConnectException;
import io.github.mcpwss.client.McpWebSocketConnections;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.GetPromptRequest;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceRequest;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.ai.mcp.client.common.autoconfigure.NamedClientMcpTransport;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.ToolCallbackProvider;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * The starter beside Spring AI, as docs/spring-ai.md has it.
 */
@Timeout(120)
class SpringAiTests {

	@TempDir
	private Path directory;

	private SpringAiApplications applications;

	@BeforeEach
	void create() {
		this.applications = new SpringAiApplications(this.directory);
	}

	@AfterEach
	void close() {
		this.applications.close();
	}

	private static int port(ConfigurableApplicationContext server) {
		return ((WebServerApplicationContext) server).getWebServer().getPort();
	}

	private ConfigurableApplicationContext clientOf(int port, String... further) {
		List<String> properties = new ArrayList<>(
				List.of("mcp.websocket.connections.test.url=wss://localhost:" + port));
		properties.addAll(this.applications.tls("mcp.websocket.connections.test"));
		properties.addAll(List.of(further));
		return this.applications.client(properties.toArray(String[]::new));
	}

	private void assertServed(McpSyncClient client) {
		assertThat(client.listTools().tools()).extracting(Tool::name).containsExactly("add");
		assertThat(client.callTool(CallToolRequest.builder("add").arguments(Map.of("a", 2, "b", 3)).build()).content())
			.first()
			.isInstanceOfSatisfying(TextContent.class, (content) -> assertThat(content.text()).contains("5"));
		assertThat(client.readResource(ReadResourceRequest.builder("test://motto").build()).contents()).first()
			.isInstanceOfSatisfying(TextResourceContents.class,
					(contents) -> assertThat(contents.text()).isEqualTo("secure by default"));
		assertThat(client.getPrompt(GetPromptRequest.builder("greet").build()).messages()).isNotEmpty();
	}

	private void assertServedOverWebSocket(int port) {
		ConfigurableApplicationContext application = clientOf(port, "spring.ai.mcp.client.enabled=false");
		try (McpSyncClient client = McpClient
			.sync(application.getBean(McpWebSocketConnections.class).getTransport("test"))
			.build()) {
			client.initialize();
			assertServed(client);
		}
	}

	@ParameterizedTest
	@CsvSource({ "SERVLET, SYNC", "SERVLET, ASYNC", "REACTIVE, ASYNC" })
	void annotatedBeansAreServed(WebApplicationType type, String kind) {
		assertServedOverWebSocket(port(this.applications.server(type, "spring.ai.mcp.server.type=" + kind)));
	}

	@Test
	void serverIsTestedByAConnectionToItself() {
		List<String> properties = new ArrayList<>(
				List.of("mcp.websocket.connections.self.url=wss://localhost:${local.server.port}"));
		properties.addAll(this.applications.tls("mcp.websocket.connections.self"));
		ConfigurableApplicationContext server = this.applications.server(WebApplicationType.SERVLET,
				properties.toArray(String[]::new));
		try (McpSyncClient client = McpClient.sync(server.getBean(McpWebSocketConnections.class).getTransport("self"))
			.build()) {
			client.initialize();
			assertServed(client);
		}
	}

	@Test
	void annotatedBeansAreServedOnAListenerOfItsOwn() {
		ConfigurableApplicationContext server = this.applications.server(WebApplicationType.NONE,
				"mcp.websocket.url=wss://127.0.0.1:0");
		assertServedOverWebSocket(
				server.getEnvironment().getRequiredProperty("local.mcp.websocket.port", Integer.class));
	}

	@ParameterizedTest
	@CsvSource({ "SERVLET, SYNC", "SERVLET, ASYNC", "REACTIVE, SYNC", "REACTIVE, ASYNC" })
	void annotatedBeansAreServedBesideStreamableHttp(WebApplicationType type, String kind) {
		ConfigurableApplicationContext server = this.applications.serverBesideStreamableHttp(type,
				"spring.ai.mcp.server.type=" + kind, "spring.ai.mcp.server.streamable-http.mcp-endpoint=/http");
		assertServedOverWebSocket(port(server));
		try (McpSyncClient client = McpClient
			.sync(HttpClientStreamableHttpTransport.builder("https://localhost:" + port(server))
				.endpoint("/http")
				.customizeClient((builder) -> builder.sslContext(trustAll()))
				.build())
			.build()) {
			client.initialize();
			assertServed(client);
		}
		if (kind.equals("SYNC")) {
			assertThat(server.getBeanProvider(McpSyncServer.class).getObject())
				.isSameAs(server.getBean("mcpSyncServer"));
		}
	}

	private static SSLContext trustAll() {
		try {
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
			return context;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@ParameterizedTest
	@CsvSource({ "SYNC", "ASYNC" })
	void toolsOfConnectionsAreToolCallbacks(String kind) {
		ConfigurableApplicationContext server = this.applications.server(WebApplicationType.SERVLET);
		List<String> properties = new ArrayList<>(
				List.of("mcp.websocket.url=wss://localhost:" + port(server), "spring.ai.mcp.client.type=" + kind));
		properties.addAll(this.applications.tls("mcp.websocket"));
		ConfigurableApplicationContext client = clientOf(port(server), properties.toArray(String[]::new));
		assertThat(transports(client)).extracting(NamedClientMcpTransport::name)
			.containsExactly("mcp-websocket", "test");
		List<ToolCallback> callbacks = callbacks(client);
		assertThat(callbacks).hasSize(2);
		assertThat(callbacks)
			.allSatisfy((callback) -> assertThat(callback.call("{\"a\": 20, \"b\": 22}")).contains("42"));
	}

	private static List<NamedClientMcpTransport> transports(ConfigurableApplicationContext client) {
		return ((List<?>) client.getBean("mcpWebSocketNamedClientMcpTransports")).stream()
			.map(NamedClientMcpTransport.class::cast)
			.toList();
	}

	private static List<ToolCallback> callbacks(ConfigurableApplicationContext client) {
		return client.getBeanProvider(ToolCallbackProvider.class)
			.stream()
			.flatMap((provider) -> Stream.of(provider.getToolCallbacks()))
			.toList();
	}

	@Test
	void withoutSpringAiNothingOfItIsThere() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, McpWebSocketAutoConfiguration.class,
					McpWebSocketClientAutoConfiguration.class, McpWebSocketConnectionsAutoConfiguration.class,
					McpWebSocketSpringAiClientAutoConfiguration.class,
					McpWebSocketSpringAiServerAutoConfiguration.class))
			.withPropertyValues("mcp.websocket.url=wss://a.example", "mcp.websocket.connections.b.url=wss://b.example")
			.withClassLoader(new FilteredClassLoader("org.springframework.ai"))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean("mcpWebSocketNamedClientMcpTransports")
				.getBeans(McpClientTransport.class)
				.hasSize(2));
	}

	@Test
	void serverThatIsAwayAtStartupDoesNotKillTheApplication() {
		ConfigurableApplicationContext server = this.applications.server(WebApplicationType.SERVLET);
		int port = port(server);
		server.close();
		assertThatThrownBy(() -> clientOf(port)).hasStackTraceContaining(McpWebSocketConnectException.class.getName());
		ConfigurableApplicationContext client = clientOf(port, "spring.ai.mcp.client.initialized=false",
				"spring.ai.mcp.client.request-timeout=10s");
		assertThatThrownBy(() -> callbacks(client)).hasStackTraceContaining("Could not connect to wss://localhost");
		this.applications.server(WebApplicationType.SERVLET, "server.port=" + port);
		assertThat(callbacks(client)).hasSize(1)
			.allSatisfy((callback) -> assertThat(callback.call("{\"a\": 1, \"b\": 2}")).contains("3"));
	}

}
