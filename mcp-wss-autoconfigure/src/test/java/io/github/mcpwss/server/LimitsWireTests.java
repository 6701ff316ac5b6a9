package io.github.mcpwss.server;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.github.mcpwss.testing.Hosting;
import io.github.mcpwss.testing.RawMcpClient;
import io.github.mcpwss.testing.RawWebSocket;
import io.github.mcpwss.testing.ServerSetup;
import io.github.mcpwss.testing.TestServer;
import io.github.mcpwss.testing.TestTools;
import io.github.mcpwss.testing.WssServer;
import io.modelcontextprotocol.server.McpServer;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What one client may take: requests in flight, threads, memory.
 */
@Timeout(30)
@ParameterizedClass
@EnumSource(Hosting.class)
@ExtendWith(OutputCaptureExtension.class)
class LimitsWireTests {

	@Parameter
	Hosting hosting;

	private final CountDownLatch release = new CountDownLatch(1);

	private final AtomicInteger running = new AtomicInteger();

	private String block() {
		this.running.incrementAndGet();
		try {
			return this.release.await(20, TimeUnit.SECONDS) ? "released" : "timeout";
		}
		catch (InterruptedException ex) {
			return "interrupted";
		}
	}

	private void awaitRunning(int count) {
		await().atMost(Duration.ofSeconds(5)).until(() -> this.running.get() == count);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void requestsOverMaxInFlightAreErrorsWhileResponsesGetThrough(boolean immediateExecution) {
		try (TestServer server = this.hosting.start(WssServer.settings().maxInFlightRequests(3).build())) {
			McpServer.sync(server.provider())
				.serverInfo("test", "1")
				.immediateExecution(immediateExecution)
				.tools(TestTools.echo(), TestTools.sync("block", (exchange, text) -> block()),
						TestTools.sync("ask", (exchange, text) -> {
							this.running.incrementAndGet();
							return String.valueOf(exchange.createMessage(TestTools.question()).model());
						}))
				.build();
			try (RawMcpClient client = RawMcpClient.initialized(server);
					RawMcpClient other = RawMcpClient.initialized(server)) {
				client.call("1", "block");
				client.call("2", "block");
				client.call("3", "ask");
				JsonNode question = client.request("sampling/createMessage");
				awaitRunning(3);
				for (int i = 0; i < 10; i++) {
					client.call("over-" + i, "echo", "x");
					JsonNode error = client.response("over-" + i);
					assertThat(error.at("/error/message").asString()).contains("Too many requests in flight");
				}
				other.call("1", "echo", "another socket");
				assertThat(RawMcpClient.text(other.response("1"))).isEqualTo("another socket");
				client.send("""
						{"jsonrpc":"2.0","id":%s,"result":{"role":"assistant","model":"m",\
						"content":{"type":"text","text":"a"}}}""".formatted(question.path("id")));
				assertThat(RawMcpClient.text(client.response("3"))).isEqualTo("m");
				client.call("4", "echo", "a place is free");
				assertThat(RawMcpClient.text(client.response("4"))).isEqualTo("a place is free");
				this.release.countDown();
				// In either order.
				assertThat(List.of(client.next().path("id").asString(), client.next().path("id").asString()))
					.containsExactlyInAnyOrder("1", "2");
				client.call("5", "echo", "all are free");
				assertThat(RawMcpClient.text(client.response("5"))).isEqualTo("all are free");
			}
		}
	}

	@Test
	void duplicateIdIsAnErrorAndTheFirstRequestGoesOn() {
		try (TestServer server = this.hosting.start()) {
			McpServer.sync(server.provider())
				.serverInfo("test", "1")
				.tools(TestTools.sync("block", (exchange, text) -> block()))
				.build();
			try (RawMcpClient client = RawMcpClient.initialized(server)) {
				client.call("1", "block");
				awaitRunning(1);
				client.ping("1");
				JsonNode error = client.response("1");
				assertThat(error.at("/error/code").asInt()).isEqualTo(-32600);
				assertThat(error.at("/error/message").asString()).contains("id 1");
				this.release.countDown();
				assertThat(RawMcpClient.text(client.response("1"))).isEqualTo("released");
				client.ping("1");
				assertThat(client.response("1").has("result")).isTrue();
			}
		}
	}

	@Test
	void saturatedExecutorIsAnError() {
		try (TestServer server = this.hosting
			.start(ServerSetup.defaults().withSchedulers(ServerSchedulers.ofPlatformThreads(1, 1)))) {
			McpServer.sync(server.provider())
				.serverInfo("test", "1")
				.immediateExecution(true)
				.tools(TestTools.echo(), TestTools.sync("block", (exchange, text) -> block()))
				.build();
			try (RawMcpClient client = RawMcpClient.initialized(server)) {
				client.call("1", "block");
				awaitRunning(1);
				client.call("2", "echo", "queued");
				client.call("3", "echo", "too many");
				client.call("4", "echo", "too many");
				for (String id : List.of("3", "4")) {
					assertThat(client.response(id).at("/error/message").asString()).contains("busy");
				}
				this.release.countDown();
				assertThat(RawMcpClient.text(client.response("1"))).isEqualTo("released");
				assertThat(RawMcpClient.text(client.response("2"))).isEqualTo("queued");
				client.call("3", "echo", "again");
				assertThat(RawMcpClient.text(client.response("3"))).isEqualTo("again");
			}
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 3, 8 })
	void slowReaderIsClosedBeforeMuchIsQueuedAndOthersGoOn(int sendBufferMebibytes, CapturedOutput output) {
		int mebibyte = 1024 * 1024;
		String payload = "x".repeat(mebibyte);
		AtomicInteger sent = new AtomicInteger();
		AtomicReference<String> failure = new AtomicReference<>();
		try (TestServer server = this.hosting.start(WssServer.settings()
			.maxMessageSize(2 * mebibyte)
			.maxSendBufferSize((long) sendBufferMebibytes * mebibyte)
			.build())) {
			McpServer.async(server.provider())
				.serverInfo("test", "1")
				.tools(TestTools.async("echo", (exchange, text) -> Mono.just(text)),
						TestTools.async("flood", (exchange, text) -> Flux.range(0, 100)
							// The failure comes on another thread.
							.delayElements(Duration.ofMillis(20))
							.flatMap((i) -> exchange.progressNotification(TestTools.progress("t", i, payload))
								.doOnSubscribe((subscription) -> sent.incrementAndGet()), 100)
							.then(Mono.just("flooded"))
							.doOnError((ex) -> failure.set(ex.getMessage()))
							.doOnCancel(() -> failure.set("cancelled"))))
				.build();
			try (RawMcpClient slow = new RawMcpClient(RawWebSocket.openWithSmallBuffer(server)).initialize();
					RawMcpClient other = RawMcpClient.initialized(server)) {
				slow.call("1", "flood");
				for (int i = 0; i < 200; i++) {
					long start = System.nanoTime();
					other.call("o" + i, "echo", "quick");
					assertThat(RawMcpClient.text(other.response("o" + i))).isEqualTo("quick");
					assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
				}
				whileTomcatMayFail().atMost(Duration.ofSeconds(5))
					.until(() -> server.provider().getConnectionCount() == 1);
				whileTomcatMayFail().atMost(Duration.ofSeconds(5)).until(() -> failure.get() != null);
				// The sockets have buffers, too.
				assertThat(sent.get()).isBetween(sendBufferMebibytes, sendBufferMebibytes + 6);
				assertThat(output).contains(":" + slow.socket().localPort() + ": Peer reads too slowly");
				// Tomcat drops a close frame that it cannot write at once.
				assertThat(slow.socket().readClose()).isIn(1008, RawWebSocket.ABNORMAL);
			}
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void toolThatWaitsForASlowReaderEndsWithTheSocket(boolean immediateExecution) throws Exception {
		String payload = "x".repeat(1024 * 1024);
		CountDownLatch ended = new CountDownLatch(1);
		AtomicInteger sent = new AtomicInteger();
		try (TestServer server = this.hosting.start()) {
			McpServer.sync(server.provider())
				.serverInfo("test", "1")
				.immediateExecution(immediateExecution)
				.tools(TestTools.sync("flood", (exchange, text) -> {
					try {
						for (int i = 0; i < 1000; i++) {
							exchange.progressNotification(TestTools.progress("t", i, payload));
							sent.incrementAndGet();
						}
					}
					finally {
						ended.countDown();
					}
					return "flooded";
				}))
				.build();
			try (RawMcpClient slow = new RawMcpClient(RawWebSocket.openWithSmallBuffer(server)).initialize()) {
				slow.call("1", "flood");
				whileTomcatMayFail().pollInterval(Duration.ofMillis(200))
					.atMost(Duration.ofSeconds(10))
					.until(new Stable(sent));
				assertThat(ended.getCount()).isOne();
				slow.socket().reset();
				assertThat(ended.await(3, TimeUnit.SECONDS)).isTrue();
				whileTomcatMayFail().atMost(Duration.ofSeconds(3))
					.until(() -> server.provider().getConnectionCount() == 0);
			}
		}
	}

	/**
	 * Wait, whatever happens on other threads: one of Tomcat's that writes a further part
	 * of a message fails where the session has just been closed.
	 * @return what waits
	 */
	private static ConditionFactory whileTomcatMayFail() {
		return await().dontCatchUncaughtExceptions();
	}

	private static final class Stable implements Callable<Boolean> {

		private final AtomicInteger counter;

		private int last = -1;

		Stable(AtomicInteger counter) {
			this.counter = counter;
		}

		@Override
		public Boolean call() {
			int now = this.counter.get();
			boolean stable = now == this.last;
			this.last = now;
			return stable;
		}

	}

}
