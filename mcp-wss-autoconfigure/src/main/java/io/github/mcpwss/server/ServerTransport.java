package io.github.mcpwss.server;

import java.util.function.Consumer;

import io.github.mcpwss.jsonrpc.JsonRpcCodec;
import io.github.mcpwss.jsonrpc.OutgoingRequests;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpServerTransport;
import io.modelcontextprotocol.spec.McpTransportException;
import io.modelcontextprotocol.spec.McpTransportSessionClosedException;
import reactor.core.publisher.Mono;

/**
 * The way from the SDK's session to the socket.
 */
final class ServerTransport implements McpServerTransport {

	private final JsonRpcCodec codec;

	private final ServerSettings settings;

	private final OutboundQueue queue;

	private final Initialization initialization;

	private final OutgoingRequests outgoingRequests;

	private final RunningRequests runningRequests;

	private final Consumer<JSONRPCResponse> overdue;

	private final Runnable onClose;

	ServerTransport(JsonRpcCodec codec, ServerSettings settings, OutboundQueue queue, Initialization initialization,
			OutgoingRequests outgoingRequests, RunningRequests runningRequests, Consumer<JSONRPCResponse> overdue,
			Runnable onClose) {
		this.codec = codec;
		this.settings = settings;
		this.queue = queue;
		this.initialization = initialization;
		this.outgoingRequests = outgoingRequests;
		this.runningRequests = runningRequests;
		this.overdue = overdue;
		this.onClose = onClose;
	}

	@Override
	public Mono<Void> sendMessage(JSONRPCMessage message) {
		return Mono.defer(() -> (message instanceof JSONRPCRequest request) ? sendRequest(request) : write(message));
	}

	private Mono<Void> sendRequest(JSONRPCRequest request) {
		JSONRPCRequest sent = this.outgoingRequests.register(request);
		this.outgoingRequests
			.failEldest(this.settings.maxInFlightRequests(),
					"The client has left over " + this.settings.maxInFlightRequests()
							+ " requests of this server without a response")
			.ifPresent(this.overdue);
		if (this.outgoingRequests.isClosed() && this.outgoingRequests.forget(sent)) {
			return Mono.error(new McpTransportSessionClosedException());
		}
		return write(sent).doOnError((ex) -> this.outgoingRequests.forget(sent));
	}

	private Mono<Void> write(JSONRPCMessage message) {
		byte[] bytes = this.codec.write(message);
		if (bytes.length > this.settings.maxMessageSize()) {
			return Mono.error(new McpTransportException("Message of " + bytes.length
					+ " bytes is over max-message-size (" + this.settings.maxMessageSize() + ")"));
		}
		if (message instanceof JSONRPCResponse response) {
			if (!this.runningRequests.finish(response.id())) {
				// Cancelled: the client does not want the response any more.
				return Mono.empty();
			}
			this.initialization.onResponse(response);
			// Nothing is left to do for the request once its response is on its way.
			this.queue.offer(bytes);
			return Mono.empty();
		}
		return this.queue.send(bytes);
	}

	@Override
	public <T> T unmarshalFrom(Object data, TypeRef<T> typeRef) {
		return this.codec.convert(data, typeRef);
	}

	@Override
	public Mono<Void> closeGracefully() {
		return Mono.fromRunnable(this.onClose);
	}

}
