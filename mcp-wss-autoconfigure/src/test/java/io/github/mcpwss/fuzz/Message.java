package io.github.mcpwss.fuzz;

import org.jspecify.annotations.Nullable;

/**
 * A text message, and what JSON-RPC says that it gets.
 *
 * @param text the message
 * @param reply what comes back, {@code null} for nothing
 */
record Message(String text, @Nullable Reply reply) {

	static Message unanswered(String text) {
		return new Message(text, null);
	}

	static Message answered(String text, String id) {
		return new Message(text, new Reply(id, Reply.RESULT, null));
	}

	static Message refused(String text, String id, int code) {
		return new Message(text, new Reply(id, code, null));
	}

	/**
	 * A response of the server.
	 *
	 * @param id the JSON of the id
	 * @param code the code of the error, {@link #RESULT} for a result
	 * @param echo the text that the result holds, {@code null} for any
	 */
	record Reply(String id, int code, @Nullable String echo) {

		static final int RESULT = 0;

		static final int PARSE_ERROR = -32700;

		static final int INVALID_REQUEST = -32600;

		static final int METHOD_NOT_FOUND = -32601;

		static final int INTERNAL_ERROR = -32603;

	}

}
