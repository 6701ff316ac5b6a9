package io.github.mcpwss.autoconfigure;

import java.util.List;

import io.github.mcpwss.client.ClientSettings;
import io.github.mcpwss.client.McpWebSocketClientTransport;
import io.github.mcpwss.client.McpWebSocketHeadersCustomizer;
import io.github.mcpwss.client.WebSocketClients;
import io.github.mcpwss.jsonrpc.JsonRpcCodec;
import reactor.core.scheduler.Scheduler;

import org.springframework.boot.ssl.SslBundle;
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
		SslBundle current = sslBundle.get();
		if (current != null) {
			TlsEngine.requireKnownCiphers(current);
		}
		return this.clients.create(settings, sslBundle, sslBundle.handshake());
	}

	/**
	 * Find what is wrong with a client: one of the application's own may open sockets in
	 * a way that nobody can look into.
	 * @param client the client
	 * @param sslBundle says whom to trust
	 * @return the violations
	 */
	List<SecurityViolation> violations(ReactorNettyWebSocketClient client, ClientSslBundle sslBundle) {
		return this.clients.canVerify(client, sslBundle) ? List.of() : List.of(new SecurityViolation(
				"the bean of the type " + client.getClass().getName(),
				"it opens sockets in a way of its own (it overrides execute), and nobody but it knows whom it trusts",
				"override getHttpClient() instead, or remove the bean"));
	}

	/**
	 * Make a transport whose sockets lead to servers that the SSL bundle trusts, whoever
	 * opens them.
	 * @param settings where to connect to
	 * @param client opens the sockets
	 * @param sslBundle says whom to trust
	 * @return the transport
	 */
	McpWebSocketClientTransport createTransport(ClientSettings settings, ReactorNettyWebSocketClient client,
			ClientSslBundle sslBundle) {
		ReactorNettyWebSocketClient verifying = this.clients.canVerify(client, sslBundle)
				? this.clients.verifying(client, settings, sslBundle) : client;
		return new McpWebSocketClientTransport(settings, verifying, this.codec, this.scheduler, this.customizers);
	}

}
