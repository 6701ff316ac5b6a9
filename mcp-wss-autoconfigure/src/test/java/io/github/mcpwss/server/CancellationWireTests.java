package io.github.mcpwss.server;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.github.mcpwss.testing.Hosting;
import io.github.mcpwss.testing.RawMcpClient;
import io.github.mcpwss.testing.TestServer;
import io.github.mcpwss.testing.TestTools;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@code notifications/cancelled}: the tool ends, the socket goes on, nothing is
 * answered.
 */
@Timeout(60)
@ParameterizedClass
@EnumSource(Hosting.class)
class CancellationWireTests {

	@Parameter
	Hosting hosting;

	private static final int ROUNDS = 50;

	private final BlockingQueue<String> started = new LinkedBlockingQueue<>();

	private final BlockingQueue<String> interrupted = new LinkedBlockingQueue<>();

	private TestServer serve(boolean immediateExecution, SyncToolSpecification tool) {
		TestServer server = this.hosting.start();
		McpServer.sync(server.provider())
			.serverInfo("test", "1")
			.immediateExecution(immediateExecution)
			.tools(TestTools.echo(), tool)
			.build();
		return server;
	}

	private SyncToolSpecification blocking() {
		return TestTools.sync("block", (exchange, text) -> {
			this.started.add(text);
			try {
				new CountDownLatch(1).await(20, TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				this.interrupted.add(text);
				Thread.currentThread().interrupt();
			}
			return "not wanted any more";
		});
	}

	/**
	 * Sends as long as it may, so that the interrupt comes while something is written.
	 */
	private SyncToolSpecification chatty() {
		return TestTools.sync("block", (exchange, text) -> {
			this.started.add(text);
			String filler = "x".repeat(30_000);
			try {
				for (int i = 0; i < 100_000 && !Thread.currentThread().isInterrupted(); i++) {
					exchange.progressNotification(TestTools.progress(text, i, filler));
				}
			}
			finally {
				this.interrupted.add(text);
			}
			return "not wanted any more";
		});
	}

	private void cancelRepeatedly(TestServer server) throws Exception {
		try (server; RawMcpClient client = RawMcpClient.initialized(server)) {
			for (int round = 0; round < ROUNDS; round++) {
				String id = "cancelled-" + round;
				client.call(id, "block", id);
				assertThat(this.started.poll(10, TimeUnit.SECONDS)).isEqualTo(id);
				for (int i = 0; i < 5; i++) {
					client.call(round + "-a" + i, "echo", "a");
				}
				client.cancel(id);
				for (int i = 0; i < 5; i++) {
					client.call(round + "-b" + i, "echo", "b");
				}
				for (int responses = 0; responses < 10;) {
					JsonNode message = client.next();
					if (!message.has("method")) {
						assertThat(message.path("id").asString()).startsWith(round + "-");
						assertThat(message.has("result")).isTrue();
						responses++;
					}
				}
				assertThat(this.interrupted.poll(10, TimeUnit.SECONDS)).isEqualTo(id);
			}
			client.ping("end");
			JsonNode last = client.next();
			while (last.has("method")) {
				last = client.next();
			}
			assertThat(last.path("id").asString()).isEqualTo("end");
			assertThat(server.provider().getConnectionCount()).isOne();
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void blockingToolIsInterrupted(boolean immediateExecution) throws Exception {
		cancelRepeatedly(serve(immediateExecution, blocking()));
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void toolThatSendsIsInterruptedAndTheSocketLives(boolean immediateExecution) throws Exception {
		cancelRepeatedly(serve(immediateExecution, chatty()));
	}

	@Test
	void reactiveToolIsCancelled() throws Exception {
		TestServer server = this.hosting.start();
		McpServer.async(server.provider())
			.serverInfo("test", "1")
			.tools(TestTools.async("echo", (exchange, text) -> Mono.just(text)),
					TestTools.async("block",
							(exchange, text) -> Mono.<String>never()
								.doOnSubscribe((subscription) -> this.started.add(text))
								.doOnCancel(() -> this.interrupted.add(text))))
			.build();
		cancelRepeatedly(server);
	}

	@ParameterizedTest
	@ValueSource(strings = { "7", "9007199254740993", "-1" })
	void numericIdIsCancelled(String id) throws Exception {
		try (TestServer server = serve(true, blocking()); RawMcpClient client = RawMcpClient.initialized(server)) {
			client.send(RawMcpClient.toolCall("ID", "block", "x").replace("\"ID\"", id));
			assertThat(this.started.poll(10, TimeUnit.SECONDS)).isEqualTo("x");
			client.send("""
					{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":%s,"reason":"r"}}"""
				.formatted(id));
			assertThat(this.interrupted.poll(10, TimeUnit.SECONDS)).isEqualTo("x");
			client.ping("end");
			assertThat(client.next().path("id").asString()).isEqualTo("end");
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void requestRightAfterInitializedIsCancelled(boolean immediateExecution) throws Exception {
		try (TestServer server = serve(immediateExecution, blocking())) {
			for (int round = 0; round < ROUNDS; round++) {
				try (RawMcpClient client = RawMcpClient.initialized(server)) {
					client.call("1", "block", "x");
					assertThat(this.started.poll(5, TimeUnit.SECONDS)).isEqualTo("x");
					client.cancel("1");
					assertThat(this.interrupted.poll(5, TimeUnit.SECONDS)).isEqualTo("x");
				}
			}
		}
	}

	@Test
	void idOfAnotherSocketIsNotCancelled() throws Exception {
		try (TestServer server = serve(true, blocking());
				RawMcpClient victim = RawMcpClient.initialized(server);
				RawMcpClient attacker = RawMcpClient.initialized(server)) {
			victim.call("1", "block", "x");
			assertThat(this.started.poll(10, TimeUnit.SECONDS)).isEqualTo("x");
			attacker.cancel("1");
			attacker.ping("2");
			assertThat(attacker.next().path("id").asString()).isEqualTo("2");
			assertThat(this.interrupted).isEmpty();
			victim.cancel("1");
			assertThat(this.interrupted.poll(10, TimeUnit.SECONDS)).isEqualTo("x");
		}
	}

}
