package io.github.mcpwss.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.mcpwss.testing.Replacement;
import io.github.mcpwss.tls.TestCertificates;
import io.github.mcpwss.tls.TestCertificates.Issued;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * New certificates of a client that calls without pause.
 */
@Timeout(240)
@ExtendWith(OutputCaptureExtension.class)
class ClientReloadUnderLoadTests {

	private static final Logger logger = LoggerFactory.getLogger(ClientReloadUnderLoadTests.class);

	private static final Replacement[] WAYS = { Replacement.RENAME, Replacement.IN_PLACE, Replacement.LINK };

	private final TestCertificates authority = TestCertificates.authority("CA");

	private final Applications applications = new Applications();

	private final ExecutorService executor = Executors.newCachedThreadPool();

	private final AtomicInteger calls = new AtomicInteger();

	private volatile boolean over;

	@TempDir
	private Path directory;

	@AfterEach
	void close() {
		this.applications.close();
		this.executor.shutdownNow();
	}

	@Test
	@Tag("engine")
	void fewRotationsLoseNoCall(CapturedOutput output) throws Exception {
		rotateUnderLoad(10, 2, output);
	}

	@Test
	@Tag("soak")
	void hundredRotationsLoseNoCall(CapturedOutput output) throws Exception {
		rotateUnderLoad(100, 20, output);
	}

	private void rotateUnderLoad(int rotations, int threads, CapturedOutput output) throws Exception {
		ConfigurableApplicationContext client = client(Applications.endpointPort(server()));
		client.getBean(McpSyncClient.class).initialize();
		List<Future<?>> workers = new ArrayList<>();
		for (int i = 0; i < threads; i++) {
			workers.add(this.executor.submit(() -> work(client)));
		}
		for (int i = 1; i <= rotations; i++) {
			int updates = updates(output);
			write(i);
			await().until(() -> updates(output) > updates || workers.stream().anyMatch(Future::isDone));
		}
		this.over = true;
		for (Future<?> worker : workers) {
			worker.get(30, TimeUnit.SECONDS);
		}
		await().untilAsserted(() -> assertThat(who(client)).isEqualTo(rotations));
		logger.info("{} rotations, {} calls", rotations, this.calls);
		assertThat(this.calls).hasValueGreaterThan(rotations);
	}

	private static int updates(CapturedOutput output) {
		return output.toString().split("new connections use it", -1).length;
	}

	/**
	 * Call without pause; what is presented never goes back.
	 */
	private void work(ConfigurableApplicationContext client) {
		int last = 0;
		while (!this.over) {
			int presented = who(client);
			assertThat(presented).isGreaterThanOrEqualTo(last);
			last = presented;
			this.calls.incrementAndGet();
		}
	}

	private static int who(ConfigurableApplicationContext client) {
		String subject = ((TextContent) client.getBean(McpSyncClient.class)
			.callTool(CallToolRequest.builder("who").arguments(Map.of("text", "")).build())
			.content()
			.get(0)).text();
		assertThat(subject).startsWith("CN=client");
		return Integer.parseInt(subject.substring("CN=client".length()));
	}

	private ConfigurableApplicationContext server() {
		Issued issued = this.authority.issue("localhost");
		return this.applications.run(new SpringApplicationBuilder(ReloadServer.class).web(WebApplicationType.NONE),
				new String[0], "mcp.websocket.server-mode=true", "mcp.websocket.url=wss://127.0.0.1:0",
				"mcp.websocket.tls.cert-path=" + issued.writeCertificateTo(this.directory.resolve("server.crt")),
				"mcp.websocket.tls.key-path=" + issued.writeKeyTo(this.directory.resolve("server.key")),
				"mcp.websocket.tls.ca-cert-path=" + this.authority.writeTo(this.directory.resolve("ca.crt")));
	}

	private ConfigurableApplicationContext client(int port) {
		write(0);
		return this.applications.client(port, "spring.ssl.bundle.watch.file.quiet-period=30ms",
				"mcp.websocket.tls.cert-path=" + this.directory.resolve("client/tls.crt"),
				"mcp.websocket.tls.key-path=" + this.directory.resolve("client/tls.key"),
				"mcp.websocket.tls.ca-cert-path=" + this.directory.resolve("ca.crt"));
	}

	private void write(int number) {
		Issued issued = this.authority.issueClient("client" + number);
		WAYS[number % WAYS.length].replace(this.directory.resolve("client"),
				Map.of("tls.crt", issued.certificatePem(), "tls.key", issued.keyPem(null)));
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(50));
	}

}
