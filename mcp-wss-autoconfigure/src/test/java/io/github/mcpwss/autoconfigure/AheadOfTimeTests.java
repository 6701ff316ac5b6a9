package io.github.mcpwss.autoconfigure;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpServerTransportProvider;
import org.junit.jupiter.api.Test;

import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotatedBeanDefinitionReader;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;
import org.springframework.javapoet.ClassName;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Applications that are processed ahead of time, as native images are: what was decided
 * at build time must not hide what is insecure at run time.
 */
@CompileWithForkedClassLoader
class AheadOfTimeTests {

	private static final String CLIENT = "mcp.websocket.url=wss://localhost:8443/mcp";

	private static final String[] LISTENER = { "mcp.websocket.server-mode=true",
			"mcp.websocket.url=ws://127.0.0.1:0/mcp", "mcp.websocket.use-tls=false" };

	@Test
	void insecureClientIsRefused() {
		// the profile of the build does not count
		process(new String[] { CLIENT, "PROFILE=dev" }, (initializer) -> {
			GenericApplicationContext context = run(initializer, CLIENT);
			assertThat(context.getBean(McpClientTransport.class)).isNotNull();
			context.close();
			assertThatExceptionOfType(InsecureProductionException.class)
				.isThrownBy(() -> run(initializer, CLIENT, "mcp.websocket.tls.verify-server=false", "PROFILE=PROD-eu"))
				.withMessageContaining("mcp.websocket.tls.verify-server");
			assertThatExceptionOfType(InsecureProductionException.class)
				.isThrownBy(() -> run(initializer, "mcp.websocket.url=ws://example.com/mcp",
						"mcp.websocket.use-tls=false", "PROFILE=prod"))
				.withMessageContaining("mcp.websocket.url");
		});
	}

	@Test
	void insecureServerIsRefused() {
		process(LISTENER, (initializer) -> {
			GenericApplicationContext context = run(initializer, LISTENER);
			assertThat(context.getBean(McpServerTransportProvider.class)).isNotNull();
			context.close();
			assertThatExceptionOfType(InsecureProductionException.class)
				.isThrownBy(() -> run(initializer, "mcp.websocket.server-mode=true",
						"mcp.websocket.url=ws://0.0.0.0:0/mcp", "mcp.websocket.use-tls=false", "PROFILE=production"))
				.withMessageContaining("mcp.websocket.use-tls");
			assertThat(catchThrowable(() -> run(initializer, CLIENT)))
				.isInstanceOf(McpWebSocketConfigurationException.class)
				.hasMessageContaining("have other values than when it was decided");
		});
	}

	private static void process(String[] properties,
			Consumer<ApplicationContextInitializer<GenericApplicationContext>> test) {
		GenericApplicationContext context = context(properties);
		new AnnotatedBeanDefinitionReader(context).register(Application.class);
		TestGenerationContext generation = new TestGenerationContext();
		ClassName initializer = new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
		generation.writeGeneratedContent();
		TestCompiler.forSystem()
			.with(generation)
			.compile((compiled) -> test
				.accept(instance(compiled.getInstance(ApplicationContextInitializer.class, initializer.toString()))));
	}

	@SuppressWarnings("unchecked")
	private static ApplicationContextInitializer<GenericApplicationContext> instance(
			ApplicationContextInitializer<?> initializer) {
		return (ApplicationContextInitializer<GenericApplicationContext>) initializer;
	}

	private static GenericApplicationContext run(ApplicationContextInitializer<GenericApplicationContext> initializer,
			String... properties) {
		GenericApplicationContext context = context(properties);
		initializer.initialize(context);
		context.refresh();
		return context;
	}

	private static GenericApplicationContext context(String... properties) {
		GenericApplicationContext context = new GenericApplicationContext();
		StandardEnvironment environment = new StandardEnvironment();
		Map<String, Object> values = new HashMap<>();
		for (String property : properties) {
			int end = property.indexOf('=');
			if (property.startsWith("PROFILE=")) {
				environment.addActiveProfile(property.substring(end + 1));
			}
			else {
				values.put(property.substring(0, end), property.substring(end + 1));
			}
		}
		environment.getPropertySources().addFirst(new MapPropertySource("test", values));
		ConfigurationPropertySources.attach(environment);
		context.setEnvironment(environment);
		return context;
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ SslAutoConfiguration.class, McpWebSocketAutoConfiguration.class,
			McpWebSocketServerAutoConfiguration.class, McpWebSocketClientAutoConfiguration.class,
			McpWebSocketConnectionsAutoConfiguration.class })
	static class Application {

	}

}
