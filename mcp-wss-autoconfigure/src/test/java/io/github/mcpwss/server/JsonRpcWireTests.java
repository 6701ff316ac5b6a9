package io.github.mcpwss.server;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import io.github.mcpwss.jsonrpc.InvalidMessages;
import io.github.mcpwss.testing.Hosting;
import io.github.mcpwss.testing.RawMcpClient;
import io.github.mcpwss.testing.TestServer;
import io.github.mcpwss.testing.TestTools;
import io.modelcontextprotocol.server.McpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the server answers to messages that are not what they should be.
 */
@ParameterizedClass
@EnumSource(Hosting.class)
class JsonRpcWireTests {

	@Parameter
	Hosting hosting;

	private static final AtomicReference<String> outcome = new AtomicReference<>();

	private static TestServer server;

	private RawMcpClient client;

	@BeforeParameterizedClassInvocation
	static void start(Hosting hosting) {
		server = hosting.start();
		McpServer.sync(server.provider())
			.serverInfo("test", "1")
			.requestTimeout(Duration.ofSeconds(60))
			.tools(TestTools.echo(), TestTools.sync("ask", (exchange, text) -> {
				try {
					return String.valueOf(exchange.createMessage(TestTools.question()));
				}
				catch (RuntimeException ex) {
					outcome.set(String.valueOf(ex.getMessage()));
					throw ex;
				}
			}))
			.build();
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	@BeforeEach
	void connect() {
		outcome.set(null);
		this.client = RawMcpClient.initialized(server);
	}

	@AfterEach
	void disconnect() {
		this.client.close();
	}

	private void assertStillServes() {
		this.client.call("after", "echo", "still here");
		JsonNode next = this.client.next();
		assertThat(next.path("id").asString("none")).as("no message but the response: " + next).isEqualTo("after");
		assertThat(RawMcpClient.text(next)).isEqualTo("still here");
	}

	static List<InvalidMessages.Case> invalidMessages() {
		return InvalidMessages.all();
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("invalidMessages")
	void invalidMessageIsAnsweredAndCostsNothing(InvalidMessages.Case invalid) {
		this.client.send(invalid.json());
		if (invalid.answerable()) {
			JsonNode error = this.client.next();
			assertThat(error.at("/error/code").asInt()).isEqualTo(invalid.code());
			assertThat(error.has("id")).isTrue();
			assertThat(error.path("id").isNull() ? null : error.path("id").asString()).isEqualTo(invalid.id());
			assertThat(error.path("jsonrpc").asString()).isEqualTo("2.0");
			assertThat(error.at("/error/message").asString()).isNotBlank();
		}
		assertStillServes();
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"jsonrpc\":\"2.0\",\"method\":\"no/such\"}", "{\"jsonrpc\":\"2.0\",\"method\":\"\"}",
			"{\"jsonrpc\":\"2.0\",\"method\":\"notifications/unknown\",\"params\":{\"a\":[1,2]}}",
			"{\"jsonrpc\":\"2.0\",\"method\":\"notifications/unknown\",\"params\":[1]}",
			"{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\"}",
			"{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":[1]}",
			"{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":{}}}",
			"{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":\"none\"}}",
			"{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}",
			"{\"jsonrpc\":\"2.0\",\"method\":\"initialize\"}", "{\"jsonrpc\":\"2.0\",\"method\":\"tools/call\"}",
			"{\"jsonrpc\":\"2.0\",\"id\":77,\"result\":{}}", "{\"jsonrpc\":\"2.0\",\"id\":\"77\",\"result\":null}",
			"{\"jsonrpc\":\"2.0\",\"id\":77,\"error\":{\"code\":1,\"message\":\"m\"}}",
			"{\"jsonrpc\":\"2.0\",\"id\":77,\"error\":\"text\"}",
			"{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"m\"}}",
			"{\"jsonrpc\":\"2.0\",\"id\":-1,\"result\":{}}", "{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"result\":[]}" })
	void notificationsAndStrayResponsesGetNothing(String json) {
		this.client.send(json);
		assertStillServes();
	}

	@ParameterizedTest
	@ValueSource(strings = { "no/such", "" })
	void unknownMethodIsNotFound(String method) {
		this.client.send("{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":\"%s\"}".formatted(method));
		assertThat(this.client.response("1").at("/error/code").asInt()).isEqualTo(-32601);
		assertStillServes();
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":\"tools/call\"}",
			"{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":\"tools/call\",\"params\":[]}",
			"{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":\"tools/call\",\"params\":{\"name\":{}}}",
			"{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":\"tools/call\",\"params\":{\"name\":\"none\"}}" })
	void wrongParamsAreAnError(String json) {
		this.client.send(json);
		JsonNode response = this.client.response("1");
		assertThat(response.has("error") || response.at("/result/isError").asBoolean(false)).as(response.toString())
			.isTrue();
		assertStillServes();
	}

	@ParameterizedTest
	@ValueSource(strings = { "7", "\"7\"", "-7", "9007199254740993", "-9223372036854775808", "0", "\"\"",
			"\"ünï 🚀 \\u0000\"" })
	void idComesBackAsItWas(String id) {
		this.client.send("{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":\"ping\"}".formatted(id));
		assertThat(this.client.next().path("id").toString().replace("\\u0000", "0"))
			.isEqualTo(id.replace("\\u0000", "0"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":17}",
			"{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":[]}", "{\"jsonrpc\":\"2.0\",\"id\":%s,\"error\":{}}",
			"{\"jsonrpc\":\"2.0\",\"id\":%s,\"error\":\"text\"}",
			"{\"jsonrpc\":\"2.0\",\"id\":%s,\"error\":{\"code\":\"1\",\"message\":2}}",
			"{\"jsonrpc\":\"2.0\",\"id\":%s,\"error\":{\"code\":1e400,\"message\":null}}",
			"{\"jsonrpc\":\"2.0\",\"id\":%s,\"error\":{\"code\":-1,\"message\":\"denied\"}}",
			"{\"id\":%s,\"result\":{}}", "{\"jsonrpc\":\"1.0\",\"id\":%s,\"result\":{}}",
			"{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{},\"error\":{\"code\":1,\"message\":\"both\"}}" })
	void toolThatAskedDoesNotHangOnAWrongResponse(String template) {
		this.client.call("ask", "ask");
		JsonNode request = this.client.request("sampling/createMessage");
		this.client.send(template.formatted(request.path("id")));
		JsonNode response = this.client.response("ask");
		assertThat(response.has("error") || response.at("/result/isError").asBoolean(false)).as(response.toString())
			.isTrue();
		assertThat(outcome.get()).isNotNull();
		assertStillServes();
	}

	@Test
	void toolThatAskedDoesNotHangOnANullResult() {
		this.client.call("ask", "ask");
		JsonNode request = this.client.request("sampling/createMessage");
		this.client.send("{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":null}".formatted(request.path("id")));
		this.client.response("ask");
		assertStillServes();
	}

	@Test
	void tenThousandInvalidMessagesInARow() {
		for (int i = 0; i < 10_000; i++) {
			this.client.send("nonsense");
		}
		for (int i = 0; i < 10_000; i++) {
			assertThat(this.client.next().at("/error/code").asInt()).isEqualTo(-32700);
		}
		assertStillServes();
	}

}
