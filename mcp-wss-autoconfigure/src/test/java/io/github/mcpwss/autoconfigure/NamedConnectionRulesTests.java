package io.github.mcpwss.autoconfigure;

import java.time.Duration;

import io.github.mcpwss.client.McpWebSocketClientTransport;
import io.github.mcpwss.client.McpWebSocketConnections;
import io.modelcontextprotocol.spec.McpClientTransport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.GeneratedFiles.Kind;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.javapoet.ClassName;
import org.springframework.web.reactive.socket.client.ReactorNettyWebSocketClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What is made of the properties of named connections, and what is refused.
 */
class NamedConnectionRulesTests {

	private static final String A = "mcp.websocket.connections.a.";

	private static final String URL = A + "url=wss://a.example/mcp";

	@Test
	void connectionsHaveBeansThatAreAskedForByQualifierOnly() {
		Contexts.any()
			.withBean(ByType.class)
			.withPropertyValues(URL, "mcp.websocket.connections.b.url=wss://b.example/mcp")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBeansOfType(McpClientTransport.class)).hasSize(2);
				assertThat(context.getBean(ByType.class).transport().getIfAvailable()).isNull();
				McpWebSocketConnections connections = context.getBean(McpWebSocketConnections.class);
				assertThat(connections.getNames()).containsExactly("a", "b");
				assertThat(connections.getTransport("a")).isNotSameAs(connections.getTransport("b"))
					.isSameAs(connections.getTransport("a"));
				assertThat(context.getBeansOfType(ReactorNettyWebSocketClient.class)).hasSize(2);
				assertThatIllegalArgumentException().isThrownBy(() -> connections.getTransport("c"))
					.withMessageContaining("There is no connection 'c'")
					.withMessageContaining("[a, b]");
			});
	}

	@Test
	void connectionsStandBesideClientAndServer() {
		Contexts.client().withPropertyValues(URL).run((context) -> {
			McpClientTransport transport = context.getBeanProvider(McpClientTransport.class).getObject();
			assertThat(transport).isSameAs(context.getBean("mcpWebSocketClientTransport"))
				.isNotSameAs(context.getBean(McpWebSocketConnections.class).getTransport("a"));
		});
		Contexts.offloadedServer()
			.withPropertyValues(URL)
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(McpWebSocketConnections.class)
				.hasSingleBean(McpWebSocketClientTransport.class));
	}

	@Test
	void connectionTakesWhatItDoesNotSayFromThePropertiesWithoutName() {
		McpWebSocketProperties properties = TestProperties.bind("timeout=5", "heartbeat-interval=6",
				"max-message-size=7KB", "headers.Authorization=secret", "tls.verify-server=false",
				"connections.a.url=wss://a", "connections.b.url=wss://b", "connections.b.timeout=8");
		var settings = EndpointProperties.named(properties).stream().map(ClientDecisions::settings).toList();
		assertThat(settings.get(0).timeout()).hasSeconds(5);
		assertThat(settings.get(0).heartbeatInterval()).hasSeconds(6);
		assertThat(settings.get(0).maxMessageSize()).isEqualTo(7 * 1024);
		assertThat(settings.get(0).headers().isEmpty()).isTrue();
		assertThat(settings.get(1).timeout()).isEqualTo(Duration.ofSeconds(8));
		assertThat(EndpointProperties.named(properties).get(0).tls().isVerifyServer()).isTrue();
		assertThat(properties.toString() + properties.connections()).doesNotContain("wss://a");
	}

	@Test
	void propertyWithoutNameIsRefusedWhereNoConnectionTakesIt() {
		Contexts.any()
			.withPropertyValues(URL, "mcp.websocket.timeout=5")
			.run((context) -> assertThat(context).hasNotFailed());
		Contexts.any()
			.withPropertyValues(URL, A + "timeout=6", "mcp.websocket.timeout=5")
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("mcp.websocket.timeout has no effect"));
		Contexts.offloadedServer()
			.withPropertyValues(URL, "mcp.websocket.timeout=5")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@ValueSource(strings = { "headers.a=b", "tls.verify-server=true", "path=/mcp", "use-tls=true" })
	void propertyThatIsNotInheritedIsRefusedWithoutClient(String property) {
		Contexts.any()
			.withPropertyValues(URL, "mcp.websocket." + property)
			.run((context) -> assertThat(Failures.text(context.getStartupFailure())).contains("has no effect"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					tls.client-auth=need       | connections.a.tls.client-auth is for servers
					tls.offloaded=true         | connections.a.tls.offloaded is for servers
					max-connections=1          | There is no property 'mcp.websocket.connections.a.max-connections'
					connections.b.url=wss://b  | There is no property 'mcp.websocket.connections.a.connections.b.url'
					timeout=-1                 | connections.a.timeout is PT-1S
					max-message-size=1         | connections.a.max-message-size is 1 bytes
					path=mcp                   | connections.a.path is 'mcp'
					headers.Host=x             | connections.a.headers.Host is a header of the WebSocket handshake
					tls.key-path=x             | connections.a.tls.key-path is set without mcp.websocket.connections.a.tls.cert-path
					tls.bundle=mine            | There is no SSL bundle 'mine' (mcp.websocket.connections.a.tls.bundle)
					tls.ca-cert-path=/no/ca    | mcp.websocket.connections.a.tls.ca-cert-path
					use-tls=false              | connections.a.url starts with wss://, and mcp.websocket.connections.a.use-tls is false
					""")
	void whatCannotTakeEffectIsRefusedByItsName(String property, String words) {
		Contexts.any()
			.withPropertyValues(URL, A + property)
			.run((context) -> assertThat(Failures.text(context.getStartupFailure())).contains(words));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			mcp.websocket.connections.a.timeout=5        | mcp.websocket.connections.a.url is not set
			mcp.websocket.connections[a.b].url=wss://a   | below mcp.websocket.connections is no name
			mcp.websocket.connections.a.url=http://a     | mcp.websocket.connections.a.url does not start with wss://
			mcp.websocket.connections.a.url=wss://a:0    | mcp.websocket.connections.a.url has no valid port
			""")
	void connectionThatIsNoneIsRefused(String property, String words) {
		Contexts.any()
			.withPropertyValues(property)
			.run((context) -> assertThat(Failures.text(context.getStartupFailure())).contains(words));
	}

	@Test
	void connectionWithoutLibraryIsRefused() {
		Contexts.any()
			.withPropertyValues(URL)
			.withClassLoader(new FilteredClassLoader("org.springframework.web.reactive"))
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("mcp.websocket.connections", "Add the dependency"));
	}

	@ParameterizedTest
	@CsvSource({ "tls.verify-server=false, tls.verify-server",
			"tls.accept-invalid-certs=true, tls.accept-invalid-certs",
			"tls.dev-certificate=true, tls.dev-certificate" })
	void insecureConnectionIsRefusedInProduction(String property, String name) {
		Contexts.offloadedServer()
			.withPropertyValues("spring.profiles.active=prod", URL, A + property)
			.run((context) -> assertThat(Failures.text(context.getStartupFailure())).contains(A + name));
	}

	@Test
	void plainConnectionIsRefusedInProduction() {
		Contexts.any()
			.withPropertyValues("spring.profiles.active=prod", A + "url=ws://a.example", A + "use-tls=false",
					A + "headers.Authorization=hunter2")
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains(A + "url", A + "headers.Authorization")
				.doesNotContain("hunter2"));
	}

	@Test
	void definitionsAreLeftOutOfAheadOfTimeProcessing() {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			TestPropertyValues.of(URL).applyTo(context);
			context.register(SslAutoConfiguration.class, McpWebSocketAutoConfiguration.class,
					McpWebSocketConnectionsAutoConfiguration.class);
			InMemoryGeneratedFiles files = new InMemoryGeneratedFiles();
			DefaultGenerationContext generation = new DefaultGenerationContext(
					new ClassNameGenerator(ClassName.get("test", "Application")), files);
			new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
			generation.writeGeneratedContent();
			assertThat(files.getGeneratedFiles(Kind.SOURCE).keySet())
				.anyMatch((file) -> file.contains("McpWebSocketConnectionsAutoConfiguration"));
			assertThat(files.getGeneratedFiles(Kind.SOURCE).keySet().stream().map((file) -> content(files, file)))
				.noneMatch((source) -> source.contains("aMcpWebSocketClient"));
		}
	}

	private static String content(InMemoryGeneratedFiles files, String file) {
		try {
			return files.getGeneratedFileContent(Kind.SOURCE, file);
		}
		catch (java.io.IOException ex) {
			throw new java.io.UncheckedIOException(ex);
		}
	}

	record ByType(ObjectProvider<McpClientTransport> transport) {

	}

}
