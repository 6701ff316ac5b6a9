package io.github.mcpwss.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.mcpwss.testing.Hosting;
import io.github.mcpwss.testing.RawMcpClient;
import io.github.mcpwss.testing.TestServer;
import io.github.mcpwss.testing.TestTools;
import io.modelcontextprotocol.server.McpServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What remains of clients that came and went.
 */
@Tag("soak")
@Timeout(240)
@ParameterizedClass
@EnumSource(Hosting.class)
class ChurnTests {

	private static final Logger logger = LoggerFactory.getLogger(ChurnTests.class);

	private static final int CLIENTS = Integer.getInteger("mcpwss.clients", 2500);

	private static final int WARM_UP_CLIENTS = 1000;

	private static final int WORKERS = 4;

	/**
	 * What the heap may grow by for each client.
	 */
	private static final long HEAP_TOLERANCE = 1024;

	@Parameter
	Hosting hosting;

	private final AtomicInteger asking = new AtomicInteger();

	@Test
	void thousandsOfClientsLeaveNothingBehind() throws Exception {
		try (TestServer server = this.hosting.start()) {
			McpServer.sync(server.provider())
				.serverInfo("test", "1")
				.requestTimeout(Duration.ofMinutes(10))
				.tools(TestTools.echo(), TestTools.sync("ask", (exchange, text) -> {
					this.asking.incrementAndGet();
					try {
						return String.valueOf(exchange.createMessage(TestTools.question()));
					}
					finally {
						this.asking.decrementAndGet();
					}
				}))
				.build();
			comeAndGo(server, WARM_UP_CLIENTS);
			Footprint before = Footprint.measure();
			long start = System.nanoTime();
			comeAndGo(server, CLIENTS);
			Duration time = Duration.ofNanos(System.nanoTime() - start);
			Footprint after = Footprint.measureUntilBackAt(before, CLIENTS * HEAP_TOLERANCE);
			logger.info("{}: {} clients in {}: {} before, {} after", this.hosting, CLIENTS, time, before, after);
			assertThat(after.threads()).containsExactlyElementsOf(before.threads());
			assertThat(after.heap() - before.heap()).isLessThan(CLIENTS * HEAP_TOLERANCE);
		}
	}

	private void comeAndGo(TestServer server, int clients) throws Exception {
		AtomicInteger left = new AtomicInteger(clients);
		ExecutorService executor = Executors.newFixedThreadPool(WORKERS);
		try {
			List<Future<?>> workers = new ArrayList<>();
			for (int i = 0; i < WORKERS; i++) {
				workers.add(executor.submit(() -> {
					for (int number = left.getAndDecrement(); number > 0; number = left.getAndDecrement()) {
						comeAndGo(RawMcpClient.connect(server), number);
					}
				}));
			}
			for (Future<?> worker : workers) {
				worker.get(150, TimeUnit.SECONDS);
			}
		}
		finally {
			executor.shutdownNow();
			executor.awaitTermination(10, TimeUnit.SECONDS);
		}
		await().atMost(Duration.ofSeconds(10)).until(() -> server.provider().getConnectionCount() == 0);
		await().atMost(Duration.ofSeconds(10)).until(() -> this.asking.get() == 0);
	}

	/**
	 * Leave before, during or after the conversation, politely or not.
	 * @param client the client
	 * @param number the number that decides on the way to leave
	 */
	private static void comeAndGo(RawMcpClient client, int number) {
		switch (number % 5) {
			case 0 -> client.socket().reset();
			case 1 -> {
				client.initialize();
				client.call("1", "echo", "hello");
				client.response("1");
				client.socket().sendClose(1000);
				assertThat(client.socket().readClose()).isEqualTo(1000);
			}
			case 2 -> {
				client.initialize();
				client.call("1", "ask");
				client.request("sampling/createMessage");
				client.socket().reset();
			}
			case 3 -> {
				client.initialize();
				client.call("1", "ask");
			}
			default -> client.sendInitialize("\"1\"");
		}
		client.close();
	}

}
