package io.github.mcpwss.client;

import java.util.List;
import java.util.function.BiConsumer;

import io.github.mcpwss.jsonrpc.JsonRpcCodec;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import reactor.core.scheduler.Scheduler;

import org.springframework.web.reactive.socket.client.WebSocketClient;

/**
 * What it takes to open a socket to the server.
 *
 * @param settings where to connect to
 * @param client opens the sockets
 * @param codec reads and writes messages
 * @param scheduler delivers messages
 * @param customizers change the headers of each handshake
 */
record ClientConnector(ClientSettings settings, WebSocketClient client, JsonRpcCodec codec, Scheduler scheduler,
		List<McpWebSocketHeadersCustomizer> customizers) {

	/**
	 * Make a connection, which is not started yet.
	 * @param handler takes the server's messages
	 * @return the connection
	 */
	ClientConnection create(BiConsumer<ClientConnection, JSONRPCMessage> handler) {
		return new ClientConnection(this.settings, this.codec, this.scheduler, handler);
	}

	void start(ClientConnection connection) {
		connection.start(this.client, this.customizers);
	}

}
