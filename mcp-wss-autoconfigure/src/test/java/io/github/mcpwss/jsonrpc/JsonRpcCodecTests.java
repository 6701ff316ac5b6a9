package io.github.mcpwss.jsonrpc;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests of {@link JsonRpcCodec}.
 */
class JsonRpcCodecTests {

	private static final JsonMapper JSON = JsonMapper.shared();

	private final JsonRpcCodec codec = new JsonRpcCodec(JSON);

	@ParameterizedTest
	@ValueSource(strings = { "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}",
			"{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"tools/list\",\"params\":null}",
			" \n{ \"method\" : \"m\" , \"params\" : { } , \"id\" : 9007199254740993 , \"jsonrpc\" : \"2.0\" } \n",
			"{\"jsonrpc\":\"2.0\",\"id\":-9223372036854775808,\"method\":\"m\",\"params\":[1,\"two\",null,true]}",
			"{\"jsonrpc\":\"2.0\",\"id\":2147483648,\"method\":\"m\",\"params\":{\"a\":{\"b\":[{},[],1.5,1e400]}}}",
			"{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"m\",\"params\":{\"n\":123456789012345678901234567890}}",
			"{\"jsonrpc\":\"2.0\",\"id\":\"\",\"method\":\"\",\"params\":{\"a\":1,\"a\":2}}",
			"{\"jsonrpc\":\"2.0\",\"id\":\"ü🚀\\u0000\\ud83d\",\"method\":\"é\\u00e9\",\"params\":{\"ключ\":\"🚀\"}}",
			"{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}",
			"{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"params\":{\"_meta\":{\"x\":null}},\"stranger\":{\"id\":[1]}}",
			"{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"t\"}]}}",
			"{\"jsonrpc\":\"2.0\",\"id\":\"s\",\"result\":[]}", "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"text\"}",
			"{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":17}", "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":false}",
			"{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{},\"error\":null}",
			"{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32601,\"message\":\"no\",\"data\":{\"a\":[1]}}}",
			"{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"message\":\"\",\"code\":0,\"stranger\":1},\"result\":null}" })
	void readsWhatTheSdkReads(String json) throws Exception {
		JSONRPCMessage expected = McpSchema.deserializeJsonRpcMessage(new JacksonMcpJsonMapper(JSON), json);
		assertThat(read(json)).isEqualTo(expected);
	}

	private JSONRPCMessage read(String json) {
		return this.codec.read(json.getBytes(StandardCharsets.UTF_8));
	}

	static List<InvalidMessages.Case> invalidMessages() {
		return InvalidMessages.all();
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("invalidMessages")
	void invalidMessageIsRefused(InvalidMessages.Case invalid) {
		assertThatExceptionOfType(JsonRpcException.class).isThrownBy(() -> read(invalid.json())).satisfies((ex) -> {
			assertThat(ex.getCode()).isEqualTo(invalid.code());
			assertThat(ex.isAnswerable()).isEqualTo(invalid.answerable());
			if (invalid.answerable()) {
				assertThat(ex.getId()).isEqualTo(invalid.id());
			}
			assertThat(ex.getMessage()).isNotBlank().hasSizeLessThan(500);
		});
	}

	@Test
	void malformedUtf8IsAParseError() {
		byte[] json = "{\"jsonrpc\":\"2.0\",\"method\":\"xx\"}".getBytes(StandardCharsets.UTF_8);
		json[json.length - 3] = (byte) 0xC3;
		assertThatExceptionOfType(JsonRpcException.class).isThrownBy(() -> this.codec.read(json))
			.satisfies((ex) -> assertThat(ex.getCode()).isEqualTo(McpSchema.ErrorCodes.PARSE_ERROR));
	}

	@Test
	void nullResultBecomesAnEmptyOne() {
		assertThat(read("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":null}"))
			.isEqualTo(JSONRPCResponse.result(1, Map.of()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "\"text\"", "[1]", "17", "{\"code\":\"x\",\"message\":1}",
			"{\"code\":null,\"message\":null}" })
	void wrongErrorIsStillAnError(String error) {
		JSONRPCMessage message = read("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":%s}".formatted(error));
		assertThat(message).isInstanceOfSatisfying(JSONRPCResponse.class,
				(response) -> assertThat(response.error()).isNotNull());
	}

	@Test
	void writesWhatTheSdkWrites() throws Exception {
		JacksonMcpJsonMapper sdk = new JacksonMcpJsonMapper(JSON);
		for (JSONRPCMessage message : List.of(new JSONRPCRequest("m", 7, Map.of("a", 1)), new JSONRPCRequest("m", "i"),
				new JSONRPCNotification("n", Map.of("text", "grüße 🚀")), JSONRPCResponse.result(1L, Map.of()),
				JSONRPCResponse.error("e", new JSONRPCResponse.JSONRPCError(-1, "no", List.of(1))))) {
			assertThat(this.codec.write(message)).isEqualTo(sdk.writeValueAsBytes(message));
			assertThat(this.codec.read(this.codec.write(message)).toString().replace("1L", "1"))
				.isEqualTo(message.toString());
		}
	}

	@Test
	void messageWithoutAJsonFormIsRefused() {
		Iterable<Object> broken = () -> {
			throw new IllegalStateException("no elements");
		};
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.codec.write(new JSONRPCNotification("n", Map.of("a", broken))));
	}

	@Test
	void writesErrorsWithAndWithoutAnId() {
		assertThat(new String(this.codec.writeError(null, -32700, "a \"b\""), StandardCharsets.UTF_8))
			.isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"a \\\"b\\\"\"}}");
		assertThat(new String(this.codec.writeError(7L, -1, ""), StandardCharsets.UTF_8))
			.isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":7,\"error\":{\"code\":-1,\"message\":\"\"}}");
	}

	@Test
	void convertsParams() {
		JSONRPCRequest request = (JSONRPCRequest) read(
				"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"t\"}}");
		assertThat(this.codec.convert(request.params(), new TypeRef<CallToolRequest>() {
		}).name()).isEqualTo("t");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.codec.convert(Map.of("name", List.of()), new TypeRef<CallToolRequest>() {
			}));
	}

}
