package io.github.mcpwss.jsonrpc;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Messages that are not JSON-RPC, and what they get.
 */
public final class InvalidMessages {

	private InvalidMessages() {
	}

	public static List<Case> all() {
		String deep = "[".repeat(10_000) + "]".repeat(10_000);
		String digits = "1".repeat(2_000);
		return List.of(parseError("empty", ""), parseError("blank", " \n\t"), parseError("open object", "{"),
				parseError("malformed", "{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":}"),
				parseError("single quotes", "{'jsonrpc':'2.0'}"), parseError("word", "nonsense"),
				parseError("NaN", "{\"jsonrpc\":\"2.0\",\"id\":NaN,\"method\":\"ping\"}"),
				parseError("trailing comma", "{\"jsonrpc\":\"2.0\",\"method\":\"ping\",}"),
				parseError("comment", "/* */{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":\"ping\"}"),
				parseError("control character", "{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":\"pi\nng\"}"),
				parseError("byte order mark", "\uFEFF{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":\"ping\"}"),
				parseError("trailing garbage", "{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":\"ping\"} garbage"),
				parseError("trailing quotation mark", "{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":\"ping\"}\""),
				parseError("trailing brace", "{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":\"ping\"}}"),
				parseError("open array", "[1,2"),
				parseError("deep params",
						"{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":\"ping\",\"params\":%s}".formatted(deep)),
				parseError("deep stranger",
						"{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":\"ping\",\"x\":%s}".formatted(deep)),
				parseError("deep id", "{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":\"ping\"}".formatted(deep)),
				parseError("deep array", deep),
				parseError("long number",
						"{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":\"ping\",\"params\":{\"n\":%s}}"
							.formatted(digits)),
				parseError("long id", "{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":\"ping\"}".formatted(digits)),
				invalid("two values", "1",
						"{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":\"ping\"}{\"jsonrpc\":\"2.0\",\"id\":\"2\"}"),
				invalid("number", null, "17"), invalid("string", null, "\"ping\""), invalid("null", null, "null"),
				invalid("true", null, "true"), invalid("empty batch", null, "[]"),
				invalid("batch", null, "[{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":\"ping\"}]"),
				invalid("empty object", null, "{}"), invalid("no jsonrpc", "1", "{\"id\":\"1\",\"method\":\"ping\"}"),
				invalid("wrong jsonrpc", "1", "{\"jsonrpc\":\"1.0\",\"id\":\"1\",\"method\":\"ping\"}"),
				invalid("jsonrpc a number", "1", "{\"jsonrpc\":2.0,\"id\":\"1\",\"method\":\"ping\"}"),
				invalid("jsonrpc null", "1", "{\"jsonrpc\":null,\"id\":\"1\",\"method\":\"ping\"}"),
				invalid("method a number", "1", "{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":1}"),
				invalid("method null", "1", "{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":null}"),
				invalid("method an object", "1", "{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":{\"id\":\"2\"}}"),
				invalid("no method", "1", "{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"params\":{}}"),
				invalid("id null", null, "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}"),
				invalid("id a float", null, "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}"),
				invalid("id an object", null, "{\"jsonrpc\":\"2.0\",\"id\":{\"a\":1},\"method\":\"ping\"}"),
				invalid("id an array", null, "{\"jsonrpc\":\"2.0\",\"id\":[1],\"method\":\"ping\"}"),
				invalid("id true", null, "{\"jsonrpc\":\"2.0\",\"id\":true,\"method\":\"ping\"}"),
				invalid("id over 64 bits", null,
						"{\"jsonrpc\":\"2.0\",\"id\":92233720368547758070,\"method\":\"ping\"}"),
				invalid("params a string", "1",
						"{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":\"ping\",\"params\":\"x\"}"),
				invalid("params a number", "1", "{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":\"ping\",\"params\":1}"),
				invalid("method twice", "1",
						"{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":\"ping\",\"method\":\"tools/list\"}"),
				invalid("id twice", "1", "{\"jsonrpc\":\"2.0\",\"id\":\"0\",\"id\":\"1\",\"method\":\"ping\"}"),
				invalid("params twice", "1",
						"{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":\"ping\",\"params\":{},\"params\":{}}"),
				invalid("params twice, null first", "1",
						"{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":\"ping\",\"params\":null,\"params\":{}}"),
				invalid("jsonrpc twice", "1",
						"{\"jsonrpc\":\"2.0\",\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":\"ping\"}"),
				unanswered("response without jsonrpc", "{\"id\":\"1\",\"result\":{}}"),
				unanswered("response without id", "{\"jsonrpc\":\"2.0\",\"result\":{}}"), unanswered("result and error",
						"{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"result\":{},\"error\":{\"code\":1,\"message\":\"\"}}"));
	}

	private static Case parseError(String name, String json) {
		return new Case(name, json, -32700, null, true);
	}

	private static Case invalid(String name, @Nullable String id, String json) {
		return new Case(name, json, -32600, id, true);
	}

	private static Case unanswered(String name, String json) {
		return new Case(name, json, -32600, null, false);
	}

	/**
	 * One invalid message.
	 *
	 * @param name what is wrong with it
	 * @param json the message
	 * @param code the code of the error
	 * @param id the id of the error, where it can be known
	 * @param answerable whether the error is sent
	 */
	public record Case(String name, String json, int code, @Nullable String id, boolean answerable) {

		@Override
		public String toString() {
			return this.name;
		}

	}

}
