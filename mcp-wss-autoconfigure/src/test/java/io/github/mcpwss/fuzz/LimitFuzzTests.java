package io.github.mcpwss.fuzz;

import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLSocketFactory;

import io.github.mcpwss.server.ServerSettings;
import io.github.mcpwss.testing.Hosting;
import io.github.mcpwss.testing.TestServer;
import io.github.mcpwss.testing.TestTools;
import io.github.mcpwss.testing.WssServer;
import io.modelcontextprotocol.server.McpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The rules that a matter of time or of number decides, against a client that sends each
 * message in random pieces.
 */
@ParameterizedClass
@EnumSource(Hosting.class)
class LimitFuzzTests {

	@Parameter
	Hosting hosting;

	private final AtomicInteger running = new AtomicInteger();

	private final AtomicInteger interrupted = new AtomicInteger();

	private final CountDownLatch release = new CountDownLatch(1);

	private int clients;

	@AfterEach
	void release() {
		this.release.countDown();
	}

	private TestServer serve(ServerSettings settings) {
		TestServer server = this.hosting.start(settings);
		McpServer.sync(server.provider())
			.serverInfo("test", "1")
			.tools(TestTools.echo(), TestTools.sync("wait", (exchange, text) -> hold(text)),
					TestTools.sync("flood", (exchange, text) -> {
						for (int i = 0; i < 1000; i++) {
							exchange.progressNotification(TestTools.progress(text, i, "x".repeat(1024 * 1024)));
						}
						return "flooded";
					}))
			.build();
		return server;
	}

	private String hold(String text) {
		this.running.incrementAndGet();
		try {
			return this.release.await(20, TimeUnit.SECONDS) ? text : "never released";
		}
		catch (InterruptedException ex) {
			this.interrupted.incrementAndGet();
			return "interrupted";
		}
	}

	private FuzzClient connect(TestServer server) throws IOException {
		SSLSocketFactory sockets = server.tls().clientContext().getSocketFactory();
		return new FuzzClient(server, sockets, new Random(++this.clients));
	}

	private void awaitRunning(int count) {
		await().until(() -> this.running.get() == count);
	}

	private static int code(JsonNode response) {
		return response.at("/error/code").asInt();
	}

	private static String text(JsonNode response) {
		return response.at("/result/content/0/text").asString();
	}

	@Test
	void oneConnectionTooManyIsRefused() throws Exception {
		try (TestServer server = serve(WssServer.settings().maxConnections(2).build());
				FuzzClient first = connect(server).initialize();
				FuzzClient second = connect(server).initialize()) {
			try (FuzzClient third = connect(server)) {
				assertThat(third.status()).isEqualTo(503);
			}
			second.close();
			await().until(() -> server.provider().getConnectionCount() == 1);
			try (FuzzClient third = connect(server).initialize()) {
				third.call("1", "echo");
				assertThat(text(third.response("1"))).isEqualTo("1");
			}
			first.call("1", "echo");
			assertThat(text(first.response("1"))).isEqualTo("1");
		}
	}

	@Test
	void socketThatIsNotInitializedIsClosed() throws Exception {
		try (TestServer server = serve(WssServer.settings().initializationTimeout(Duration.ofSeconds(1)).build());
				FuzzClient client = connect(server)) {
			client.ping("1");
			assertThat(client.response("1").has("result")).isTrue();
			assertThat(client.readClose()).isEqualTo(1008);
		}
	}

	@Test
	void peerThatDoesNotPongIsClosed() throws Exception {
		try (TestServer server = serve(WssServer.settings().heartbeatInterval(Duration.ofMillis(400)).build());
				FuzzClient client = connect(server).initialize()) {
			assertThat(client.readClose()).isEqualTo(1001);
			await().until(() -> server.provider().getConnectionCount() == 0);
		}
	}

	@Test
	void requestsTooManyAndIdsInUseAreErrors() throws Exception {
		try (TestServer server = serve(WssServer.settings().maxInFlightRequests(2).build());
				FuzzClient client = connect(server).initialize()) {
			client.call("1", "wait");
			awaitRunning(1);
			client.ping("1");
			assertThat(code(client.response("1"))).isEqualTo(-32600);
			client.call("2", "wait");
			awaitRunning(2);
			client.call("3", "echo");
			assertThat(code(client.response("3"))).isEqualTo(-32603);
			this.release.countDown();
			assertThat(client.next().path("id").asString() + client.next().path("id").asString()).isIn("12", "21");
			client.call("3", "echo");
			assertThat(text(client.response("3"))).isEqualTo("3");
		}
	}

	@Test
	void cancelledCallIsInterruptedAndHasNoResponse() throws Exception {
		try (TestServer server = serve(WssServer.settings().build());
				FuzzClient client = connect(server).initialize()) {
			client.call("1", "wait");
			awaitRunning(1);
			client.send("""
					{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"1"}}""");
			await().until(() -> this.interrupted.get() == 1);
			client.call("2", "echo");
			assertThat(client.next().path("id").asString()).isEqualTo("2");
		}
	}

	@Test
	void goneSocketInterruptsItsCalls() throws Exception {
		try (TestServer server = serve(WssServer.settings().build())) {
			FuzzClient client = connect(server).initialize();
			client.call("1", "wait");
			client.call("2", "wait");
			awaitRunning(2);
			client.close();
			await().until(() -> this.interrupted.get() == 2 && server.provider().getConnectionCount() == 0);
		}
	}

	@Test
	void peerThatReadsNothingIsClosedAndOthersAreServed() throws Exception {
		try (TestServer server = serve(
				WssServer.settings().maxMessageSize(2 * 1024 * 1024).maxSendBufferSize(4 * 1024 * 1024).build());
				FuzzClient slow = connect(server).initialize();
				FuzzClient other = connect(server).initialize()) {
			for (int i = 0; i < 8; i++) {
				slow.call("flood" + i, "flood");
			}
			for (int i = 0; i < 50; i++) {
				other.call("o" + i, "echo");
				assertThat(text(other.response("o" + i))).isEqualTo("o" + i);
			}
			await().dontCatchUncaughtExceptions()
				.atMost(Duration.ofSeconds(20))
				.until(() -> server.provider().getConnectionCount() == 1);
			assertThat(slow.readClose()).isIn(1008, FuzzClient.ABNORMAL);
		}
	}

	@Test
	void stopLetsCallsEndAndRefusesNewOnes() throws Exception {
		try (TestServer server = serve(WssServer.settings().build());
				FuzzClient busy = connect(server).initialize();
				FuzzClient idle = connect(server).initialize()) {
			busy.call("1", "wait");
			awaitRunning(1);
			CompletableFuture<Void> closed = server.provider().closeGracefully().toFuture();
			assertThat(idle.readClose()).isEqualTo(1001);
			busy.call("2", "echo");
			assertThat(code(busy.response("2"))).isEqualTo(-32603);
			this.release.countDown();
			assertThat(text(busy.response("1"))).isEqualTo("1");
			assertThat(busy.readClose()).isEqualTo(1001);
			closed.get(10, TimeUnit.SECONDS);
		}
	}

}
