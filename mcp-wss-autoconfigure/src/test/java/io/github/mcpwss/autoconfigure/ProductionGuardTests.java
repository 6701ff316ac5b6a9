package io.github.mcpwss.autoconfigure;

import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.github.mcpwss.tls.Revocation;
import io.modelcontextprotocol.spec.McpClientTransport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.PropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Insecure settings under a production profile, and the ways round the guard.
 */
@ExtendWith(OutputCaptureExtension.class)
class ProductionGuardTests {

	private final Applications applications = new Applications();

	@AfterEach
	void close() {
		this.applications.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "prod", "production", "PROD", "Production", "prod-eu", "production-2", "PROD-EU" })
	void productionProfileIsRecognized(String profile) {
		insecureClient().withPropertyValues("spring.profiles.active=test," + profile).run((context) -> {
			assertThat(context).hasFailed();
			assertThat(context.getStartupFailure()).isInstanceOf(InsecureProductionException.class)
				.hasMessageContaining("'" + profile + "'");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "dev", "test", "preprod", "prods", "productive", "reprod-1" })
	void otherProfileIsNot(String profile) {
		insecureClient().withPropertyValues("spring.profiles.active=" + profile)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void configuredProfileIsRecognized() {
		insecureClient()
			.withPropertyValues("spring.profiles.active=LIVE", "mcp.websocket.production-profiles=stage,live")
			.run((context) -> assertThat(context.getStartupFailure()).isInstanceOf(InsecureProductionException.class));
	}

	@ParameterizedTest
	@CsvSource({ "tls.verify-server=false, tls.verify-server",
			"tls.accept-invalid-certs=true, tls.accept-invalid-certs",
			"tls.dev-certificate=true, tls.dev-certificate" })
	void violationOfClientIsRefused(String property, String name) {
		Contexts.client()
			.withPropertyValues("spring.profiles.active=prod", "mcp.websocket." + property)
			.run((context) -> assertThat(Failures.text(context.getStartupFailure())).contains("'prod'",
					"mcp.websocket." + name + ": ", "remove the property"));
	}

	@Test
	void developmentCertificateOfServerIsRefused() {
		Contexts.server()
			.withPropertyValues("spring.profiles.active=prod", "mcp.websocket.tls.dev-certificate=true")
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("mcp.websocket.tls.dev-certificate: "));
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "server.address=0.0.0.0", "server.address=192.0.2.1", "server.address=example.com", "a=b" })
	void plainServerIsRefused(String address) {
		Contexts.server()
			.withPropertyValues("spring.profiles.active=prod", "mcp.websocket.use-tls=false", address)
			.run((context) -> assertThat(Failures.text(context.getStartupFailure())).contains("mcp.websocket.use-tls: ",
					"mcp.websocket.tls.offloaded"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "server.address=127.0.0.1", "server.address=::1", "server.address=localhost",
			"mcp.websocket.tls.offloaded=true" })
	void plainServerIsAllowedOnLoopbackOrOffloaded(String property) {
		Contexts.server()
			.withPropertyValues("spring.profiles.active=prod", "mcp.websocket.use-tls=false", property)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@ValueSource(strings = { "ws://host", "WS://host", "ws://127.0.0.1.example.com", "ws://localhost.example.com" })
	void plainClientIsRefused(String url) {
		Contexts.any()
			.withPropertyValues("spring.profiles.active=prod", "mcp.websocket.use-tls=false",
					"mcp.websocket.url=" + url, "mcp.websocket.headers.Authorization=Bearer hunter2",
					"mcp.websocket.headers.X-Api-Key=hunter3", "mcp.websocket.headers.X-Trace=1")
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("mcp.websocket.url: ", "mcp.websocket.headers.Authorization: ",
						"mcp.websocket.headers.X-Api-Key: ", "use a wss:// URL")
				.doesNotContain("hunter", "X-Trace"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "ws://localhost:8080", "ws://127.0.0.1:8080", "ws://[::1]:8080" })
	void plainClientIsAllowedToLoopback(String url) {
		Contexts.any()
			.withPropertyValues("spring.profiles.active=prod", "mcp.websocket.use-tls=false",
					"mcp.websocket.url=" + url)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void allViolationsAreToldAtOnce() {
		insecureClient()
			.withPropertyValues("spring.profiles.active=prod", "mcp.websocket.tls.accept-invalid-certs=true",
					"mcp.websocket.tls.dev-certificate=true")
			.run((context) -> assertThat(Failures.text(context.getStartupFailure())).contains(
					"mcp.websocket.tls.verify-server: ", "mcp.websocket.tls.accept-invalid-certs: ",
					"mcp.websocket.tls.dev-certificate: "));
	}

	@Test
	void violationsAreLoggedOnceOutsideProduction(CapturedOutput output) {
		insecureClient().withPropertyValues("mcp.websocket.tls.accept-invalid-certs=true").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output.toString().lines().filter((line) -> line.contains("WARN")))
				.filteredOn((line) -> line.contains("mcp.websocket.tls.verify-server: "))
				.hasSize(1);
			assertThat(output.toString().lines())
				.filteredOn((line) -> line.contains("mcp.websocket.tls.accept-invalid-certs: "))
				.hasSize(1);
		});
	}

	@Test
	void secureClientIsNotHindered(CapturedOutput output) {
		Contexts.client()
			.withPropertyValues("spring.profiles.active=prod")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).doesNotContain("WARN");
	}

	@Test
	void disabledStarterIsNotGuarded() {
		insecureClient().withPropertyValues("spring.profiles.active=prod", "mcp.websocket.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(McpClientTransport.class));
	}

	@Test
	void lazyInitializationDoesNotHelp() {
		assertRefused(EmptyApplication.class, "--spring.main.lazy-initialization=true",
				"--spring.profiles.active=prod");
	}

	@Test
	void profileGroupDoesNotHelp() {
		assertRefused(EmptyApplication.class, "--spring.profiles.active=live",
				"--spring.profiles.group.live=a,prod-eu");
	}

	@Test
	void includedProfileDoesNotHelp() {
		assertRefused(EmptyApplication.class, "--spring.profiles.active=a", "--spring.profiles.include=prod");
	}

	@Test
	void defaultProfileDoesNotHelp() {
		assertRefused(EmptyApplication.class, "--spring.profiles.default=production");
	}

	@Test
	void additionalProfileDoesNotHelp() {
		assertThatExceptionOfType(InsecureProductionException.class).isThrownBy(() -> this.applications
			.run(builder(EmptyApplication.class).profiles("prod"), new String[0], insecure()));
	}

	@Test
	void propertySourceOfConfigurationDoesNotHelp() {
		assertThatExceptionOfType(InsecureProductionException.class)
			.isThrownBy(() -> this.applications.run(builder(PropertySourceApplication.class), new String[0],
					"mcp.websocket.url=wss://localhost", "spring.profiles.active=prod"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "MCP_WEBSOCKET_TLS_VERIFYSERVER", "MCP_WEBSOCKET_TLS_VERIFY_SERVER",
			"mcp_websocket_tls_verifyserver" })
	void environmentVariableDoesNotHelp(String name) {
		assertRefused((environment) -> environment.getPropertySources()
			.replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, new SystemEnvironmentPropertySource(
					StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, Map.of(name, "false"))));
	}

	@ParameterizedTest
	@ValueSource(strings = { "mcp.websocket.tls.verifyServer", "mcp.websocket.tls.verify_server",
			"mcp.websocket.TLS.VERIFY-SERVER", "MCP.websocket.tls.verify-server" })
	void relaxedNameDoesNotHelp(String name) {
		assertRefused((environment) -> environment.getPropertySources()
			.addLast(new MapPropertySource("relaxed", Map.of(name, "false"))));
	}

	private void assertRefused(Consumer<ConfigurableEnvironment> environment) {
		assertThatExceptionOfType(InsecureProductionException.class).isThrownBy(() -> this.applications.run(
				builder(EmptyApplication.class).initializers((context) -> environment.accept(context.getEnvironment())),
				new String[0], "mcp.websocket.url=wss://localhost", "spring.profiles.active=prod"));
	}

	@Test
	void propertyThatAppearsLaterDoesNotHelp() {
		Contexts.client()
			.withConfiguration(AutoConfigurations.of(LatePropertyConfiguration.class))
			.withPropertyValues("spring.profiles.active=prod")
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.isInstanceOf(InsecureProductionException.class)
				.hasMessageContaining("mcp.websocket.tls.verify-server"));
	}

	@Test
	void profileThatAppearsLaterDoesNotHelp() {
		insecureClient().withConfiguration(AutoConfigurations.of(LateProfileConfiguration.class))
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.isInstanceOf(InsecureProductionException.class));
	}

	@Test
	void profileThatDisappearsDoesNotHelp() {
		Contexts.client()
			.withConfiguration(
					AutoConfigurations.of(LatePropertyConfiguration.class, ProfileRemovingConfiguration.class))
			.withPropertyValues("spring.profiles.active=prod")
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.isInstanceOf(InsecureProductionException.class));
	}

	@Test
	void trustIsRefusedAgainWhereItIsMade() {
		StandardEnvironment environment = new StandardEnvironment();
		ProductionGuard guard = new ProductionGuard(environment);
		ClientTrust trust = new ClientTrust(
				ClientTls.get(TestProperties.bindEndpoint("url=wss://host", "tls.verify-server=false"),
						Revocation.NONE),
				(bundle) -> guard.check(TestProperties.bind("url=wss://host", "tls.verify-server=false")));
		assertThat(trust.apply(null)).isNotNull();
		environment.addActiveProfile("prod");
		assertThatExceptionOfType(InsecureProductionException.class).isThrownBy(() -> trust.apply(null));
	}

	private void assertRefused(Class<?> application, String... arguments) {
		String[] properties = Stream.of(arguments).map((argument) -> argument.substring(2)).toArray(String[]::new);
		assertThatExceptionOfType(InsecureProductionException.class)
			.isThrownBy(() -> this.applications.run(builder(application), properties, insecure()));
	}

	private static SpringApplicationBuilder builder(Class<?> application) {
		return new SpringApplicationBuilder(application).web(WebApplicationType.NONE);
	}

	private static String[] insecure() {
		return new String[] { "mcp.websocket.url=wss://localhost", "mcp.websocket.tls.verify-server=false" };
	}

	private static ApplicationContextRunner insecureClient() {
		return Contexts.client().withPropertyValues("mcp.websocket.tls.verify-server=false");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class EmptyApplication {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@PropertySource("classpath:io/github/mcpwss/autoconfigure/insecure.properties")
	static class PropertySourceApplication {

	}

	@AutoConfiguration(after = McpWebSocketClientAutoConfiguration.class)
	static class LatePropertyConfiguration {

		@Bean
		static BeanFactoryPostProcessor latePropertyPostProcessor(ConfigurableEnvironment environment) {
			return (beanFactory) -> {
				environment.getPropertySources()
					.addFirst(new MapPropertySource("late", Map.of("mcp.websocket.tls.verify-server", "false")));
				ConfigurationPropertySources.attach(environment);
			};
		}

	}

	@AutoConfiguration(after = McpWebSocketClientAutoConfiguration.class)
	static class LateProfileConfiguration {

		@Bean
		static BeanFactoryPostProcessor lateProfilePostProcessor(ConfigurableEnvironment environment) {
			return (beanFactory) -> environment.addActiveProfile("prod");
		}

	}

	@AutoConfiguration(after = McpWebSocketClientAutoConfiguration.class)
	static class ProfileRemovingConfiguration {

		@Bean
		static BeanFactoryPostProcessor profileRemovingPostProcessor(ConfigurableEnvironment environment) {
			return (beanFactory) -> environment.setActiveProfiles("dev");
		}

	}

}
