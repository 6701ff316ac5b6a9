package io.github.mcpwss.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.mcpwss.testing.TestTools;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpServerTransportProvider;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.util.StringUtils;

/**
 * Runs applications as users write them: nothing but injected beans.
 */
final class Applications implements AutoCloseable {

	private final List<ConfigurableApplicationContext> contexts = new ArrayList<>();

	ConfigurableApplicationContext server(String... properties) {
		return run(new SpringApplicationBuilder(ServerApplication.class).web(WebApplicationType.SERVLET), properties,
				"server.port=0", "server.address=127.0.0.1", "mcp.websocket.server-mode=true");
	}

	/**
	 * Run a server of plain text behind a proxy that is not there.
	 * @param type the kind of application; one without a web server has a listener
	 * @param properties further properties
	 * @return the application
	 */
	ConfigurableApplicationContext offloadedServer(WebApplicationType type, String... properties) {
		String[] url = (type == WebApplicationType.NONE) ? new String[] { "mcp.websocket.url=127.0.0.1:0" }
				: new String[0];
		return run(new SpringApplicationBuilder(ServerApplication.class).web(type),
				StringUtils.concatenateStringArrays(url, properties), "server.port=0", "server.address=127.0.0.1",
				"mcp.websocket.server-mode=true", "mcp.websocket.tls.offloaded=true");
	}

	ConfigurableApplicationContext client(int port, String... properties) {
		return client("wss://localhost:" + port, properties);
	}

	ConfigurableApplicationContext client(String url, String... properties) {
		return run(new SpringApplicationBuilder(ClientApplication.class).web(WebApplicationType.NONE), properties,
				"mcp.websocket.url=" + url, "mcp.websocket.timeout=10s", "mcp.websocket.reconnect-delay=100ms");
	}

	ConfigurableApplicationContext run(SpringApplicationBuilder builder, String[] properties,
			String... furtherProperties) {
		List<String> arguments = new ArrayList<>();
		List.of(furtherProperties).forEach((property) -> arguments.add("--" + property));
		List.of(properties).forEach((property) -> arguments.add("--" + property));
		ConfigurableApplicationContext context = builder
			.properties("spring.main.banner-mode=off", "spring.reactor.netty.shutdown-quiet-period=1ms")
			.run(arguments.toArray(String[]::new));
		this.contexts.add(context);
		return context;
	}

	/**
	 * Return where the endpoint is: on the listener, where there is one.
	 * @param server the application
	 * @return the port
	 */
	static int endpointPort(ConfigurableApplicationContext server) {
		Integer port = server.getEnvironment().getProperty("local.mcp.websocket.port", Integer.class);
		return (port != null) ? port : port(server);
	}

	static int port(ConfigurableApplicationContext server) {
		return ((WebServerApplicationContext) server).getWebServer().getPort();
	}

	static String echo(ConfigurableApplicationContext client, String text) {
		McpSyncClient mcpClient = client.getBean(McpSyncClient.class);
		if (!mcpClient.isInitialized()) {
			mcpClient.initialize();
		}
		return ((TextContent) mcpClient
			.callTool(CallToolRequest.builder("echo").arguments(Map.of("text", text)).build())
			.content()
			.get(0)).text();
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
			return McpServer.sync(provider).serverInfo("test", "1").tools(TestTools.echo()).build();
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
