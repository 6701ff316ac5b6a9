package io.github.mcpwss.autoconfigure;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.mcpwss.tls.ForgedCertificate;
import io.github.mcpwss.tls.TestCertificates;
import io.github.mcpwss.tls.TestCertificates.Issued;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Every rule of the production guard with every way in which a profile becomes active.
 */
class GuardMatrixTests {

	private static final String[] CLIENT = { "mcp.websocket.url=wss://localhost:8443/mcp" };

	private static final String[] SERVER = { "mcp.websocket.server-mode=true", "mcp.websocket.url=wss://127.0.0.1:0" };

	@TempDir
	private static Path directory;

	@BeforeAll
	static void write() {
		TestCertificates authority = TestCertificates.authority("CA");
		write("expired", authority.issue(TestCertificates.daysFromNow(-9), TestCertificates.daysFromNow(-2), "a"));
		write("future", authority.issue(TestCertificates.daysFromNow(2), TestCertificates.daysFromNow(9), "a"));
		write("rsa", ForgedCertificate.server("a").key("RSA", 1024).selfSigned());
		write("sha1", ForgedCertificate.server("a").signature("SHA1withRSA").selfSigned());
		write("md5", ForgedCertificate.server("a").signature("MD5withRSA").selfSigned());
		write("good", authority.issue("a"));
	}

	private static void write(String name, Issued issued) {
		issued.writeCertificateTo(directory.resolve(name + ".crt"));
		issued.writeKeyTo(directory.resolve(name + ".key"));
	}

	static Stream<Rule> rules() {
		String plain = "mcp.websocket.use-tls=false";
		return Stream.of(new Rule("mcp.websocket.tls.verify-server", CLIENT, "mcp.websocket.tls.verify-server=false"),
				new Rule("mcp.websocket.tls.accept-invalid-certs", CLIENT,
						"mcp.websocket.tls.accept-invalid-certs=true"),
				new Rule("mcp.websocket.tls.dev-certificate", CLIENT, "mcp.websocket.tls.dev-certificate=true",
						"mcp.websocket.tls.dev-certificate-directory=DIRECTORY/dev"),
				new Rule("mcp.websocket.tls.dev-certificate", SERVER, "mcp.websocket.tls.dev-certificate=true",
						"mcp.websocket.tls.dev-certificate-directory=DIRECTORY/dev"),
				new Rule("TLSv1.1 is no longer secure", CLIENT, "mcp.websocket.tls.enabled-protocols=TLSv1.1,TLSv1.2"),
				new Rule("mcp.websocket.url (the connection to the server is ws://", CLIENT, plain,
						"mcp.websocket.url=ws://host/mcp"),
				new Rule("mcp.websocket.headers.Authorization", CLIENT, plain, "mcp.websocket.url=ws://host/mcp",
						"mcp.websocket.headers.Authorization=Bearer hunter2"),
				new Rule("mcp.websocket.use-tls", SERVER, plain, "mcp.websocket.url=ws://0.0.0.0:0"),
				new Rule("mcp.websocket.connections.a.tls.verify-server", new String[0],
						"mcp.websocket.connections.a.url=wss://host/mcp",
						"mcp.websocket.connections.a.tls.verify-server=false"),
				ofCertificate("expired", "expired on"), ofCertificate("future", "is not valid before"),
				ofCertificate("rsa", "RSA key of 1024 bits"), ofCertificate("sha1", "signed with SHA1withRSA"),
				ofCertificate("md5", "signed with MD5withRSA"));
	}

	private static Rule ofCertificate(String name, String words) {
		return new Rule(words, SERVER, "mcp.websocket.tls.cert-path=DIRECTORY/" + name + ".crt",
				"mcp.websocket.tls.key-path=DIRECTORY/" + name + ".key");
	}

	static Stream<Arguments> matrix() {
		return rules().flatMap((rule) -> Stream.of(Way.values()).map((way) -> Arguments.of(rule, way)));
	}

	@ParameterizedTest(name = "{0}: {1}")
	@MethodSource("matrix")
	void violationIsRefused(Rule rule, Way way) {
		Throwable failure = start(rule, way);
		assertThat(failure).isNotNull();
		assertThat(root(failure)).isInstanceOf(InsecureProductionException.class)
			.hasMessageContaining(rule.words())
			.hasMessageNotContaining("hunter2");
	}

	@ParameterizedTest
	@MethodSource("rules")
	void violationIsNoHindranceElsewhere(Rule rule) {
		assertThat(start(rule, null)).isNull();
	}

	@Test
	void goodCertificateIsNoHindrance() {
		for (Way way : Way.values()) {
			assertThat(start(ofCertificate("good", ""), way)).as(way.name()).isNull();
		}
	}

	@Test
	void clientAuthenticationWithoutAuthoritiesIsRefusedUnderEveryProfile() {
		for (String profile : List.of("dev", "prod")) {
			Rule rule = ofCertificate("good", "");
			Contexts.server()
				.withPropertyValues(rule.properties()[0].replace("DIRECTORY", directory.toString()),
						rule.properties()[1].replace("DIRECTORY", directory.toString()),
						"mcp.websocket.tls.client-auth=need", "spring.profiles.active=" + profile)
				.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
					.contains("mcp.websocket.tls.client-auth"));
		}
	}

	private static Throwable root(Throwable failure) {
		Throwable root = failure;
		while (root.getCause() != null) {
			root = root.getCause();
		}
		return root;
	}

	private static Throwable start(Rule rule, Way way) {
		String[] properties = Arrays.stream(rule.properties())
			.map((property) -> property.replace("DIRECTORY", directory.toString()))
			.toArray(String[]::new);
		SpringApplicationBuilder builder = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties("spring.main.banner-mode=off", "spring.main.log-startup-info=false",
					"spring.reactor.netty.shutdown-quiet-period=0");
		List<String> arguments = new ArrayList<>();
		boolean late = way == Way.LATE_PROPERTY_SOURCE;
		Map<String, Object> settings = new HashMap<>(settings(rule.base()));
		settings.putAll(late ? Map.of() : settings(properties));
		settings.forEach((name, value) -> arguments.add("--" + name + "=" + value));
		if (late) {
			LateProperties.current.set(settings(properties));
			builder.sources(LateProperties.class);
		}
		if (way != null) {
			way.activate(builder, arguments);
		}
		return catchThrowable(() -> {
			try (ConfigurableApplicationContext context = builder.run(arguments.toArray(String[]::new))) {
				assertThat(context.isRunning()).isTrue();
			}
		});
	}

	private static Map<String, Object> settings(String[] properties) {
		Map<String, Object> settings = new HashMap<>();
		for (String property : properties) {
			int end = property.indexOf('=');
			settings.put(property.substring(0, end), property.substring(end + 1));
		}
		return settings;
	}

	/**
	 * A rule.
	 *
	 * @param words what the refusal says
	 * @param base what makes the application a server or a client
	 * @param properties what breaks the rule
	 */
	record Rule(String words, String[] base, String... properties) {

		@Override
		public String toString() {
			return this.words + " (" + ((this.base == SERVER) ? "server" : "client") + ")";
		}

	}

	/**
	 * How a profile becomes active.
	 */
	enum Way {

		ARGUMENT("--spring.profiles.active=prod"),

		ENVIRONMENT {

			@Override
			void activate(SpringApplicationBuilder builder, List<String> arguments) {
				StandardEnvironment environment = new StandardEnvironment();
				environment.getPropertySources()
					.replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
							new SystemEnvironmentPropertySource(
									StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
									Map.of("SPRING_PROFILES_ACTIVE", "prod")));
				builder.environment(environment);
			}

		},

		GROUP("--spring.profiles.active=live", "--spring.profiles.group.live=a,prod"),

		INCLUDE("--spring.profiles.active=a", "--spring.profiles.include=prod"),

		DEFAULT("--spring.profiles.default=prod"),

		UPPER_CASE("--spring.profiles.active=PROD"),

		SUFFIX("--spring.profiles.active=prod-eu"),

		CONFIGURED("--spring.profiles.active=live", "--mcp.websocket.production-profiles=live"),

		ADDITIONAL {

			@Override
			void activate(SpringApplicationBuilder builder, List<String> arguments) {
				builder.profiles("prod");
			}

		},

		LAZY_INITIALIZATION("--spring.profiles.active=prod", "--spring.main.lazy-initialization=true"),

		LATE_PROPERTY_SOURCE("--spring.profiles.active=prod");

		private final List<String> arguments;

		Way(String... arguments) {
			this.arguments = List.of(arguments);
		}

		void activate(SpringApplicationBuilder builder, List<String> arguments) {
			arguments.addAll(this.arguments);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ SslAutoConfiguration.class, McpWebSocketAutoConfiguration.class,
			McpWebSocketServerAutoConfiguration.class, McpWebSocketClientAutoConfiguration.class,
			McpWebSocketConnectionsAutoConfiguration.class })
	static class Application {

	}

	/**
	 * Adds properties when the guard has looked already.
	 */
	@Configuration(proxyBeanMethods = false)
	static class LateProperties {

		private static final ThreadLocal<Map<String, Object>> current = new ThreadLocal<>();

		@Bean
		static BeanFactoryPostProcessor zLatePropertyPostProcessor(ConfigurableEnvironment environment) {
			return (beanFactory) -> {
				environment.getPropertySources().addFirst(new MapPropertySource("late", current.get()));
				ConfigurationPropertySources.attach(environment);
			};
		}

	}

}
