package io.github.mcpwss.autoconfigure;

import java.util.concurrent.Executor;

import io.github.mcpwss.client.McpWebSocketClientTransport;
import io.github.mcpwss.server.McpWebSocketServerTransportProvider;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.server.transport.StdioServerTransportProvider;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpServerTransportProvider;
import io.modelcontextprotocol.spec.McpServerTransportProviderBase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.context.EnvironmentAware;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.PriorityOrdered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.mock.web.MockServletContext;
import org.springframework.web.reactive.socket.client.ReactorNettyWebSocketClient;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Which beans there are in which mode, and when they give way.
 */
@ExtendWith(OutputCaptureExtension.class)
class ModesTests {

	@Test
	void nothingIsAddedWhenNothingIsSet() {
		Contexts.any()
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(McpClientTransport.class)
				.doesNotHaveBean(McpServerTransportProviderBase.class)
				.doesNotHaveBean(ReactorNettyWebSocketClient.class));
	}

	@Test
	void nothingIsAddedWhenDisabled() {
		Contexts.offloadedServer()
			.withPropertyValues("mcp.websocket.enabled=false", "mcp.websocket.foo=bar")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(McpServerTransportProviderBase.class)
				.doesNotHaveBean(ProductionGuard.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "mcp.websocket.url=wss://localhost:8443", "mcp.websocket.server-mode=true",
			"mcp.websocket.connections.a.url=wss://localhost:8443" })
	void propertyThatComesAfterTheChoiceOfBeansIsRefused(String property) {
		Contexts.any()
			.withBean(LateProperties.class, () -> new LateProperties(property, "mcp.websocket.tls.offloaded=true"))
			.run((context) -> assertThat(Failures.text(context.getStartupFailure())).contains("server-mode", "url"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "mcp.websocket.url=wss://localhost:8443", "mcp.websocket.server-mode=false" })
	void choiceOfBeansThatPropertiesNoLongerAskForIsRefused(String property) {
		Contexts.offloadedServer()
			.withBean(LateProperties.class, () -> new LateProperties(property, "mcp.websocket.tls.offloaded="))
			.run((context) -> assertThat(Failures.text(context.getStartupFailure())).contains("have other values"));
	}

	@Test
	void propertiesThatChangeAfterTheStartupCheckDoNotMakeAnotherServerThanTheGuardLookedAt() {
		Contexts.server()
			.withPropertyValues("mcp.websocket.tls.offloaded=true", "spring.profiles.active=prod")
			.withBean(LatestProperties.class,
					() -> new LatestProperties("mcp.websocket.url=ws://127.0.0.1:9000", "mcp.websocket.use-tls=false",
							"mcp.websocket.tls.offloaded="))
			.run((context) -> assertThat(Failures.text(context.getStartupFailure())).contains("have other values"));
	}

	@Test
	void serverModeAddsProvider() {
		Contexts.offloadedServer()
			.withPropertyValues("mcp.websocket.enabled=true", "mcp.websocket.path=/tools")
			.run((context) -> {
				assertThat(context).hasSingleBean(McpServerTransportProvider.class)
					.hasSingleBean(McpWebSocketServerTransportProvider.class)
					.doesNotHaveBean(McpClientTransport.class)
					.doesNotHaveBean(Executor.class);
				assertThat(context.getBean(SimpleUrlHandlerMapping.class).getUrlMap()).containsOnlyKeys("/tools");
			});
	}

	@Test
	void urlAddsClient() {
		Contexts.client()
			.withPropertyValues("mcp.websocket.server-mode=false")
			.run((context) -> assertThat(context).hasSingleBean(McpClientTransport.class)
				.hasSingleBean(McpWebSocketClientTransport.class)
				.hasSingleBean(ReactorNettyWebSocketClient.class)
				.doesNotHaveBean(Executor.class)
				.doesNotHaveBean(McpServerTransportProviderBase.class));
	}

	@Test
	void providerGivesWayToUsersOwn() {
		Contexts.offloadedServer()
			.withUserConfiguration(ProviderConfiguration.class)
			.run((context) -> assertThat(context).hasSingleBean(McpServerTransportProviderBase.class)
				.doesNotHaveBean(McpWebSocketServerTransportProvider.class)
				.doesNotHaveBean(SimpleUrlHandlerMapping.class));
	}

	@Test
	void transportGivesWayToUsersOwn(CapturedOutput output) {
		Contexts.client()
			.withUserConfiguration(TransportConfiguration.class)
			.run((context) -> assertThat(context).hasSingleBean(McpClientTransport.class)
				.doesNotHaveBean(McpWebSocketClientTransport.class));
		assertThat(output).contains("mcp.websocket.url makes no transport", "of its own ('userTransport')",
				"mcp.websocket.connections.NAME.url");
	}

	@Test
	void namedConnectionStandsBesideUsersOwnTransport(CapturedOutput output) {
		Contexts.any()
			.withUserConfiguration(TransportConfiguration.class)
			.withPropertyValues("mcp.websocket.connections.a.url=wss://a.example")
			.run((context) -> assertThat(context.getBeansOfType(McpClientTransport.class))
				.containsOnlyKeys("userTransport", "aMcpWebSocketClientTransport"));
		assertThat(output).doesNotContain("makes no transport");
	}

	@Test
	void guardAndRefusalsHoldBesidesUsersOwnTransport() {
		Contexts.client()
			.withUserConfiguration(TransportConfiguration.class, WebSocketClientConfiguration.class)
			.withPropertyValues("mcp.websocket.tls.pinned-keys=sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("mcp.websocket.tls.pinned-keys has no effect"));
		Contexts.client()
			.withUserConfiguration(TransportConfiguration.class)
			.withPropertyValues("spring.profiles.active=prod", "mcp.websocket.tls.verify-server=false")
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("mcp.websocket.tls.verify-server", "production"));
	}

	@Test
	void webSocketClientGivesWayToUsersOwn() {
		Contexts.client()
			.withUserConfiguration(WebSocketClientConfiguration.class)
			.run((context) -> assertThat(context).hasSingleBean(McpWebSocketClientTransport.class)
				.hasSingleBean(ReactorNettyWebSocketClient.class)
				.hasBean("userWebSocketClient"));
	}

	@Test
	void propertiesWithoutEffectAreRefusedBesidesUsersOwnWebSocketClient() {
		Contexts.client()
			.withUserConfiguration(WebSocketClientConfiguration.class)
			.withPropertyValues("mcp.websocket.tls.ciphers=TLS_AES_256_GCM_SHA384")
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("mcp.websocket.tls.ciphers has no effect", "ReactorNettyWebSocketClient of its own"));
	}

	@Test
	void listenerIsRefusedBesidesUsersOwnProvider() {
		Contexts.any()
			.withUserConfiguration(ProviderConfiguration.class)
			.withPropertyValues("mcp.websocket.server-mode=true", "mcp.websocket.tls.offloaded=true",
					"mcp.websocket.url=127.0.0.1:0")
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("mcp.websocket.url has no effect", "userProvider", "Remove mcp.websocket.url"));
	}

	@Test
	void serverWithoutWebApplicationIsRefused() {
		Contexts.any()
			.withPropertyValues("mcp.websocket.server-mode=true")
			.run((context) -> assertThat(Failures.text(context.getStartupFailure())).contains(
					"mcp.websocket.server-mode is true", "not a web application", "mcp.websocket.url",
					"spring.main.web-application-type"));
	}

	@Test
	void serverInReactiveWebApplicationAddsProvider() {
		new ReactiveWebApplicationContextRunner().withConfiguration(Contexts.AUTO_CONFIGURATIONS)
			.withPropertyValues("mcp.websocket.server-mode=true", "mcp.websocket.tls.offloaded=true",
					"mcp.websocket.timeout=5", "mcp.websocket.path=/tools")
			.run((context) -> {
				assertThat(context).hasSingleBean(McpServerTransportProvider.class);
				assertThat(context.getBean(org.springframework.web.reactive.handler.SimpleUrlHandlerMapping.class)
					.getUrlMap()).containsOnlyKeys("/tools");
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "org.springframework.web.reactive", "reactor.netty", "org.springframework.boot.reactor" })
	void listenerWithoutLibraryIsRefused(String missing) {
		Contexts.any()
			.withPropertyValues("mcp.websocket.server-mode=true", "mcp.websocket.use-tls=false",
					"mcp.websocket.url=127.0.0.1:0")
			.withClassLoader(new FilteredClassLoader(missing))
			.run((context) -> assertThat(Failures.text(context.getStartupFailure())).contains("mcp.websocket.url",
					"Add the dependency"));
	}

	@Test
	void listenerNeedsNoLibraryOfServletServers() {
		Contexts.any()
			.withPropertyValues("mcp.websocket.server-mode=true", "mcp.websocket.use-tls=false",
					"mcp.websocket.url=127.0.0.1:0")
			.withClassLoader(new FilteredClassLoader("org.springframework.web.socket",
					"org.springframework.web.servlet", "jakarta.servlet", "jakarta.websocket"))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(McpServerTransportProvider.class));
	}

	@Test
	void serverDeployedToContainerNeedsToKnowOfIt() {
		assertThat(Failures.text(catchThrowable(() -> deploy("mcp.websocket.use-tls=false"))))
			.contains("deployed to a servlet container", "mcp.websocket.tls.offloaded");
		assertThat(Failures
			.text(catchThrowable(() -> deploy("mcp.websocket.tls.offloaded=true", "mcp.websocket.timeout=5"))))
			.contains("deployed to a servlet container", "mcp.websocket.timeout has no effect");
		assertThat(catchThrowable(() -> deploy("mcp.websocket.tls.offloaded=true"))).isNull();
	}

	private static void deploy(String... properties) {
		try (var context = new AnnotationConfigServletWebServerApplicationContext()) {
			context.setServletContext(new MockServletContext());
			TestPropertyValues.of("mcp.websocket.server-mode=true").and(properties).applyTo(context);
			context.register(SslAutoConfiguration.class, McpWebSocketAutoConfiguration.class,
					McpWebSocketServerAutoConfiguration.class);
			context.refresh();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "org.springframework.web.socket", "org.springframework.web.servlet" })
	void serverWithoutLibraryIsRefused(String missing) {
		Contexts.offloadedServer()
			.withClassLoader(new FilteredClassLoader(missing))
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("mcp.websocket.server-mode", "org.springframework.boot:spring-boot-starter-websocket"));
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "org.springframework.web.reactive", "reactor.netty", "org.springframework.boot.http.client" })
	void clientWithoutLibraryIsRefused(String missing) {
		Contexts.client()
			.withClassLoader(new FilteredClassLoader(missing))
			.run((context) -> assertThat(Failures.text(context.getStartupFailure())).contains("mcp.websocket.url",
					"Add the dependency"));
	}

	@Test
	void serverNeedsNoLibraryOfClients() {
		Contexts.offloadedServer()
			.withClassLoader(new FilteredClassLoader("org.springframework.web.reactive", "reactor.netty",
					"org.springframework.boot.http.client"))
			.run((context) -> assertThat(context).hasSingleBean(McpServerTransportProvider.class));
	}

	@Test
	void clientNeedsNoLibraryOfServers() {
		Contexts.client()
			.withClassLoader(
					new FilteredClassLoader("org.springframework.web.socket", "org.springframework.web.servlet",
							"jakarta.servlet", "jakarta.websocket", "org.springframework.boot.web.server"))
			.run((context) -> assertThat(context).hasSingleBean(McpClientTransport.class));
	}

	@Test
	void withoutAModeNoLibraryIsNeeded() {
		Contexts.any()
			.withClassLoader(new FilteredClassLoader("org.springframework.web", "reactor.netty", "io.netty",
					"jakarta.servlet", "jakarta.websocket", "org.springframework.boot.web.server",
					"org.springframework.boot.http.client", "tools.jackson"))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(McpClientTransport.class)
				.doesNotHaveBean(McpServerTransportProviderBase.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "mcp.websocket.url=wss://a.example", "mcp.websocket.connections.a.url=wss://a.example" })
	void clientsNeedNoLibraryThatIsOptional(String property) {
		Contexts.any()
			.withPropertyValues(property)
			.withClassLoader(optionalLibraries())
			.run((context) -> assertThat(context).hasNotFailed()
				.getBeans(McpWebSocketClientTransport.class)
				.hasSize(1));
	}

	@Test
	void serverNeedsNoLibraryThatIsOptional() {
		Contexts.offloadedServer()
			.withClassLoader(optionalLibraries())
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(McpServerTransportProvider.class));
	}

	private static FilteredClassLoader optionalLibraries() {
		return new FilteredClassLoader("org.springframework.ai", "org.springframework.boot.actuate",
				"org.springframework.boot.health", "org.springframework.boot.micrometer", "io.micrometer.core",
				"io.micrometer.observation", "org.springframework.security", "org.bouncycastle",
				"io.netty.internal.tcnative", "org.eclipse.jetty");
	}

	@Test
	void virtualThreadsAreUsedWhereEnabled() {
		Contexts.client()
			.withPropertyValues("spring.threads.virtual.enabled=true")
			.run((context) -> assertThat(context).hasSingleBean(McpClientTransport.class));
		Contexts.offloadedServer()
			.withPropertyValues("spring.threads.virtual.enabled=true")
			.run((context) -> assertThat(context).hasSingleBean(McpServerTransportProvider.class));
	}

	@Configuration(proxyBeanMethods = false)
	static class ProviderConfiguration {

		@Bean
		McpServerTransportProvider userProvider() {
			return new StdioServerTransportProvider(new JacksonMcpJsonMapper(JsonMapper.shared()));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TransportConfiguration {

		@Bean
		McpClientTransport userTransport() {
			McpClientTransport transport = mock(McpClientTransport.class);
			given(transport.closeGracefully()).willReturn(Mono.empty());
			return transport;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class WebSocketClientConfiguration {

		@Bean
		ReactorNettyWebSocketClient userWebSocketClient() {
			return new ReactorNettyWebSocketClient();
		}

	}

	private static class LatestProperties implements BeanFactoryPostProcessor, EnvironmentAware {

		private final String[] properties;

		private @Nullable ConfigurableEnvironment environment;

		LatestProperties(String... properties) {
			this.properties = properties;
		}

		@Override
		public void setEnvironment(Environment environment) {
			this.environment = (ConfigurableEnvironment) environment;
		}

		@Override
		public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
			TestPropertyValues.of(this.properties).applyTo(this.environment, TestPropertyValues.Type.MAP, "late");
		}

	}

	private static final class LateProperties extends LatestProperties implements PriorityOrdered {

		LateProperties(String... properties) {
			super(properties);
		}

		@Override
		public int getOrder() {
			return 0;
		}

	}

}
