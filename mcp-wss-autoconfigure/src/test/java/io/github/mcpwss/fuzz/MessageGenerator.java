package io.github.mcpwss.fuzz;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

import io.github.mcpwss.fuzz.Message.Reply;

/**
 * Makes messages, right ones and wrong ones, and says what JSON-RPC 2.0 and the
 * documentation have for each of them.
 */
final class MessageGenerator {

	private static final String VERSION = "\"jsonrpc\":\"2.0\"";

	private final Random random;

	private final JsonText json;

	private boolean initialized;

	private int ids;

	MessageGenerator(Random random) {
		this.random = random;
		this.json = new JsonText(random);
	}

	void initialized() {
		this.initialized = true;
	}

	/**
	 * Make a message.
	 * @return the message with its prediction
	 */
	Message next() {
		return oneOf(List.of(this::ping, this::ping, this::echo, this::echo, this::unknownMethod, this::notification,
				this::strayResponse, this::brokenText, this::brokenText, this::noObject, this::wrongVersion,
				this::wrongId, this::wrongParams, this::twice, this::tooDeepOrLong, this::tooLongName, this::cancelled,
				this::anotherInitialize, this::loneSurrogate));
	}

	private <T> T oneOf(List<Supplier<T>> suppliers) {
		return suppliers.get(this.random.nextInt(suppliers.size())).get();
	}

	private String any(String... values) {
		return values[this.random.nextInt(values.length)];
	}

	/**
	 * Return an id that was not used before, of any kind that there is.
	 */
	private String id() {
		this.ids++;
		return any(String.valueOf(this.ids), String.valueOf(-this.ids), String.valueOf(Long.MAX_VALUE - this.ids),
				String.valueOf(Long.MIN_VALUE + this.ids), "\"" + this.ids + "\"", "\" " + this.ids + " ünï 🚀\"",
				"\"" + "i".repeat(1000) + this.ids + "\"");
	}

	private String version() {
		return this.json.member("jsonrpc", "\"2.0\"");
	}

	private String idMember(String id) {
		return this.json.member("id", id);
	}

	private String request(String id, String method, String... params) {
		String methodMember = this.json.member("method", "\"" + method + "\"");
		String stranger = (this.random.nextInt(4) == 0) ? this.json.member("x", this.json.anyValue(3))
				: this.json.member("_meta", "{}");
		return (params.length == 0) ? this.json.object(version(), idMember(id), methodMember, stranger) : this.json
			.object(version(), idMember(id), methodMember, stranger, this.json.member("params", params[0]));
	}

	Message ping() {
		String id = id();
		return Message.answered(request(id, "ping", any("{}", "null", this.json.object("\"a\":" + value()))), id);
	}

	private String value() {
		return this.json.anyValue(4);
	}

	private Message echo() {
		String id = id();
		String text = this.json.anyString(1000);
		String params = this.json.object(this.json.member("name", "\"echo\""),
				this.json.member("arguments", this.json.object(this.json.member("text", text))));
		return ifInitialized(id, request(id, "tools/call", params), new Reply(id, Reply.RESULT, text));
	}

	private Message unknownMethod() {
		String id = id();
		return ifInitialized(id, request(id, any("", "no/such", "ping ", "PING", "rpc.discover")),
				new Reply(id, Reply.METHOD_NOT_FOUND, null));
	}

	private Message ifInitialized(String id, String text, Reply reply) {
		return this.initialized ? new Message(text, reply) : Message.refused(text, id, Reply.INVALID_REQUEST);
	}

	private Message notification() {
		String method = any("no/such", "", "notifications/unknown", "tools/call", "ping", "initialize");
		return Message.unanswered(this.json.object(version(), "\"method\":\"" + method + "\"", "\"params\":{\"a\":1}"));
	}

	private Message strayResponse() {
		String outcome = any("\"result\":{}", "\"result\":null", "\"result\":" + value(),
				"\"error\":{\"code\":-32700,\"message\":\"m\"}", "\"error\":\"text\"",
				"\"result\":{},\"error\":{\"code\":1,\"message\":\"both\"}");
		return Message.unanswered(this.json.object(version(), idMember(any(id(), "null", "1.5", "{}", "77")), outcome));
	}

	private Message brokenText() {
		String whole = request(id(), "ping", "{\"a\":[1,{\"b\":\"c\"}]}").trim();
		int place = 1 + this.random.nextInt(whole.length() - 1);
		String text = oneOf(
				List.of(() -> whole.substring(0, place), () -> whole + any("x", "}", ",", "\"", "]"), () -> "",
						() -> "\uFEFF" + whole, () -> "{" + whole, () -> whole.replaceFirst(":", any("=", "::", " ")),
						() -> any("{,", "{/**/", "{'a':1,", "{\u0001", "{NaN:1,", "{\"n\":+1,", "{\"n\":01,",
								"{\"n\":.5,", "{\"n\":NaN,", "{\"t\":True,", "{\"s\":\"\\x41\",")
								+ whole.substring(1)));
		return Message.refused(text, "null", Reply.PARSE_ERROR);
	}

	private Message noObject() {
		String text = any("17", "\"ping\"", "null", "true", "[]", "[" + request("1", "ping") + "]", "-0", "[[[]]]");
		return Message.refused(this.json.space() + text, "null", Reply.INVALID_REQUEST);
	}

	private Message wrongVersion() {
		String id = id();
		String version = any("\"jsonrpc\":\"1.0\"", "\"jsonrpc\":2.0", "\"jsonrpc\":null", "\"jsonrpc\":\"2.0 \"",
				"\"jsonrpc\":\"\"", "\"jsonrpc\":[\"2.0\"]", "\"JSONRPC\":\"2.0\"");
		return Message.refused(this.json.object(version, idMember(id), "\"method\":\"ping\""), id,
				Reply.INVALID_REQUEST);
	}

	private Message wrongId() {
		String id = any("null", "1.5", "1e3", "0.0", "{}", "{\"id\":1}", "[]", "[1]", "true", "false",
				"92233720368547758070", "-9223372036854775809", "1" + "0".repeat(400));
		return Message.refused(request(id, "ping"), "null", Reply.INVALID_REQUEST);
	}

	private Message wrongParams() {
		String id = id();
		if (this.random.nextBoolean()) {
			return Message.refused(request(id, "ping", any("1", "\"x\"", "true", "-0.5")), id, Reply.INVALID_REQUEST);
		}
		String method = any("1", "null", "{}", "[\"ping\"]", "true");
		return Message.refused(this.json.object(version(), idMember(id), "\"method\":" + method), id,
				Reply.INVALID_REQUEST);
	}

	private Message twice() {
		String id = id();
		String text = oneOf(List.of(() -> this.json.object(VERSION, VERSION, idMember(id), "\"method\":\"ping\""),
				() -> this.json.object(VERSION, idMember(id), "\"method\":\"ping\"", "\"method\":\"ping\""),
				() -> this.json.object(VERSION, idMember(id), idMember(id), "\"method\":\"ping\""), () -> this.json
					.object(VERSION, idMember(id), "\"method\":\"ping\"", "\"params\":{}", "\"params\":null"),
				() -> request(id, "ping") + request(id, "ping")));
		return Message.refused(text, id, Reply.INVALID_REQUEST);
	}

	private Message tooDeepOrLong() {
		int depth = this.random.nextBoolean() ? 100 + this.random.nextInt(300) : 600 + this.random.nextInt(2000);
		int digits = this.random.nextBoolean() ? 500 + this.random.nextInt(400) : 1100 + this.random.nextInt(2000);
		boolean deep = this.random.nextBoolean();
		String value = deep ? "[".repeat(depth) + "]".repeat(depth) : "9".repeat(digits);
		String id = id();
		String text = request(id, "ping", "{\"a\":" + value + "}");
		boolean read = deep ? depth < 500 : digits < 1000;
		return read ? Message.answered(text, id) : Message.refused(text, "null", Reply.PARSE_ERROR);
	}

	private Message tooLongName() {
		String name = "n".repeat(1025 + this.random.nextInt(1000));
		return Message.refused(this.random.nextBoolean() ? request(id(), name) : request("\"" + name + "\"", "ping"),
				"null", Reply.INVALID_REQUEST);
	}

	private Message cancelled() {
		String params = any("{\"requestId\":\"unknown\"}", "{\"requestId\":-77,\"reason\":\"r\"}", "{}", "[1]",
				"{\"requestId\":{}}", "{\"requestId\":null}", "{\"requestId\":1.5}", "null");
		return Message
			.unanswered(this.json.object(version(), "\"method\":\"notifications/cancelled\"", "\"params\":" + params));
	}

	/**
	 * After the first one, which {@link #initialize()} makes.
	 */
	private Message anotherInitialize() {
		String id = id();
		return this.initialized ? Message.refused(request(id, "initialize", "{}"), id, Reply.INVALID_REQUEST) : ping();
	}

	/**
	 * JSON can hold half a character, and UTF-8 cannot: it comes back escaped.
	 */
	private Message loneSurrogate() {
		String half = any("\\ud83d", "\\ude80", "\\ude80\\ud83d");
		if (this.random.nextBoolean()) {
			this.ids++;
			String id = "\"" + this.ids + half + "\"";
			return Message.answered(request(id, "ping"), id);
		}
		String id = id();
		String params = "{\"name\":\"echo\",\"arguments\":{\"text\":\"" + half + "\"}}";
		return ifInitialized(id, request(id, "tools/call", params), new Reply(id, Reply.RESULT, "\"" + half + "\""));
	}

	Message initialize() {
		String id = id();
		return Message.answered(request(id, "initialize", """
				{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"fuzz","version":"1"}}"""), id);
	}

}
