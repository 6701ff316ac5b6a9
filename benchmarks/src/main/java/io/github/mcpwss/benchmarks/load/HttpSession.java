package io.github.mcpwss.benchmarks.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * A session of Streamable HTTP, which all connections of a client share.
 *
 * @param id what the server calls it
 * @param port the server's port
 */
record HttpSession(String id, int port) {

	private static final String ACCEPT = "application/json, text/event-stream";

	/**
	 * Initialize a session.
	 * @param client the client to use
	 * @param port the server's port
	 * @return the session
	 * @throws IOException if the server does not answer
	 * @throws InterruptedException if interrupted meanwhile
	 */
	static HttpSession open(HttpClient client, int port) throws IOException, InterruptedException {
		HttpResponse<String> response = client.send(post(port, McpMessages.initialize()).build(),
				HttpResponse.BodyHandlers.ofString());
		String id = response.headers()
			.firstValue("Mcp-Session-Id")
			.orElseThrow(() -> new IOException("No session: " + response.statusCode() + " " + response.body()));
		client.send(post(port, McpMessages.initialized()).header("Mcp-Session-Id", id)
			.header("MCP-Protocol-Version", McpMessages.PROTOCOL_VERSION)
			.build(), HttpResponse.BodyHandlers.discarding());
		return new HttpSession(id, port);
	}

	private static HttpRequest.Builder post(int port, String message) {
		return HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/mcp"))
			.header("Content-Type", "application/json")
			.header("Accept", ACCEPT)
			.POST(HttpRequest.BodyPublishers.ofString(message));
	}

	ByteBuf call(int slot, int bytes) {
		String message = McpMessages.call(slot, bytes);
		String headers = """
				POST /mcp HTTP/1.1
				Host: localhost:%d
				Content-Type: application/json
				Accept: %s
				Mcp-Session-Id: %s
				MCP-Protocol-Version: %s
				Content-Length: %d

				""".formatted(this.port, ACCEPT, this.id, McpMessages.PROTOCOL_VERSION, message.length());
		return Unpooled.copiedBuffer(headers.replace("\n", "\r\n").concat(message), StandardCharsets.US_ASCII);
	}
}
