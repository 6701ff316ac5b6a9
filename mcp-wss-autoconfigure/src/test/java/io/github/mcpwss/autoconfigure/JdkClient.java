package io.github.mcpwss.autoconfigure;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.springframework.context.ConfigurableApplicationContext;

/**
 * A client of the JDK's, which knows nothing of MCP.
 *
 * @param socket the socket
 * @param messages what came and has not been asked for
 * @param closed the status code at the end
 */
record JdkClient(WebSocket socket, BlockingQueue<String> messages, CompletableFuture<Integer> closed) {

	static JdkClient connect(ConfigurableApplicationContext server) throws Exception {
		BlockingQueue<String> messages = new LinkedBlockingQueue<>();
		CompletableFuture<Integer> closed = new CompletableFuture<>();
		WebSocket socket = HttpClient.newHttpClient()
			.newWebSocketBuilder()
			.buildAsync(URI.create("ws://localhost:" + Applications.endpointPort(server) + "/mcp"),
					new WebSocket.Listener() {

						private final StringBuilder message = new StringBuilder();

						@Override
						public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
							this.message.append(data);
							if (last) {
								messages.add(this.message.toString());
								this.message.setLength(0);
							}
							return WebSocket.Listener.super.onText(webSocket, data, last);
						}

						@Override
						public CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
							closed.complete(code);
							return WebSocket.Listener.super.onClose(webSocket, code, reason);
						}

						@Override
						public void onError(WebSocket webSocket, Throwable error) {
							closed.completeExceptionally(error);
						}

					})
			.get(10, TimeUnit.SECONDS);
		return new JdkClient(socket, messages, closed);
	}

	void initialize() throws Exception {
		send("{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-06-18\","
				+ "\"capabilities\":{},\"clientInfo\":{\"name\":\"jdk\",\"version\":\"1\"}}}");
		next();
		send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
	}

	String ping() throws Exception {
		send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}");
		return next();
	}

	void call(int id, String tool) throws Exception {
		send("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool
				+ "\",\"arguments\":{}}}");
	}

	private void send(String message) throws Exception {
		this.socket.sendText(message, true).get(10, TimeUnit.SECONDS);
	}

	/**
	 * Return the next message.
	 * @return the message or {@code null} if none comes in time
	 */
	String next() throws Exception {
		return this.messages.poll(10, TimeUnit.SECONDS);
	}

	int closeCode() throws Exception {
		return this.closed.get(10, TimeUnit.SECONDS);
	}

}
