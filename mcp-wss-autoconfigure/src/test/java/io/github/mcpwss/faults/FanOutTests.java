package io.github.mcpwss.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.mcpwss.testing.Hosting;
import io.github.mcpwss.testing.RawMcpClient;
import io.github.mcpwss.testing.RawWebSocket;
import io.github.mcpwss.testing.TestServer;
import io.github.mcpwss.testing.TestTools;
import io.github.mcpwss.testing.WssServer;
import io.modelcontextprotocol.server.McpServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * One notification to many clients.
 */
@Tag("soak")
@Timeout(240)
@ParameterizedClass
@EnumSource(Hosting.class)
class FanOutTests {

	private static final int CLIENTS = Integer.getInteger("mcpwss.sessions", 1000);

	private static final int SLOW_CLIENTS = 3;

	private static final int STUCK_MESSAGES = 16;

	@Parameter
	Hosting hosting;

	@Test
	void notificationToAThousandClientsDoesNotWaitForTheSlowest() {
		List<RawMcpClient> clients = new ArrayList<>();
		AtomicInteger stuck = new AtomicInteger();
		try (TestServer server = this.hosting.start(WssServer.settings().maxConnections(CLIENTS).build())) {
			String mebibyte = "x".repeat(1024 * 1024);
			McpServer.async(server.provider())
				.serverInfo("test", "1")
				.tools(TestTools.async("flood",
						(exchange, text) -> Flux.range(0, STUCK_MESSAGES)
							.flatMap((i) -> exchange.progressNotification(TestTools.progress("t", i, mebibyte))
								.doOnSubscribe((subscription) -> stuck.incrementAndGet()), STUCK_MESSAGES)
							.then(Mono.just("flooded"))))
				.build();
			for (int i = 0; i < SLOW_CLIENTS; i++) {
				RawMcpClient slow = new RawMcpClient(RawWebSocket.openWithSmallBuffer(server)).initialize().sync();
				clients.add(slow);
			}
			for (int i = SLOW_CLIENTS; i < CLIENTS; i++) {
				clients.add(RawMcpClient.initialized(server).sync());
			}
			assertThat(server.provider().getConnectionCount()).isEqualTo(CLIENTS);
			clients.subList(0, SLOW_CLIENTS).forEach((slow) -> slow.call("1", "flood"));
			await().until(() -> stuck.get() == SLOW_CLIENTS * STUCK_MESSAGES);
			long start = System.nanoTime();
			server.provider().notifyClients("notifications/message", Map.of("data", "all")).block();
			// What it takes to hand a message to a thousand sockets, and no time to wait.
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
			for (RawMcpClient client : clients.subList(SLOW_CLIENTS, CLIENTS)) {
				assertThat(client.next().at("/params/data").asString()).isEqualTo("all");
			}
		}
		finally {
			clients.forEach(RawMcpClient::close);
		}
	}

}
