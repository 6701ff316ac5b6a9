package io.github.mcpwss.autoconfigure;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.github.mcpwss.client.ClientSettings;
import io.github.mcpwss.client.ReconnectSettings;
import io.github.mcpwss.testing.Hosting;
import io.github.mcpwss.testing.RawMcpClient;
import io.github.mcpwss.testing.ScriptedServer;
import io.github.mcpwss.testing.TcpProxy;
import io.github.mcpwss.testing.TestServer;
import io.github.mcpwss.testing.TestTls;
import io.github.mcpwss.testing.TestTools;
import io.github.mcpwss.testing.WssClient;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import org.awaitility.Awaitility;

import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Calls that fail, for {@link ErrorPageTests}.
 */
final class CallErrors {

	private static final String AWAY = "no connection since …, at last: …; ";

	Map<String, Callable<String>> all() {
		Map<String, Callable<String>> errors = new LinkedHashMap<>();
		errors.put("Connection to … was lost: …; the outcome of this call is unknown", CallErrors::lost);
		errors.put("Message of … bytes is over …max-message-size", CallErrors::tooBig);
		errors.put("Connection to the client is gone: …", CallErrors::clientGone);
		errors.put(AWAY + "the next attempt is at …; this call was not sent", () -> away(5, Duration.ofHours(10)));
		errors.put(AWAY + "…max-reconnect-attempts are used up …", () -> away(1, Duration.ofMillis(20)));
		errors.put("no connection since …; it is not opened again, since …max-reconnect-attempts is 0 …",
				() -> away(0, Duration.ofMillis(20)));
		return errors;
	}

	private static String lost() {
		TestTls tls = new TestTls();
		try (ScriptedServer server = ScriptedServer.overTls(tls, (peer) -> {
			peer.upgrade("Sec-WebSocket-Protocol: mcp\r\n");
			peer.initialize();
			peer.readText();
		}); WssClient clients = new WssClient(tls); McpSyncClient client = client(clients, server.uri(), 100_000)) {
			return call(client, "x");
		}
	}

	private static String tooBig() {
		try (TestServer server = Hosting.LISTENER.start();
				WssClient clients = new WssClient(server.tls());
				McpSyncClient client = client(server, clients, server.uri(), 1000)) {
			return call(client, "x".repeat(2000));
		}
	}

	private static String clientGone() throws InterruptedException {
		BlockingQueue<String> ended = new LinkedBlockingQueue<>();
		try (TestServer server = Hosting.LISTENER.start()) {
			McpServer.async(server.provider())
				.serverInfo("test", "1")
				.tools(TestTools.async("ask",
						(exchange, text) -> exchange.createMessage(TestTools.question())
							.map((answer) -> answer.model())
							.doOnError((ex) -> ended.add(String.valueOf(ex.getMessage())))))
				.build();
			try (RawMcpClient client = RawMcpClient.initialized(server)) {
				client.call("1", "ask");
				client.request("sampling/createMessage");
				client.socket().sendClose(4000);
				return String.valueOf(ended.poll(10, TimeUnit.SECONDS));
			}
		}
	}

	private static String away(int maxAttempts, Duration delay) {
		try (TestServer server = Hosting.LISTENER.start();
				TcpProxy proxy = new TcpProxy(server.port());
				WssClient clients = new WssClient(server.tls());
				McpSyncClient client = client(server, clients, URI.create("wss://localhost:" + proxy.port() + "/mcp"),
						100_000, new ReconnectSettings(maxAttempts, delay, Duration.ZERO))) {
			proxy.refuse(true);
			proxy.cut();
			return Awaitility.await()
				.until(() -> call(client, "x"), (message) -> message.contains("no connection since")
						&& (maxAttempts != 1 || message.contains("used up")));
		}
	}

	private static McpSyncClient client(TestServer server, WssClient clients, URI uri, int maxMessageSize) {
		return client(server, clients, uri, maxMessageSize,
				new ReconnectSettings(5, Duration.ofSeconds(5), Duration.ZERO));
	}

	private static McpSyncClient client(TestServer server, WssClient clients, URI uri, int maxMessageSize,
			ReconnectSettings reconnect) {
		McpServer.sync(server.provider()).serverInfo("test", "1").tools(TestTools.echo()).build();
		return client(clients, uri, maxMessageSize, reconnect);
	}

	private static McpSyncClient client(WssClient clients, URI uri, int maxMessageSize) {
		return client(clients, uri, maxMessageSize, new ReconnectSettings(5, Duration.ofSeconds(5), Duration.ZERO));
	}

	private static McpSyncClient client(WssClient clients, URI uri, int maxMessageSize, ReconnectSettings reconnect) {
		McpSyncClient client = McpClient
			.sync(clients.transport(new ClientSettings(uri, Duration.ofSeconds(10), maxMessageSize,
					Duration.ofSeconds(30), new HttpHeaders())
				.withReconnect(reconnect)))
			.build();
		client.initialize();
		return client;
	}

	private static String call(McpSyncClient client, String text) {
		Throwable failure = catchThrowable(
				() -> client.callTool(CallToolRequest.builder("echo").arguments(Map.of("text", text)).build()));
		return (failure != null) ? String.valueOf(failure.getMessage()) : "";
	}

}
