package io.github.mcpwss.jsonrpc;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.SerializableString;
import tools.jackson.core.io.CharacterEscapes;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link LongStringSerializer}: its bytes are those of Jackson, whatever the
 * text is and however the application has configured its mapper.
 */
class LongStringSerializerTests {

	private static final String[] PIECES = { "a", "plain text without an end ", "\"", "\\", "/", "?", "\u0000",
			"\u001f", "\b\f\n\r\t", "\u007f", "\u0080", "é", "日本語", "\u2028", "\uffff", "{\"key\":[1,\"two\"]}" };

	private final JsonRpcCodec codec = new JsonRpcCodec(JsonMapper.shared());

	@RepeatedTest(20)
	void writesWhatJacksonWrites(RepetitionInfo repetition) {
		Random random = new Random(repetition.getCurrentRepetition());
		for (int i = 0; i < 200; i++) {
			assertWritesLikeJackson(text(random, PIECES.length));
		}
	}

	@Test
	void writesEveryCharacterAtEveryPlaceOfAWord() {
		for (int character = 0; character < 0xd800; character += (character < 0x180) ? 1 : 0x3f) {
			for (int place = 0; place < Long.BYTES; place++) {
				assertWritesLikeJackson("x".repeat(1024 + place) + (char) character + "x".repeat(9));
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "🚀", "🚀?", "é🚀\n", "\ud83d", "\ude80?", "?\ud83d é" })
	void writesSurrogatesInPairsAndAlone(String text) {
		assertWritesLikeJackson("x".repeat(1100) + text);
		assertWritesLikeJackson(
				JsonMapper.builder().disable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8).build(),
				"x".repeat(1100) + text);
	}

	@ParameterizedTest
	@CsvSource({ "ESCAPE_FORWARD_SLASHES, /", "ESCAPE_NON_ASCII, é" })
	void keepsToTheFeaturesOfTheApplication(JsonWriteFeature feature, String character) {
		String text = "x".repeat(1100) + character;
		JsonMapper mapper = JsonMapper.builder(JsonFactory.builder().enable(feature).build()).build();
		assertThat(write(mapper, text)).contains("\\");
		assertWritesLikeJackson(mapper, text);
	}

	@Test
	void keepsToTheEscapesOfTheApplication() {
		JsonFactory factory = JsonFactory.builder().characterEscapes(new LetterEscapes()).build();
		assertThat(write(JsonMapper.builder(factory).build(), "x".repeat(2000))).contains("\\u0078\\u0078");
	}

	@Test
	void leavesASerializerOfTheApplicationAlone() {
		JsonMapper mapper = JsonMapper.builder()
			.addModule(new SimpleModule().addSerializer(String.class, new Shouting()))
			.build();
		assertThat(write(mapper, "quiet ".repeat(200))).contains("QUIET QUIET");
	}

	@Test
	void writesLongStringsInMaps() {
		Map<String, Object> result = Map.of("long", "a".repeat(2000), "list", List.of("b".repeat(2000)));
		JSONRPCResponse message = new JSONRPCResponse(McpSchema.JSONRPC_VERSION, 1, result, null);
		assertThat(new JsonRpcCodec(JsonMapper.shared()).write(message))
			.isEqualTo(JsonMapper.shared().writeValueAsBytes(message));
	}

	private static String text(Random random, int pieces) {
		StringBuilder text = new StringBuilder();
		int length = 900 + random.nextInt(3000);
		int kinds = 1 + random.nextInt(pieces);
		while (text.length() < length) {
			text.append((random.nextInt(4) > 0) ? PIECES[random.nextInt(2)] : PIECES[random.nextInt(kinds)]);
		}
		return text.toString();
	}

	private void assertWritesLikeJackson(String text) {
		assertThat(new String(this.codec.write(response(text)), StandardCharsets.UTF_8))
			.isEqualTo(new String(JsonMapper.shared().writeValueAsBytes(response(text)), StandardCharsets.UTF_8));
	}

	private static void assertWritesLikeJackson(JsonMapper mapper, String text) {
		assertThat(write(mapper, text))
			.isEqualTo(new String(mapper.writeValueAsBytes(response(text)), StandardCharsets.UTF_8));
	}

	private static String write(JsonMapper mapper, String text) {
		return new String(new JsonRpcCodec(mapper).write(response(text)), StandardCharsets.UTF_8);
	}

	private static JSONRPCResponse response(String text) {
		CallToolResult result = CallToolResult.builder().content(List.of(TextContent.builder(text).build())).build();
		return new JSONRPCResponse(McpSchema.JSONRPC_VERSION, 1, result, null);
	}

	private static final class Shouting extends StdSerializer<String> {

		Shouting() {
			super(String.class);
		}

		@Override
		public void serialize(String value, JsonGenerator json, SerializationContext context) {
			json.writeString(value.toUpperCase(Locale.ROOT));
		}

	}

	private static final class LetterEscapes extends CharacterEscapes {

		private static final long serialVersionUID = 1;

		@Override
		public int[] getEscapeCodesForAscii() {
			int[] codes = standardAsciiEscapesForJSON();
			codes['x'] = ESCAPE_STANDARD;
			return codes;
		}

		@Override
		public @Nullable SerializableString getEscapeSequence(int character) {
			return null;
		}

	}

}
