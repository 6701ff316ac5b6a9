package io.github.mcpwss.benchmarks.load;

/**
 * What a client says.
 */
final class McpMessages {

	static final String PROTOCOL_VERSION = "2025-06-18";

	/**
	 * The id of the first call of a session, from which the others count on.
	 */
	static final int FIRST_ID = 10;

	private McpMessages() {
	}

	static String initialize() {
		return """
				{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"%s",\
				"capabilities":{},"clientInfo":{"name":"load","version":"1.0.0"}}}""".formatted(PROTOCOL_VERSION);
	}

	static String initialized() {
		return """
				{"jsonrpc":"2.0","method":"notifications/initialized"}""";
	}

	static String call(int slot, int bytes) {
		String text = "0123456789abcdef".repeat((bytes + 15) / 16).substring(0, bytes);
		return """
				{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"echo","arguments":{"text":"%s"}}}"""
			.formatted(FIRST_ID + slot, text);
	}

}
