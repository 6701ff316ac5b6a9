package io.github.mcpwss.jsonrpc;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What is known of responses that cannot be read.
 */
class BrokenResponseTests {

	@ParameterizedTest
	@ValueSource(strings = { "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":}",
			"{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"a\":1", "{\"result\":[NaN],\"id\":7}",
			"{\"error\":{\"id\":8,\"x\":},\"jsonrpc\":\"2.0\",\"id\" : 7 }",
			"{ \"id\" :\n7 , \"result\" : \"\u0001 \\\" ü } \\\\\" }",
			"{\"id\":7,\"result\":{\"method\":\"x\",\"id\":8},}", "{\"id\":7,\"result\":{}} garbage" })
	void idIsFound(String text) {
		assertThat(BrokenResponse.idOf(text)).isEqualTo(7L);
		assertThat(idOfFailure(text)).isEqualTo(7L);
	}

	@Test
	void idIsFoundBehindWhatIsTooDeepOrTooLong() {
		String deep = "[".repeat(1_000_000) + "]".repeat(1_000_000);
		assertThat(idOfFailure("{\"result\":%s,\"id\":7}".formatted(deep))).isEqualTo(7L);
		assertThat(idOfFailure("{\"result\":%s,\"id\":\"7\"}".formatted("1".repeat(2000)))).isEqualTo("7");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{", "nonsense", "[{\"id\":7,\"result\":}]", "{\"id\":7,\"method\":\"x\",\"params\":}",
			"{\"id\":7,\"method\":\"x\",\"result\":}", "{\"id\":,\"result\":1}", "{\"id\":7", "{\"id\":7}}",
			"{\"x\":{\"id\":7,\"result\":1},}", "{\"id\":\"7,\"result\":1}", "{\"id\":--,\"result\":}",
			"{\"id\":99999999999999999999,\"result\":}", "{\"a\":\"result\",\"id\":7,}" })
	void noIdIsMadeUp(String text) {
		assertThat(BrokenResponse.idOf(text)).isNull();
	}

	private static Object idOfFailure(String text) {
		JsonRpcCodec codec = new JsonRpcCodec(JsonMapper.shared());
		Object[] id = new Object[1];
		assertThatExceptionOfType(JsonRpcException.class)
			.isThrownBy(() -> codec.read(text.getBytes(StandardCharsets.UTF_8)))
			.satisfies((failure) -> {
				assertThat(failure.isAnswerable()).isFalse();
				assertThat(failure.getCode()).isEqualTo(-32700);
				id[0] = failure.getId();
			});
		return id[0];
	}

}
