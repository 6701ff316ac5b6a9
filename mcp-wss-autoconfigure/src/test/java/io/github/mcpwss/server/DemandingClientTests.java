package io.github.mcpwss.server;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.github.mcpwss.testing.Hosting;
import io.github.mcpwss.testing.RawMcpClient;
import io.github.mcpwss.testing.TestServer;
import io.github.mcpwss.testing.TestTools;
import io.github.mcpwss.testing.WssServer;
import io.modelcontextprotocol.server.McpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Clients and tools that would cost a server more than they should.
 */
@ParameterizedClass
@EnumSource(Hosting.class)
class DemandingClientTests {

	private static final int MAX_IN_FLIGHT = 10;

	private static final int MAX_MESSAGE = 100_000;

	@Parameter
	Hosting hosting;

	private static final AtomicInteger givenUp = new AtomicInteger();

	private static final AtomicInteger holding = new AtomicInteger();

	private static CountDownLatch release = new CountDownLatch(1);

	private static TestServer server;

	private RawMcpClient client;

	@BeforeParameterizedClassInvocation
	static void start(Hosting hosting) {
		server = hosting
			.start(WssServer.settings().maxInFlightRequests(MAX_IN_FLIGHT).maxMessageSize(MAX_MESSAGE).build());
		McpServer.async(server.provider())
			.serverInfo("test", "1")
			.tools(TestTools.async("nothing", (exchange, text) -> Mono.empty()),
					TestTools.async("echo", (exchange, text) -> Mono.just(text)),
					TestTools.async("forget", (exchange, text) -> {
						exchange.createMessage(TestTools.question()).subscribe((answer) -> {
						}, (ex) -> givenUp.incrementAndGet());
						return Mono.just("forgotten");
					}), TestTools.async("hold", (exchange, text) -> Mono.fromCallable(() -> {
						holding.incrementAndGet();
						return release.await(10, TimeUnit.SECONDS) ? "released" : "gave up";
					})),
					TestTools.async("twice",
							(exchange, text) -> exchange.createMessage(TestTools.question())
								.map((first) -> String.valueOf(
										exchange.createMessage(TestTools.question()).block(Duration.ofSeconds(10))))))
			.build();
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	@BeforeEach
	void connect() {
		release = new CountDownLatch(1);
		holding.set(0);
		givenUp.set(0);
		this.client = RawMcpClient.initialized(server);
	}

	@AfterEach
	void disconnect() {
		release.countDown();
		this.client.close();
	}

	@Test
	void handlerWithoutResultIsAnswered() {
		for (int i = 0; i < 2 * MAX_IN_FLIGHT; i++) {
			this.client.call("1", "nothing");
			assertThat(this.client.response("1").at("/error/message").asString()).contains("gave no result");
		}
	}

	@Test
	void rootsAreAskedForOnceMoreHoweverOftenTheyChange() {
		for (int i = 0; i < 50; i++) {
			this.client.notification("notifications/roots/list_changed");
		}
		JsonNode first = this.client.request("roots/list");
		this.client.ping("1");
		assertThat(this.client.next().path("id").asString("")).isEqualTo("1");
		answer(first);
		JsonNode second = this.client.request("roots/list");
		answer(second);
		this.client.ping("2");
		assertThat(this.client.next().path("id").asString("")).isEqualTo("2");
	}

	private void answer(JsonNode request) {
		this.client.send("{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{\"roots\":[]}}".formatted(request.path("id")));
	}

	@Test
	void requestsThatTheClientNeverAnswersDoNotPileUp() {
		for (int i = 0; i < 3 * MAX_IN_FLIGHT; i++) {
			this.client.call("1", "forget");
			this.client.response("1");
		}
		await().until(() -> givenUp.get() == 2 * MAX_IN_FLIGHT);
	}

	@Test
	void requestsInFlightAreBoundedInBytes() {
		String text = "x".repeat(MAX_MESSAGE - 1000);
		for (int i = 0; i < 4; i++) {
			this.client.call("hold" + i, "hold", text);
		}
		await().until(() -> holding.get() == 4);
		this.client.call("5", "echo", text);
		assertThat(this.client.response("5").at("/error/message").asString()).contains("bytes in flight");
		this.client.call("6", "echo", "small");
		assertThat(RawMcpClient.text(this.client.response("6"))).isEqualTo("small");
		release.countDown();
		List<String> ended = Stream.generate(this.client::next)
			.limit(4)
			.map((next) -> next.path("id").asString())
			.toList();
		assertThat(ended).containsExactlyInAnyOrder("hold0", "hold1", "hold2", "hold3");
		this.client.call("7", "echo", text);
		assertThat(RawMcpClient.text(this.client.response("7"))).isEqualTo(text);
	}

	@Test
	void longIdsAndMethodsAreNotRepeated() {
		this.client.ping("x".repeat(2000));
		assertThat(this.client.next().at("/error/message").asString()).contains("Id or method");
		this.client.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\"}".formatted("x".repeat(2000)));
		assertThat(this.client.next().at("/error/message").asString()).contains("Id or method");
	}

	@Test
	void largeInitializeIsRefusedAndASmallerOnePasses() {
		try (RawMcpClient fresh = RawMcpClient.connect(server)) {
			fresh.send(("{\"jsonrpc\":\"2.0\",\"id\":\"0\",\"method\":\"initialize\",\"params\":"
					+ "{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{},"
					+ "\"clientInfo\":{\"name\":\"%s\",\"version\":\"1\"}}}")
				.formatted("x".repeat(70_000)));
			assertThat(fresh.response("0").at("/error/message").asString()).contains("initialize");
			fresh.initialize();
		}
	}

	@Test
	void toolThatWaitsForAnAnswerWhereItGotAnotherIsServed() {
		this.client.call("1", "twice");
		for (int i = 0; i < 2; i++) {
			JsonNode question = this.client.request("sampling/createMessage");
			this.client.send("""
					{"jsonrpc":"2.0","id":%s,"result":{"role":"assistant","model":"m",\
					"content":{"type":"text","text":"answer %d"}}}""".formatted(question.path("id"), i));
		}
		assertThat(RawMcpClient.text(this.client.response("1"))).contains("answer 1");
	}

}
