package io.github.mcpwss.server;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.github.mcpwss.testing.Hosting;
import io.github.mcpwss.testing.RawMcpClient;
import io.github.mcpwss.testing.TestServer;
import io.github.mcpwss.testing.TestTools;
import io.github.mcpwss.testing.WssServer;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Requests from the server to the client, and what becomes of them and of tools when the
 * socket ends.
 */
@Timeout(60)
@ParameterizedClass
@EnumSource(Hosting.class)
class ServerRequestWireTests {

	@Parameter
	Hosting hosting;

	private enum Kind {

		IMMEDIATE, SYNC, ASYNC

	}

	private final BlockingQueue<String> waiting = new LinkedBlockingQueue<>();

	private final BlockingQueue<String> ended = new LinkedBlockingQueue<>();

	private TestServer serve(Kind kind) {
		TestServer server = this.hosting.start(WssServer.settings().maxConnections(1000).build());
		if (kind == Kind.ASYNC) {
			McpServer.async(server.provider())
				.serverInfo("test", "1")
				.tools(TestTools.async("ask",
						(exchange, text) -> exchange.createMessage(TestTools.question())
							.map((answer) -> answer.model())
							.doOnError((ex) -> this.ended.add("ask"))
							.doOnCancel(() -> this.ended.add("ask"))),
						TestTools.async("block",
								(exchange, text) -> Mono.<String>never()
									.doOnSubscribe((subscription) -> this.waiting.add(text))
									.doOnCancel(() -> this.ended.add("block"))))
				.build();
		}
		else {
			McpServer.sync(server.provider())
				.serverInfo("test", "1")
				.immediateExecution(kind == Kind.IMMEDIATE)
				.tools(TestTools.echo(), TestTools.sync("ask", (exchange, text) -> {
					try {
						return exchange.createMessage(TestTools.question()).model();
					}
					catch (RuntimeException ex) {
						this.ended.add("ask");
						throw ex;
					}
				}), TestTools.sync("block", (exchange, text) -> {
					this.waiting.add(text);
					try {
						new CountDownLatch(1).await(30, TimeUnit.SECONDS);
					}
					catch (InterruptedException ex) {
						this.ended.add("block");
					}
					return text;
				}))
				.build();
		}
		return server;
	}

	@Test
	void toolThatWaitsForAnAnswerLearnsThatTheSocketIsGone() throws Exception {
		try (TestServer server = this.hosting.start()) {
			McpServer.async(server.provider())
				.serverInfo("test", "1")
				.tools(TestTools.async("ask",
						(exchange, text) -> exchange.createMessage(TestTools.question())
							.map((answer) -> answer.model())
							.doOnError((ex) -> this.ended.add(String.valueOf(ex.getMessage())))))
				.build();
			try (RawMcpClient client = RawMcpClient.initialized(server)) {
				client.call("1", "ask");
				client.request("sampling/createMessage");
				client.ping("2");
				client.response("2");
				client.socket().sendClose(4000);
				assertThat(this.ended.poll(2, TimeUnit.SECONDS)).contains("Connection to the client is gone", "4000");
			}
		}
	}

	private static String answer(JsonNode request, boolean idAsString, String model) {
		String id = request.path("id").toString();
		return """
				{"jsonrpc":"2.0","id":%s,"result":{"role":"assistant","model":"%s",\
				"content":{"type":"text","text":"a"}}}""".formatted(idAsString ? '"' + id + '"' : id, model);
	}

	@ParameterizedTest
	@CsvSource({ "IMMEDIATE,true", "IMMEDIATE,false", "SYNC,true", "SYNC,false", "ASYNC,true", "ASYNC,false" })
	void idIsANumberAndMayComeBackAsAString(Kind kind, boolean idAsString) {
		try (TestServer server = serve(kind); RawMcpClient client = RawMcpClient.initialized(server)) {
			Set<Long> ids = new HashSet<>();
			for (int i = 0; i < 20; i++) {
				client.call("c" + i, "ask");
				JsonNode request = client.request("sampling/createMessage");
				assertThat(request.path("id").isIntegralNumber()).isTrue();
				assertThat(ids.add(request.path("id").asLong())).isTrue();
				client.send(answer(request, idAsString, "model-" + i));
				assertThat(RawMcpClient.text(client.response("c" + i))).isEqualTo("model-" + i);
			}
		}
	}

	@Test
	void answersInAnyOrderReachTheirTools() {
		try (TestServer server = serve(Kind.IMMEDIATE); RawMcpClient client = RawMcpClient.initialized(server)) {
			List<JsonNode> requests = new ArrayList<>();
			for (int i = 0; i < 15; i++) {
				client.call("c" + i, "ask");
			}
			for (int i = 0; i < 15; i++) {
				requests.add(client.request("sampling/createMessage"));
			}
			for (int i = 14; i >= 0; i--) {
				client.send(answer(requests.get(i), i % 2 == 0, "m"));
				client.send(answer(requests.get(i), i % 2 == 0, "a second time"));
			}
			Set<String> answered = new HashSet<>();
			for (int i = 0; i < 15; i++) {
				JsonNode response = client.next();
				assertThat(RawMcpClient.text(response)).isEqualTo("m");
				answered.add(response.path("id").asString());
			}
			assertThat(answered).hasSize(15);
		}
	}

	@ParameterizedTest
	@CsvSource({ "IMMEDIATE,close", "IMMEDIATE,reset", "IMMEDIATE,end", "SYNC,close", "SYNC,reset", "SYNC,end",
			"ASYNC,close", "ASYNC,reset", "ASYNC,end" })
	void toolsEndAtOnceWithTheSocket(Kind kind, String end) throws Exception {
		try (TestServer server = serve(kind)) {
			for (int round = 0; round < 5; round++) {
				try (RawMcpClient client = RawMcpClient.initialized(server)) {
					client.call("1", "ask");
					client.request("sampling/createMessage");
					client.call("2", "block");
					assertThat(this.waiting.poll(5, TimeUnit.SECONDS)).isNotNull();
					switch (end) {
						case "close" -> client.socket().sendClose(1000);
						case "reset" -> client.socket().reset();
						default -> client.socket().close();
					}
					List<@Nullable String> ends = new ArrayList<>();
					ends.add(this.ended.poll(2, TimeUnit.SECONDS));
					ends.add(this.ended.poll(2, TimeUnit.SECONDS));
					assertThat(ends).containsExactlyInAnyOrder("ask", "block");
					await().atMost(Duration.ofSeconds(2)).until(() -> server.provider().getConnectionCount() == 0);
				}
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "close", "reset", "end" })
	void fiveHundredConnectionsLeaveNothingBehind(String end) {
		ConcurrentLinkedQueue<WeakReference<McpTransportContext>> contexts = new ConcurrentLinkedQueue<>();
		try (TestServer server = this.hosting.start()) {
			McpServer.sync(server.provider())
				.serverInfo("test", "1")
				.tools(TestTools.sync("remember", (exchange, text) -> {
					contexts.add(new WeakReference<>(exchange.transportContext()));
					return text;
				}), TestTools.sync("ask", (exchange, text) -> exchange.createMessage(TestTools.question()).model()))
				.build();
			for (int i = 0; i < 167; i++) {
				try (RawMcpClient client = RawMcpClient.initialized(server)) {
					client.call("1", "remember");
					client.response("1");
					client.call("2", "ask");
					client.request("sampling/createMessage");
					switch (end) {
						case "close" -> {
							client.socket().sendClose(1000);
							client.socket().readClose();
						}
						case "reset" -> client.socket().reset();
						default -> client.socket().close();
					}
				}
			}
			await().atMost(Duration.ofSeconds(3)).until(() -> server.provider().getConnectionCount() == 0);
			assertThat(contexts).hasSize(167);
			await().atMost(Duration.ofSeconds(10)).pollInterval(Duration.ofMillis(200)).untilAsserted(() -> {
				System.gc();
				assertThat(contexts.stream().filter((context) -> context.get() != null)).hasSizeLessThan(10);
			});
			assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
				.filteredOn((name) -> name.startsWith("mcp-wss-event-"))
				.hasSizeLessThan(20);
		}
	}

}
