package io.github.mcpwss.integration;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Map;

import io.github.mcpwss.client.McpWebSocketClientTransport;
import io.github.mcpwss.server.McpWebSocketServerTransportProvider;
import io.github.mcpwss.server.TransportContextKeys;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.modelcontextprotocol.spec.McpServerTransportProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpHeaders;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Applications on Jetty, as the tests of the starter itself have them on the other web
 * servers.
 */
@Timeout(60)
class JettyApplicationTests {

	@TempDir
	private Path directory;

	private SecuredApplications applications;

	@BeforeEach
	void create() {
		this.applications = new SecuredApplications(this.directory);
	}

	@AfterEach
	void close() {
		this.applications.close();
	}

	@Test
	void toolSeesTheHandshake() {
		ConfigurableApplicationContext client = client(port(serve()), "mcp.websocket.headers.X-Tenant=acme");
		assertThat(describe(client)).isEqualTo("acme from 127.0.0.1 by TLSv1.3 "
				+ client.getBean(McpWebSocketClientTransport.class).getConnectionInfo().orElseThrow().cipherSuite());
	}

	@Test
	void serverThatIsStoppedAndStartedServesAgain() {
		ConfigurableApplicationContext server = serve();
		McpWebSocketServerTransportProvider provider = server.getBean(McpWebSocketServerTransportProvider.class);
		for (int round = 0; round < 2; round++) {
			assertThat(describe(client(port(server)))).contains("127.0.0.1");
			server.stop();
			assertThat(provider.getConnectionCount()).isZero();
			server.start();
		}
		assertThat(describe(client(port(server)))).contains("127.0.0.1");
	}

	@Test
	void silentConnectionsAreClosed() throws IOException {
		int port = port(serve("mcp.websocket.timeout=1"));
		try (Socket silent = connect(port); Socket halfOpen = connect(port)) {
			halfOpen.getOutputStream().write(new byte[] { 22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xFC, 3, 3, 7 });
			assertThat(silent.getInputStream().read()).isEqualTo(-1);
			// Whatever alert may come before.
			halfOpen.getInputStream().readAllBytes();
		}
	}

	@Test
	void shutdownDoesNotWaitForIdleSockets() {
		ConfigurableApplicationContext server = serve();
		McpWebSocketServerTransportProvider provider = server.getBean(McpWebSocketServerTransportProvider.class);
		assertThat(describe(client(port(server)))).isNotEmpty();
		await().until(() -> provider.getConnectionCount() == 1);
		long start = System.nanoTime();
		server.close();
		assertThat(System.nanoTime() - start).isLessThan(10_000_000_000L);
		assertThat(provider.getConnectionCount()).isZero();
	}

	private static Socket connect(int port) throws IOException {
		Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
		socket.setSoTimeout(10_000);
		return socket;
	}

	private ConfigurableApplicationContext serve(String... properties) {
		SpringApplicationBuilder server = new SpringApplicationBuilder(ServerApplication.class)
			.web(WebStack.JETTY.type());
		ConfigurableApplicationContext context = this.applications.run(server,
				StringUtils.concatenateStringArrays(properties, new String[] { WebStack.JETTY.property(),
						"server.port=0", "server.address=127.0.0.1", "mcp.websocket.server-mode=true" }));
		assertThat(((WebServerApplicationContext) context).getWebServer().getClass().getSimpleName())
			.isEqualTo(WebStack.JETTY.webServer());
		return context;
	}

	private static int port(ConfigurableApplicationContext server) {
		return ((WebServerApplicationContext) server).getWebServer().getPort();
	}

	private ConfigurableApplicationContext client(int port, String... properties) {
		return this.applications.run(new SpringApplicationBuilder(ClientApplication.class).web(WebApplicationType.NONE),
				StringUtils.addStringToArray(properties, "mcp.websocket.url=wss://localhost:" + port));
	}

	private static String describe(ConfigurableApplicationContext client) {
		CallToolResult result = client.getBean(McpSyncClient.class)
			.callTool(CallToolRequest.builder("describe").build());
		return ((TextContent) result.content().get(0)).text();
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class ServerApplication {

		@Bean(destroyMethod = "")
		McpSyncServer mcpServer(McpServerTransportProvider provider) {
			SyncToolSpecification tool = SyncToolSpecification.builder()
				.tool(Tool.builder("describe", Map.of("type", "object")).build())
				.callHandler((exchange, request) -> CallToolResult.builder()
					.addTextContent(describe(exchange.transportContext()))
					.build())
				.build();
			return McpServer.sync(provider).serverInfo("test", "1").tools(tool).build();
		}

		private static String describe(McpTransportContext context) {
			HttpHeaders headers = (HttpHeaders) context.get(TransportContextKeys.HEADERS);
			InetSocketAddress address = (InetSocketAddress) context.get(TransportContextKeys.REMOTE_ADDRESS);
			return headers.getFirst("X-Tenant") + " from " + address.getAddress().getHostAddress() + " by "
					+ context.get(TransportContextKeys.TLS_PROTOCOL) + " "
					+ context.get(TransportContextKeys.TLS_CIPHER_SUITE);
		}

		@Bean
		SecurityFilterChain security(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll()).build();
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
