package io.github.mcpwss.kit;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.github.mcpwss.client.ReconnectSettings;
import io.github.mcpwss.testing.FaultProxy;
import io.github.mcpwss.testing.TcpProxy;
import io.github.mcpwss.testing.TestTools;
import io.github.mcpwss.testing.WssClient;
import io.github.mcpwss.testing.WssServer;
import io.modelcontextprotocol.client.McpAsyncClient;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.modelcontextprotocol.spec.McpTransportSessionClosedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.util.retry.Retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * The scenarios of the SDK's {@code AbstractMcpAsyncClientResiliencyTests}, which needs
 * containers: with proxies of these tests' own.
 */
class ClientResiliencyTests {

	private static final Duration LIMIT = Duration.ofSeconds(20);

	private static final CallToolRequest ECHO = CallToolRequest.builder("echo").arguments(Map.of("text", "x")).build();

	private static final Retry AGAIN = Retry.fixedDelay(100, Duration.ofMillis(100));

	private WssServer server;

	private McpSyncServer mcpServer;

	private TcpProxy network;

	private WssClient clients;

	private McpAsyncClient client;

	@BeforeEach
	void start() {
		this.server = new WssServer();
		this.mcpServer = mcpServer();
		this.network = new TcpProxy(this.server.port());
		this.clients = new WssClient(this.server.tls());
		this.client = client(this.network.port());
	}

	@AfterEach
	void stop() {
		this.client.closeGracefully().block(LIMIT);
		this.clients.close();
		this.network.close();
		this.server.close();
	}

	private McpSyncServer mcpServer() {
		return McpServer.sync(this.server.provider()).serverInfo("test", "1").tools(TestTools.echo()).build();
	}

	private McpAsyncClient client(int port) {
		McpAsyncClient client = McpClient
			.async(this.clients.transport(WssClient.settings(URI.create("wss://localhost:" + port + "/mcp"))
				.withReconnect(new ReconnectSettings(-1, Duration.ofMillis(50), Duration.ofSeconds(1)))))
			.build();
		client.initialize().block(LIMIT);
		return client;
	}

	private void disconnect() {
		this.network.refuse(true);
		this.network.cut();
	}

	private void reconnect() {
		this.network.refuse(false);
	}

	@Test
	void pingFailsWhileCutOffAndWorksAfterwards() {
		disconnect();
		assertThatThrownBy(() -> this.client.ping().block(LIMIT)).hasMessageContaining("onnect");
		reconnect();
		assertThat(this.client.ping().retryWhen(AGAIN).block(LIMIT)).isNotNull();
	}

	@Test
	void toolFailsWhileCutOffAndWorksAfterwards() {
		assertThat(this.client.listTools().block(LIMIT).tools()).extracting(Tool::name).isEqualTo(List.of("echo"));
		disconnect();
		assertThatThrownBy(() -> this.client.callTool(ECHO).block(LIMIT)).hasMessageContaining("onnect");
		reconnect();
		assertThat(this.client.callTool(ECHO).retryWhen(AGAIN).block(LIMIT).content()).isNotEmpty();
	}

	@Test
	void sessionOfAServerThatWasRestartedIsInitializedAnew() {
		this.mcpServer.closeGracefully();
		this.mcpServer = mcpServer();
		assertThat(this.client.ping().retryWhen(AGAIN).block(LIMIT)).isNotNull();
	}

	@Test
	void latencyIsNoFailure() {
		try (FaultProxy slow = new FaultProxy(this.server.port(), 7)) {
			slow.delay(100_000);
			McpAsyncClient client = client(slow.port());
			assertThat(client.callTool(ECHO).block(LIMIT).content()).isNotEmpty();
			assertThat(client.ping().block(LIMIT)).isNotNull();
			client.closeGracefully().block(LIMIT);
		}
	}

	@Test
	void closedSessionStaysClosed() {
		this.client.closeGracefully().block(LIMIT);
		assertThatThrownBy(() -> this.client.ping().block(LIMIT))
			.hasCauseInstanceOf(McpTransportSessionClosedException.class);
	}

}
