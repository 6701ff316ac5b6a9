package io.github.mcpwss.autoconfigure;

import java.util.function.Supplier;

import io.github.mcpwss.client.ClientSettings;
import io.github.mcpwss.client.McpWebSocketClientTransport;
import io.github.mcpwss.client.WebSocketClients;
import io.github.mcpwss.jsonrpc.JsonRpcCodec;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.web.reactive.socket.client.ReactorNettyWebSocketClient;

/**
 * Makes clients that share event loops, threads and the codec.
 *
 * @param clients makes what opens sockets
 * @param codec reads and writes messages
 * @param scheduler delivers messages
 */
record ClientFactory(WebSocketClients clients, JsonRpcCodec codec, Scheduler scheduler) {

	ReactorNettyWebSocketClient createClient(ClientSettings settings, Supplier<@Nullable SslBundle> sslBundle) {
		return this.clients.create(settings, sslBundle);
	}

	McpWebSocketClientTransport createTransport(ClientSettings settings, ReactorNettyWebSocketClient client) {
		return new McpWebSocketClientTransport(settings, client, this.codec, this.scheduler);
	}

}
