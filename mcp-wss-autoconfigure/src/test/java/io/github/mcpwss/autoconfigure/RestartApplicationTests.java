package io.github.mcpwss.autoconfigure;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications that are stopped and started again.
 */
class RestartApplicationTests {

	private final Applications applications = new Applications();

	@AfterEach
	void close() {
		this.applications.close();
	}

	@ParameterizedTest
	@EnumSource(WebApplicationType.class)
	void serverThatIsStoppedAndStartedServesAgain(WebApplicationType type) throws Exception {
		ConfigurableApplicationContext server = this.applications.offloadedServer(type);
		for (int round = 0; round < 2; round++) {
			Client client = Client.connect(server);
			assertThat(client.ping()).contains("\"result\"");
			server.stop();
			assertThat(client.closed().get(10, TimeUnit.SECONDS)).isEqualTo(1001);
			server.start();
		}
		assertThat(Client.connect(server).ping()).contains("\"result\"");
	}

	/**
	 * A client of the JDK's, which knows nothing of MCP.
	 *
	 * @param socket the socket
	 * @param text what comes
	 * @param closed the status code at the end
	 */
	private record Client(WebSocket socket, CompletableFuture<String> text, CompletableFuture<Integer> closed) {

		static Client connect(ConfigurableApplicationContext server) throws Exception {
			CompletableFuture<String> text = new CompletableFuture<>();
			CompletableFuture<Integer> closed = new CompletableFuture<>();
			WebSocket socket = HttpClient.newHttpClient()
				.newWebSocketBuilder()
				.buildAsync(URI.create("ws://localhost:" + Applications.endpointPort(server) + "/mcp"),
						new WebSocket.Listener() {

							@Override
							public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
								text.complete(data.toString());
								return WebSocket.Listener.super.onText(webSocket, data, last);
							}

							@Override
							public CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
								closed.complete(code);
								return WebSocket.Listener.super.onClose(webSocket, code, reason);
							}

						})
				.get(10, TimeUnit.SECONDS);
			return new Client(socket, text, closed);
		}

		String ping() throws Exception {
			this.socket.sendText("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}", true);
			return this.text.get(10, TimeUnit.SECONDS);
		}

	}

}
