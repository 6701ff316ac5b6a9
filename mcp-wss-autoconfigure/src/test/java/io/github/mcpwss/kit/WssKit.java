package io.github.mcpwss.kit;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.mcpwss.client.ClientSettings;
import io.github.mcpwss.client.McpWebSocketClientTransport;
import io.github.mcpwss.testing.Hosting;
import io.github.mcpwss.testing.ServerSetup;
import io.github.mcpwss.testing.TestServer;
import io.github.mcpwss.testing.WssClient;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.spec.McpServerTransportProvider;

import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * The endpoint that the tests of one class share, and the clients that connect to it.
 */
final class WssKit implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	/**
	 * The entry of the transport context that the kit expects.
	 */
	private static final String CONTEXT_KEY = "important";

	/**
	 * Threads of the JVM, of JUnit, of Reactor and of the clients that the kit itself
	 * makes.
	 */
	private static final List<String> SHARED_THREADS = List.of("parallel-", "boundedElastic-", "single-", "reactor-",
			"HttpClient-", "ForkJoinPool", "junit-jupiter-", "awaitility", "Common-Cleaner", "Cleaner-",
			"Attach Listener", "process reaper", "ssl-", "globalEventExecutor");

	private final Set<Thread> threadsBefore = Thread.getAllStackTraces().keySet();

	private final TestServer server;

	private final WssClient clients;

	private final List<McpSyncClient> connected = new CopyOnWriteArrayList<>();

	WssKit(Hosting hosting) {
		this.server = hosting.start(ServerSetup.defaults()
			.withContextExtractor((request) -> McpTransportContext
				.create(Map.of(CONTEXT_KEY, String.valueOf(request.getHeaders().getFirst(CONTEXT_KEY))))));
		this.clients = new WssClient(this.server.tls());
	}

	int port() {
		return this.server.port();
	}

	McpWebSocketClientTransport clientTransport() {
		ClientSettings settings = WssClient.settings(this.server.uri());
		HttpHeaders headers = new HttpHeaders();
		headers.set(CONTEXT_KEY, "value");
		return this.clients.transport(new ClientSettings(settings.uri(), settings.timeout(), settings.maxMessageSize(),
				settings.heartbeatInterval(), headers));
	}

	McpServerTransportProvider provider() {
		return this.server.provider();
	}

	/**
	 * Return a provider that connects a client to each server as soon as it is built, so
	 * that what the server does then is done to a socket.
	 * @return the provider
	 */
	McpServerTransportProvider providerWithClient() {
		return new KitTransportProvider(this.server.provider(), this::connect);
	}

	private void connect() {
		McpSyncClient client = McpClient.sync(clientTransport()).build();
		this.connected.add(client);
		client.initialize();
		assertThat(this.server.provider().getConnectionCount()).isOne();
	}

	/**
	 * End what a test has left open. No connection may be left after that.
	 */
	void reset() {
		this.connected.forEach(McpSyncClient::close);
		this.connected.clear();
		this.server.provider().closeGracefully().block(PATIENCE);
		await().atMost(PATIENCE)
			.pollInterval(Duration.ofMillis(10))
			.until(() -> this.server.provider().getConnectionCount() == 0);
	}

	@Override
	public void close() {
		int port = port();
		this.clients.close();
		this.server.close();
		assertThatExceptionOfType(ConnectException.class)
			.isThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close());
		await().atMost(PATIENCE)
			.pollInterval(Duration.ofMillis(10))
			.untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
				.filteredOn((thread) -> !this.threadsBefore.contains(thread)
						&& SHARED_THREADS.stream().noneMatch(thread.getName()::startsWith))
				.isEmpty());
	}

}
