package io.github.mcpwss.client;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import org.jspecify.annotations.Nullable;

/**
 * The server's requests that the SDK works on. Each gets an id of its own here, since a
 * server may use an id again on the next socket, and a response must go back over the
 * socket that its request came from.
 */
final class IncomingRequests {

	private final AtomicLong counter = new AtomicLong();

	private final Map<Object, Incoming> requests = new ConcurrentHashMap<>();

	JSONRPCRequest register(ClientConnection connection, JSONRPCRequest request) {
		Long id = this.counter.incrementAndGet();
		this.requests.put(id, new Incoming(connection, request.id()));
		return new JSONRPCRequest(request.jsonrpc(), request.method(), id, request.params());
	}

	/**
	 * Find out where a response belongs.
	 * @param response the response of the SDK
	 * @return the socket, and the response as that socket's peer expects it, or
	 * {@code null} if that socket is gone
	 */
	@Nullable Outgoing complete(JSONRPCResponse response) {
		Incoming incoming = this.requests.remove(response.id());
		return (incoming != null)
				? new Outgoing(incoming.connection(),
						new JSONRPCResponse(response.jsonrpc(), incoming.id(), response.result(), response.error()))
				: null;
	}

	boolean isAnyOf(ClientConnection connection) {
		return this.requests.values().stream().anyMatch((incoming) -> incoming.connection() == connection);
	}

	void forget(ClientConnection connection) {
		this.requests.values().removeIf((incoming) -> incoming.connection() == connection);
	}

	private record Incoming(ClientConnection connection, Object id) {

	}

	record Outgoing(ClientConnection connection, JSONRPCResponse response) {

	}

}
