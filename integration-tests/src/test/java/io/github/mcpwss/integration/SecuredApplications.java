package io.github.mcpwss.integration;

import java.nio.file.Path;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.mcpwss.server.TransportContextKeys;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.modelcontextprotocol.spec.McpServerTransportProvider;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A server with a tool that names its caller, and clients of it.
 */
final class SecuredApplications implements AutoCloseable {

	private final List<ConfigurableApplicationContext> contexts = new ArrayList<>();

	private final Path directory;

	/**
	 * Create applications.
	 * @param directory keeps the development certificate
	 */
	SecuredApplications(Path directory) {
		this.directory = directory;
	}

	/**
	 * Start a server.
	 * @param stack the web server
	 * @param security the configuration of Spring Security
	 * @return the port
	 */
	int serve(WebStack stack, Class<?> security) {
		ConfigurableApplicationContext server = run(
				new SpringApplicationBuilder(ServerApplication.class, security).web(stack.type()), stack.property(),
				"server.port=0", "server.address=127.0.0.1", "mcp.websocket.server-mode=true");
		WebServer webServer = ((WebServerApplicationContext) server).getWebServer();
		assertThat(webServer.getClass().getSimpleName()).isEqualTo(stack.webServer());
		return webServer.getPort();
	}

	/**
	 * Ask the server who calls.
	 * @param port the server's port
	 * @param properties the client's properties
	 * @return the name that the tool sees
	 */
	String whoAmI(int port, String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.add("mcp.websocket.url=wss://localhost:" + port);
		ConfigurableApplicationContext client = run(
				new SpringApplicationBuilder(ClientApplication.class).web(WebApplicationType.NONE),
				all.toArray(String[]::new));
		CallToolResult result = client.getBean(McpSyncClient.class).callTool(CallToolRequest.builder("who").build());
		return ((TextContent) result.content().get(0)).text();
	}

	/**
	 * Start an application that has the development certificate, or trusts it.
	 * @param builder the application
	 * @param properties its properties
	 * @return the application
	 */
	ConfigurableApplicationContext run(SpringApplicationBuilder builder, String... properties) {
		List<String> all = new ArrayList<>(List.of("mcp.websocket.tls.dev-certificate=true",
				"mcp.websocket.tls.dev-certificate-directory=" + this.directory));
		all.addAll(List.of(properties));
		return start(builder, all);
	}

	/**
	 * Start an application.
	 * @param builder the application
	 * @param properties its properties
	 * @return the application
	 */
	ConfigurableApplicationContext start(SpringApplicationBuilder builder, List<String> properties) {
		List<String> arguments = new ArrayList<>();
		properties.forEach((property) -> arguments.add("--" + property));
		ConfigurableApplicationContext context = builder
			.properties("spring.main.banner-mode=off", "spring.reactor.netty.shutdown-quiet-period=1ms")
			.run(arguments.toArray(String[]::new));
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
	static class ServerApplication {

		@Bean(destroyMethod = "")
		McpSyncServer mcpServer(McpServerTransportProvider provider) {
			SyncToolSpecification who = SyncToolSpecification.builder()
				.tool(Tool.builder("who", Map.of("type", "object")).build())
				.callHandler((exchange, request) -> {
					Principal principal = (Principal) exchange.transportContext().get(TransportContextKeys.PRINCIPAL);
					return CallToolResult.builder()
						.addTextContent((principal != null) ? principal.getName() : "nobody")
						.build();
				})
				.build();
			return McpServer.sync(provider).serverInfo("test", "1").tools(who).build();
		}

	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class ClientApplication {

		@Bean
		McpSyncClient mcpClient(McpClientTransport transport) {
			return McpClient.sync(transport).build();
		}

	}

}
