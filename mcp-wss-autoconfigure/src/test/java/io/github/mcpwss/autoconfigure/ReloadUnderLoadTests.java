package io.github.mcpwss.autoconfigure;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.mcpwss.client.ClientSettings;
import io.github.mcpwss.client.McpWebSocketClientTransport;
import io.github.mcpwss.client.WebSocketClients;
import io.github.mcpwss.testing.Replacement;
import io.github.mcpwss.testing.TlsProbe;
import io.github.mcpwss.testing.WssClient;
import io.github.mcpwss.testing.WssServer;
import io.github.mcpwss.tls.ServerTrust;
import io.github.mcpwss.tls.ServerTrustManagers;
import io.github.mcpwss.tls.TestCertificates;
import io.github.mcpwss.tls.TestCertificates.Issued;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.reactive.socket.client.ReactorNettyWebSocketClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * New certificates while clients call without pause, keep their sockets and come back.
 */
@Timeout(240)
@ParameterizedClass
@EnumSource(value = WebApplicationType.class, names = { "SERVLET", "NONE" })
class ReloadUnderLoadTests {

	private static final Logger logger = LoggerFactory.getLogger(ReloadUnderLoadTests.class);

	private static final int CALLS_PER_SOCKET = 20;

	private static final Replacement[] WAYS = { Replacement.RENAME, Replacement.IN_PLACE, Replacement.LINK };

	@Parameter
	WebApplicationType type;

	private final TestCertificates authority = TestCertificates.authority("CA");

	private final Applications applications = new Applications();

	private final ExecutorService executor = Executors.newCachedThreadPool();

	private final Scheduler scheduler = Schedulers.fromExecutor(this.executor, true);

	/**
	 * What was written, in that order.
	 */
	private final List<Certificate> written = new CopyOnWriteArrayList<>();

	/**
	 * The number of the last one that was seen in a handshake.
	 */
	private final AtomicInteger seen = new AtomicInteger();

	private final AtomicInteger calls = new AtomicInteger();

	private final AtomicInteger handshakes = new AtomicInteger();

	private volatile boolean over;

	@TempDir
	private Path directory;

	@AfterEach
	void close() {
		this.applications.close();
		this.scheduler.dispose();
		this.executor.shutdownNow();
	}

	@Test
	@Tag("engine")
	void fewRotationsLoseNoCall() throws Exception {
		rotateUnderLoad(Layout.FILES, 10, 4);
	}

	@ParameterizedTest
	@EnumSource(Layout.class)
	@Tag("soak")
	void hundredRotationsLoseNoCall(Layout layout) throws Exception {
		rotateUnderLoad(layout, 100, 20);
	}

	private void rotateUnderLoad(Layout layout, int rotations, int clients) throws Exception {
		write(layout, 0);
		ConfigurableApplicationContext server = this.applications.run(
				new SpringApplicationBuilder(ReloadServer.class).web(this.type), new String[0], "server.port=0",
				"server.address=127.0.0.1", "mcp.websocket.server-mode=true",
				"spring.ssl.bundle.watch.file.quiet-period=30ms",
				"mcp.websocket.tls.cert-path=" + this.directory.resolve("tls.crt"),
				"mcp.websocket.tls.key-path=" + this.directory.resolve("tls.key"),
				(this.type == WebApplicationType.NONE) ? "mcp.websocket.url=wss://127.0.0.1:0" : "a=b");
		int port = Applications.endpointPort(server);
		List<Future<?>> workers = new ArrayList<>();
		for (int i = 0; i < clients; i++) {
			boolean stays = i % 4 == 0;
			workers.add(this.executor.submit(() -> {
				work(port, stays);
				return null;
			}));
		}
		long start = System.nanoTime();
		for (int i = 1; i <= rotations; i++) {
			Certificate certificate = write(layout, i);
			await().until(() -> presented(port).equals(certificate) || workers.stream().anyMatch(Future::isDone));
			this.seen.set(i);
		}
		Duration time = Duration.ofNanos(System.nanoTime() - start);
		this.over = true;
		for (Future<?> worker : workers) {
			worker.get(30, TimeUnit.SECONDS);
		}
		logger.info("{} {}: {} rotations in {}, {} calls, {} handshakes", this.type, layout, rotations, time,
				this.calls, this.handshakes);
		assertThat(presented(port)).isEqualTo(this.written.get(rotations));
		assertThat(this.calls).hasValueGreaterThan(rotations * clients);
		assertThat(this.handshakes).hasValueGreaterThan(clients);
	}

	/**
	 * Call without pause.
	 * @param port the server's port
	 * @param stays whether to keep the socket, or to come back with another every now and
	 * then
	 */
	private void work(int port, boolean stays) {
		SslBundle bundle = SslBundle.of(null, null, null, null,
				SslManagerBundle.from(ServerTrustManagers
					.trustManagerFactory(ServerTrust.AUTHORITIES, List.of(this.authority.certificate()))
					.getTrustManagers()));
		ClientSettings settings = WssClient.settings(URI.create("wss://localhost:" + port + "/mcp"));
		ReactorNettyWebSocketClient client = new WebSocketClients(null).create(settings, () -> bundle);
		while (!this.over) {
			converse(settings, client, stays);
		}
	}

	private void converse(ClientSettings settings, ReactorNettyWebSocketClient client, boolean stays) {
		int oldest = this.seen.get();
		McpWebSocketClientTransport transport = new McpWebSocketClientTransport(settings, client, WssServer.codec(),
				this.scheduler);
		try (McpSyncClient mcpClient = McpClient.sync(transport).build()) {
			mcpClient.initialize();
			this.handshakes.incrementAndGet();
			Certificate presented = transport.getConnectionInfo().orElseThrow().peerCertificates().get(0);
			assertThat(this.written.stream().skip(oldest)).contains(presented);
			for (int i = 0; (i < CALLS_PER_SOCKET || stays) && !this.over; i++) {
				String text = "call " + this.calls.incrementAndGet();
				CallToolResult result = mcpClient
					.callTool(CallToolRequest.builder("echo").arguments(Map.of("text", text)).build());
				assertThat(((TextContent) result.content().get(0)).text()).isEqualTo(text);
			}
			// the socket of the beginning has served to the end
			assertThat(transport.getConnectionInfo().orElseThrow().peerCertificates().get(0)).isEqualTo(presented);
		}
	}

	private Certificate write(Layout layout, int number) {
		Issued issued = this.authority.issue("localhost");
		this.written.add(issued.certificate());
		layout.way(number)
			.replace(this.directory, Map.of("tls.crt", issued.certificatePem(), "tls.key", issued.keyPem(null)));
		return issued.certificate();
	}

	private static Certificate presented(int port) throws IOException {
		return new TlsProbe().connect(port).getPeerCertificates()[0];
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(20));
	}

	private enum Layout {

		/**
		 * Files that are replaced in place, by rename and by a link in turn.
		 */
		FILES {

			@Override
			Replacement way(int number) {
				return WAYS[number % WAYS.length];
			}

		},

		/**
		 * The volume of a Kubernetes secret.
		 */
		KUBERNETES {

			@Override
			Replacement way(int number) {
				return Replacement.KUBERNETES;
			}

		};

		abstract Replacement way(int number);

	}

}
