package io.github.mcpwss.server.servlet;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

import io.github.mcpwss.testing.RawMcpClient;
import io.github.mcpwss.testing.TestTools;
import io.github.mcpwss.testing.WssServer;
import io.modelcontextprotocol.server.McpServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What goes wrong once and costs neither the socket nor a tool that waits.
 */
@Timeout(30)
class RecoveryWireTests {

	private static final String DEEP = "[".repeat(10_000) + "]".repeat(10_000);

	private static final String DIGITS = "1".repeat(2_000);

	private static RawMcpClient connect(WssServer server) {
		return connect(server, "");
	}

	private static RawMcpClient connect(WssServer server, String instructions) {
		McpServer.sync(server.provider())
			.serverInfo("test", "1")
			.instructions(instructions)
			.tools(TestTools.echo())
			.build();
		return RawMcpClient.connect(server);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":\"initialize\"}",
			"{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":\"initialize\",\"params\":[]}",
			"{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":\"initialize\",\"params\":{\"protocolVersion\":{}}}" })
	void initializeThatFailedCanBeTriedAgain(String broken) {
		try (WssServer server = new WssServer(); RawMcpClient client = connect(server)) {
			for (int i = 0; i < 2; i++) {
				client.send(broken);
				JsonNode error = client.response("1");
				assertThat(error.at("/error/code").isInt()).as(error.toString()).isTrue();
				assertThat(error.at("/error/message").asString()).doesNotContain("already");
			}
			client.call("2", "echo", "early");
			assertThat(client.response("2").at("/error/message").asString()).contains("not initialized");
			client.initialize();
			client.call("3", "echo", "in time");
			assertThat(RawMcpClient.text(client.response("3"))).isEqualTo("in time");
			client.sendInitialize("\"4\"");
			assertThat(client.response("4").at("/error/message").asString()).contains("already");
		}
	}

	@Test
	void initializeOfWhichTheResultIsTooLargeCanBeTriedAgain() {
		String instructions = "x".repeat(20_000);
		try (WssServer server = new WssServer(WssServer.settings().maxMessageSize(10_000).build());
				RawMcpClient client = connect(server, instructions)) {
			for (int i = 0; i < 2; i++) {
				client.sendInitialize("\"" + i + "\"");
				JsonNode error = client.response(String.valueOf(i));
				assertThat(error.at("/error/message").asString()).contains("max-message-size");
			}
		}
	}

	@Test
	void initializeCannotBeCancelled() {
		try (WssServer server = new WssServer(); RawMcpClient client = connect(server)) {
			client.sendInitialize("\"0\"");
			client.cancel("0");
			assertThat(client.response("0").has("result")).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":DEEP}",
			"{\"jsonrpc\":\"2.0\",\"result\":{\"a\":DEEP},\"id\":%s}",
			"{\"result\":{\"n\":DIGITS},\"jsonrpc\":\"2.0\",\"id\":\"%s\"}",
			"{\"jsonrpc\":\"2.0\",\"id\":%s,\"error\":{\"code\":DIGITS,\"message\":\"\"}}",
			"{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{}", "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":}" })
	void toolThatAskedDoesNotHangOnAResponseThatCannotBeRead(String template) {
		AtomicReference<String> outcome = new AtomicReference<>();
		try (WssServer server = new WssServer()) {
			McpServer.sync(server.provider())
				.serverInfo("test", "1")
				.requestTimeout(Duration.ofSeconds(60))
				.tools(TestTools.echo(), TestTools.sync("ask", (exchange, text) -> {
					try {
						return String.valueOf(exchange.createMessage(TestTools.question()));
					}
					catch (RuntimeException ex) {
						outcome.set(ex.getMessage());
						throw ex;
					}
				}))
				.build();
			try (RawMcpClient client = RawMcpClient.initialized(server)) {
				client.call("ask", "ask");
				client.call("other", "ask");
				JsonNode request = client.request("sampling/createMessage");
				JsonNode other = client.request("sampling/createMessage");
				client.send(template.formatted(request.path("id")).replace("DEEP", DEEP).replace("DIGITS", DIGITS));
				JsonNode next = client.next();
				assertThat(next.has("error") || next.at("/result/isError").asBoolean(false)).as(next.toString())
					.isTrue();
				assertThat(outcome.get()).contains("Parse error");
				client
					.send("""
							{"jsonrpc":"2.0","id":%s,"result":{"role":"assistant","content":{"type":"text","text":"fine"},"model":"m"}}"""
						.formatted(other.path("id")));
				assertThat(RawMcpClient.text(client.next())).contains("fine");
			}
		}
	}

}
