package io.github.mcpwss.autoconfigure;

import java.util.List;

import io.github.mcpwss.client.ClientSettings;
import io.github.mcpwss.client.McpWebSocketClientTransport;
import io.github.mcpwss.client.McpWebSocketHeadersCustomizer;
import io.github.mcpwss.client.WebSocketClients;
import io.github.mcpwss.jsonrpc.JsonRpcCodec;
import reactor.core.scheduler.Scheduler;

import org.springframework.web.reactive.socket.client.ReactorNettyWebSocketClient;

/**
 * Makes clients that share event loops, threads and the codec.
 *
 * @param clients makes what opens sockets
 * @param codec reads and writes messages
 * @param scheduler delivers messages
 * @param customizers change the headers of handshakes
 */
record ClientFactory(WebSocketClients clients, JsonRpcCodec codec, Scheduler scheduler,
		List<McpWebSocketHeadersCustomizer> customizers) {

	ReactorNettyWebSocketClient createClient(ClientSettings settings, ClientSslBundle sslBundle) {
		return this.clients.create(settings, sslBundle, sslBundle.handshake());
	}

	McpWebSocketClientTransport createTransport(ClientSettings settings, ReactorNettyWebSocketClient client) {
		return new McpWebSocketClientTransport(settings, client, this.codec, this.scheduler, this.customizers);
	}

}
