package io.github.mcpwss.testing;

import java.time.Duration;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Speaks MCP, or what a test takes for it, over a {@link RawWebSocket}.
 */
public final class RawMcpClient implements AutoCloseable {

	private static final JsonMapper JSON = JsonMapper.shared();

	private static final Duration DEADLINE = Duration.ofSeconds(10);

	private final RawWebSocket socket;

	public RawMcpClient(RawWebSocket socket) {
		this.socket = socket;
	}

	/**
	 * Connect, without {@code initialize}.
	 * @param server the server
	 * @return the client
	 */
	public static RawMcpClient connect(TestServer server) {
		return new RawMcpClient(RawWebSocket.open(server));
	}

	/**
	 * Connect and initialize.
	 * @param server the server
	 * @return the client
	 */
	public static RawMcpClient initialized(TestServer server) {
		return connect(server).initialize();
	}

	public RawWebSocket socket() {
		return this.socket;
	}

	public RawMcpClient initialize() {
		sendInitialize("\"init\"");
		JsonNode response = response("init");
		if (!response.has("result")) {
			throw new AssertionError("initialize failed: " + response);
		}
		notification("notifications/initialized");
		return this;
	}

	/**
	 * Wait until the server has handled all that was sent so far.
	 * @return this
	 */
	public RawMcpClient sync() {
		ping("sync");
		response("sync");
		return this;
	}

	public void sendInitialize(String id) {
		send("""
				{"jsonrpc":"2.0","id":%s,"method":"initialize","params":{"protocolVersion":"2025-06-18",\
				"capabilities":{"sampling":{}},"clientInfo":{"name":"raw","version":"1"}}}""".formatted(id));
	}

	public void send(String json) {
		this.socket.sendText(json);
	}

	public void notification(String method) {
		send("{\"jsonrpc\":\"2.0\",\"method\":\"%s\"}".formatted(method));
	}

	public void ping(String id) {
		send("{\"jsonrpc\":\"2.0\",\"id\":\"%s\",\"method\":\"ping\"}".formatted(id));
	}

	public void call(String id, String tool) {
		call(id, tool, "");
	}

	public void call(String id, String tool, String text) {
		send(toolCall(id, tool, text));
	}

	/**
	 * Make a tool call.
	 * @param id the request's id
	 * @param tool the tool's name
	 * @param text its argument {@code text}, which needs no escapes
	 * @return the request
	 */
	public static String toolCall(String id, String tool, String text) {
		return """
				{"jsonrpc":"2.0","id":"%s","method":"tools/call","params":{"name":"%s","arguments":{"text":"%s"}}}"""
			.formatted(id, tool, text);
	}

	public void cancel(String id) {
		send("""
				{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"%s"}}""".formatted(id));
	}

	/**
	 * Read the next message.
	 * @return the message
	 */
	public JsonNode next() {
		return JSON.readTree(this.socket.readText());
	}

	/**
	 * Skip messages up to the response to a request.
	 * @param id the request's id
	 * @return the response
	 */
	public JsonNode response(String id) {
		long deadline = System.nanoTime() + DEADLINE.toNanos();
		while (true) {
			JsonNode message = JSON.readTree(this.socket.readText(Duration.ofNanos(deadline - System.nanoTime())));
			if (!message.has("method") && id.equals(message.path("id").asString(null))) {
				return message;
			}
		}
	}

	/**
	 * Read up to a request of the server's.
	 * @param method the request's method
	 * @return the request
	 */
	public JsonNode request(String method) {
		while (true) {
			JsonNode message = next();
			if (message.has("id") && method.equals(message.path("method").asString(null))) {
				return message;
			}
		}
	}

	/**
	 * Return what a tool gave back.
	 * @param response the response to a tool call
	 * @return the text
	 */
	public static String text(JsonNode response) {
		return response.at("/result/content/0/text").asString("no text in " + response);
	}

	@Override
	public void close() {
		this.socket.close();
	}

}
