package io.github.mcpwss.springai;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import reactor.core.publisher.Mono;

import org.springframework.ai.mcp.annotation.McpPrompt;
import org.springframework.ai.mcp.annotation.McpResource;
import org.springframework.ai.mcp.annotation.McpTool;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.stereotype.Component;

/**
 * Applications as users of Spring AI write them: annotated beans and properties.
 */
final class SpringAiApplications implements AutoCloseable {

	private static final String AUTO_CONFIGURATION = "org.springframework.ai.mcp.server.%s.autoconfigure.McpServer%s%sAutoConfiguration";

	private final List<ConfigurableApplicationContext> contexts = new ArrayList<>();

	private final Path directory;

	/**
	 * Create applications.
	 * @param directory keeps the development certificate
	 */
	SpringAiApplications(Path directory) {
		this.directory = directory;
	}

	/**
	 * Run a server that serves Streamable HTTP, too.
	 * @param type the kind of application
	 * @param properties further properties
	 * @return the application
	 */
	ConfigurableApplicationContext serverBesideStreamableHttp(WebApplicationType type, String... properties) {
		List<String> all = new ArrayList<>(List.of("spring.ai.mcp.server.protocol=STREAMABLE",
				without((type == WebApplicationType.SERVLET) ? List.of("WebFlux") : List.of("WebMvc"))));
		all.addAll(List.of(properties));
		return run(type, all);
	}

	ConfigurableApplicationContext server(WebApplicationType type, String... properties) {
		List<String> all = new ArrayList<>(List.of(without(List.of("WebFlux", "WebMvc"))));
		all.addAll(List.of(properties));
		return run(type, all);
	}

	private ConfigurableApplicationContext run(WebApplicationType type, List<String> properties) {
		List<String> all = new ArrayList<>(List.of("server.address=127.0.0.1", "mcp.websocket.server-mode=true",
				"spring.ai.mcp.client.enabled=false"));
		all.addAll(tls("mcp.websocket"));
		all.addAll(properties);
		return run(new SpringApplicationBuilder(ServerApplication.class).web(type), all);
	}

	/**
	 * Leave starters of Spring AI out: an application has that of one web stack, or none.
	 */
	private static String without(List<String> stacks) {
		return "spring.autoconfigure.exclude=" + stacks.stream()
			.flatMap((stack) -> Stream.of("Sse", "StreamableHttp", "Stateless")
				.map((protocol) -> AUTO_CONFIGURATION.formatted(stack.toLowerCase(Locale.ROOT), protocol, stack)))
			.collect(Collectors.joining(","));
	}

	ConfigurableApplicationContext client(String... properties) {
		List<String> all = new ArrayList<>(List.of("spring.ai.mcp.server.enabled=false"));
		all.addAll(List.of(properties));
		return run(new SpringApplicationBuilder(ClientApplication.class).web(WebApplicationType.NONE), all);
	}

	List<String> tls(String prefix) {
		return List.of(prefix + ".tls.dev-certificate=true",
				prefix + ".tls.dev-certificate-directory=" + this.directory);
	}

	private ConfigurableApplicationContext run(SpringApplicationBuilder builder, List<String> properties) {
		ConfigurableApplicationContext context = builder
			.properties("server.port=0", "spring.main.banner-mode=off",
					"spring.reactor.netty.shutdown-quiet-period=1ms")
			.run(properties.stream().map((property) -> "--" + property).toArray(String[]::new));
		this.contexts.add(context);
		return context;
	}

	@Override
	public void close() {
		for (int i = this.contexts.size() - 1; i >= 0; i--) {
			this.contexts.get(i).close();
		}
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ SyncBeans.class, AsyncBeans.class })
	static class ServerApplication {

	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class ClientApplication {

	}

	@Component
	static class SyncBeans {

		@McpTool(name = "add", description = "Adds")
		int add(int a, int b) {
			return a + b;
		}

		@McpResource(uri = "test://motto", name = "motto", description = "A motto")
		String motto() {
			return "secure by default";
		}

		@McpPrompt(name = "greet", description = "Greets")
		String greet() {
			return "Say hello";
		}

	}

	@Component
	static class AsyncBeans {

		@McpTool(name = "add", description = "Adds")
		Mono<String> add(int a, int b) {
			return Mono.fromSupplier(() -> String.valueOf(a + b));
		}

		@McpResource(uri = "test://motto", name = "motto", description = "A motto")
		Mono<String> motto() {
			return Mono.just("secure by default");
		}

		@McpPrompt(name = "greet", description = "Greets")
		Mono<String> greet() {
			return Mono.just("Say hello");
		}

	}

}
