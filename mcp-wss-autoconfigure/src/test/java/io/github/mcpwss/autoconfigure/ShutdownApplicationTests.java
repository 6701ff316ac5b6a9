package io.github.mcpwss.autoconfigure;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.mcpwss.testing.TestTools;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.spec.McpServerTransportProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Calls that run when an application of any kind stops.
 */
@ParameterizedClass
@EnumSource(WebApplicationType.class)
class ShutdownApplicationTests {

	private static volatile CountDownLatch started = new CountDownLatch(1);

	private static volatile CountDownLatch released = new CountDownLatch(1);

	private final Applications applications = new Applications();

	@Parameter
	WebApplicationType type;

	@BeforeEach
	void reset() {
		started = new CountDownLatch(1);
		released = new CountDownLatch(1);
	}

	@AfterEach
	void close() {
		released.countDown();
		this.applications.close();
	}

	@Test
	void callInFlightEndsAndItsSocketAfterIt() throws Exception {
		ConfigurableApplicationContext server = serve(Duration.ofSeconds(30));
		JdkClient busy = call(server);
		JdkClient idle = JdkClient.connect(server);
		assertThat(idle.ping()).contains("\"result\"");
		CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::close, (task) -> new Thread(task).start());
		assertThat(idle.closeCode()).isEqualTo(1001);
		assertThat(busy.ping()).contains("shutting down");
		assertThat(busy.closed()).isNotDone();
		assertThat(stopped).isNotDone();
		released.countDown();
		assertThat(busy.next()).contains("\"id\":2", "done");
		assertThat(busy.closeCode()).isEqualTo(1001);
		stopped.get(10, TimeUnit.SECONDS);
	}

	@Test
	void callThatDoesNotEndHasThePhasesTimeAndNoMore() throws Exception {
		ConfigurableApplicationContext server = serve(Duration.ofSeconds(4));
		JdkClient busy = call(server);
		long start = System.nanoTime();
		CompletableFuture<Void> stopped = CompletableFuture.runAsync(server::close, (task) -> new Thread(task).start());
		assertThat(busy.closeCode()).isEqualTo(1001);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(8));
		stopped.get(10, TimeUnit.SECONDS);
	}

	private static JdkClient call(ConfigurableApplicationContext server) throws Exception {
		JdkClient client = JdkClient.connect(server);
		client.initialize();
		client.call(2, "wait");
		assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
		return client;
	}

	private ConfigurableApplicationContext serve(Duration phase) {
		return this.applications.run(new SpringApplicationBuilder(ServerApplication.class).web(this.type),
				new String[] { "spring.lifecycle.timeout-per-shutdown-phase=" + phase }, "server.port=0",
				"server.address=127.0.0.1", "mcp.websocket.server-mode=true", "mcp.websocket.tls.offloaded=true",
				(this.type == WebApplicationType.NONE) ? "mcp.websocket.url=127.0.0.1:0" : "a=b");
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class ServerApplication {

		@Bean(destroyMethod = "")
		McpSyncServer mcpServer(McpServerTransportProvider provider) {
			return McpServer.sync(provider).serverInfo("test", "1").tools(TestTools.sync("wait", (exchange, text) -> {
				started.countDown();
				try {
					released.await(20, TimeUnit.SECONDS);
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
				return "done";
			})).build();
		}

	}

}
