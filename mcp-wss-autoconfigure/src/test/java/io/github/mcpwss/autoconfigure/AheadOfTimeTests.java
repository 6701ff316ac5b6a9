package io.github.mcpwss.autoconfigure;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.github.mcpwss.tls.ForgedCertificate;
import io.github.mcpwss.tls.TestCertificates.Issued;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpServerTransportProvider;
import org.apache.catalina.webresources.TomcatURLStreamHandlerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.boot.webflux.autoconfigure.HttpHandlerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotatedBeanDefinitionReader;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;
import org.springframework.javapoet.ClassName;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Applications that are processed ahead of time, as native images are: what was decided
 * at build time must not hide what is insecure at run time.
 */
@CompileWithForkedClassLoader
class AheadOfTimeTests {

	@TempDir
	private Path directory;

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

	@Test
	void insecureTomcatIsRefused() {
		// The JVM takes one, and Tomcat is loaded once more here.
		assertThat(TomcatURLStreamHandlerFactory.disable()).isTrue();
		assertInsecureWebServerIsRefused(Web.TOMCAT);
	}

	@Test
	void insecureReactorNettyIsRefused() {
		assertInsecureWebServerIsRefused(Web.REACTOR_NETTY);
	}

	private void assertInsecureWebServerIsRefused(Web web) {
		Issued weak = ForgedCertificate.server("a").key("RSA", 1024).selfSigned();
		String[] properties = { "mcp.websocket.server-mode=true", "server.port=0", "server.address=127.0.0.1" };
		String[] plain = with(properties, "mcp.websocket.use-tls=false");
		String[] own = with(properties,
				"mcp.websocket.tls.cert-path=" + weak.writeCertificateTo(this.directory.resolve("a.crt")),
				"mcp.websocket.tls.key-path=" + weak.writeKeyTo(this.directory.resolve("a.key")));
		String[] serverSsl = with(properties, "server.ssl.certificate=" + this.directory.resolve("a.crt"),
				"server.ssl.certificate-private-key=" + this.directory.resolve("a.key"));
		process(web.application, web.context, plain, (initializer) -> {
			for (String[] insecure : List.of(plain, own, serverSsl)) {
				GenericApplicationContext context = run(initializer, web.context.get(), insecure);
				assertThat(context.getBean(McpServerTransportProvider.class)).isNotNull();
				context.close();
			}
			assertRefused(initializer, web, "mcp.websocket.use-tls", with(plain, "server.address=0.0.0.0"));
			assertRefused(initializer, web, "mcp.websocket.tls.cert-path", own);
			assertRefused(initializer, web, "server.ssl.certificate", serverSsl);
		});
	}

	private static void assertRefused(ApplicationContextInitializer<GenericApplicationContext> initializer, Web web,
			String property, String[] properties) {
		assertThatExceptionOfType(InsecureProductionException.class)
			.isThrownBy(() -> run(initializer, web.context.get(), with(properties, "PROFILE=prod")))
			.withMessageContaining(property);
	}

	private static String[] with(String[] properties, String... further) {
		return StringUtils.concatenateStringArrays(properties, further);
	}

	private static void process(String[] properties,
			Consumer<ApplicationContextInitializer<GenericApplicationContext>> test) {
		process(Application.class, GenericApplicationContext::new, properties, test);
	}

	private static void process(Class<?> application, Supplier<GenericApplicationContext> contexts, String[] properties,
			Consumer<ApplicationContextInitializer<GenericApplicationContext>> test) {
		GenericApplicationContext context = prepare(contexts.get(), properties);
		new AnnotatedBeanDefinitionReader(context).register(application);
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
		return run(initializer, new GenericApplicationContext(), properties);
	}

	private static GenericApplicationContext run(ApplicationContextInitializer<GenericApplicationContext> initializer,
			GenericApplicationContext context, String... properties) {
		prepare(context, properties);
		initializer.initialize(context);
		context.refresh();
		return context;
	}

	private static GenericApplicationContext prepare(GenericApplicationContext context, String... properties) {
		ConfigurableEnvironment environment = context.getEnvironment();
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
		return context;
	}

	/**
	 * Applications whose web server has the endpoint.
	 */
	enum Web {

		TOMCAT(ServletApplication.class, ServletWebServerApplicationContext::new),

		REACTOR_NETTY(ReactiveApplication.class, ReactiveWebServerApplicationContext::new);

		private final Class<?> application;

		private final Supplier<GenericApplicationContext> context;

		Web(Class<?> application, Supplier<GenericApplicationContext> context) {
			this.application = application;
			this.context = context;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ SslAutoConfiguration.class, McpWebSocketAutoConfiguration.class,
			McpWebSocketServerAutoConfiguration.class, McpWebSocketClientAutoConfiguration.class,
			McpWebSocketConnectionsAutoConfiguration.class })
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ SslAutoConfiguration.class, TomcatServletWebServerAutoConfiguration.class,
			DispatcherServletAutoConfiguration.class, McpWebSocketAutoConfiguration.class,
			McpWebSocketServerAutoConfiguration.class, McpWebSocketClientAutoConfiguration.class,
			McpWebSocketConnectionsAutoConfiguration.class })
	static class ServletApplication {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ SslAutoConfiguration.class, NettyReactiveWebServerAutoConfiguration.class,
			HttpHandlerAutoConfiguration.class, WebFluxAutoConfiguration.class, McpWebSocketAutoConfiguration.class,
			McpWebSocketServerAutoConfiguration.class, McpWebSocketClientAutoConfiguration.class,
			McpWebSocketConnectionsAutoConfiguration.class })
	static class ReactiveApplication {

	}

}
