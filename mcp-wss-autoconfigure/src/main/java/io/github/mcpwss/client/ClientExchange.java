package io.github.mcpwss.client;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

import io.github.mcpwss.jsonrpc.JsonRpcCodec;
import io.github.mcpwss.jsonrpc.JsonRpcException;
import io.github.mcpwss.jsonrpc.OutgoingRequests;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import io.modelcontextprotocol.spec.McpTransportException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/**
 * The JSON-RPC side of one socket: what goes out, who waits for what, and to whom goes
 * what comes in.
 */
final class ClientExchange {

	private static final Logger logger = LoggerFactory.getLogger(ClientExchange.class);

	private final ClientSettings settings;

	private final JsonRpcCodec codec;

	private final Scheduler scheduler;

	private final Consumer<JSONRPCMessage> handler;

	private final OutgoingRequests outgoingRequests = new OutgoingRequests();

	private final Map<Object, MonoSink<JSONRPCResponse>> ownRequests = new ConcurrentHashMap<>();

	ClientExchange(ClientSettings settings, JsonRpcCodec codec, Scheduler scheduler, Consumer<JSONRPCMessage> handler) {
		this.settings = settings;
		this.codec = codec;
		this.scheduler = scheduler;
		this.handler = handler;
	}

	/**
	 * Write a message.
	 * @param message the message
	 * @param output takes the message's bytes
	 * @return {@code false} if the socket ended meanwhile and the message was not sent
	 */
	boolean write(JSONRPCMessage message, Consumer<byte[]> output) {
		if (!(message instanceof JSONRPCRequest request)) {
			output.accept(encode(message));
			return true;
		}
		JSONRPCRequest sent = this.outgoingRequests.register(request);
		try {
			output.accept(encode(sent));
		}
		catch (RuntimeException ex) {
			this.outgoingRequests.forget(sent);
			throw ex;
		}
		return !this.outgoingRequests.isClosed() || !this.outgoingRequests.forget(sent);
	}

	private byte[] encode(JSONRPCMessage message) {
		byte[] text = this.codec.write(message);
		if (text.length > this.settings.maxMessageSize()) {
			throw new McpTransportException("Message of " + text.length + " bytes is over "
					+ this.settings.property("max-message-size") + " (" + this.settings.maxMessageSize() + " bytes)");
		}
		return text;
	}

	/**
	 * Take the response to a request of the transport's own from the SDK.
	 * @param id the request's id, which the SDK does not use
	 * @param sink takes the response
	 */
	void await(Object id, MonoSink<JSONRPCResponse> sink) {
		this.ownRequests.put(id, sink);
		sink.onDispose(() -> this.ownRequests.remove(id));
	}

	/**
	 * Return whether no request waits for its response.
	 * @return {@code true} if nobody waits
	 */
	boolean isIdle() {
		return this.outgoingRequests.size() == 0 && this.ownRequests.isEmpty();
	}

	void read(byte[] text) {
		JSONRPCMessage message;
		try {
			message = this.codec.read(text);
		}
		catch (JsonRpcException ex) {
			onInvalid(ex);
			return;
		}
		if (message instanceof JSONRPCResponse response) {
			onResponse(response);
			return;
		}
		deliver(message);
	}

	private void onInvalid(JsonRpcException failure) {
		logger.warn("Message of {} is not JSON-RPC: {}", this.settings.endpoint(), failure.getMessage());
		Object id = failure.getId();
		if (id != null && !failure.isAnswerable()) {
			// Whoever waits for this response would wait for ever.
			onResponse(JSONRPCResponse.error(id,
					new JSONRPCError(failure.getCode(), String.valueOf(failure.getMessage()))));
		}
	}

	private void onResponse(JSONRPCResponse response) {
		this.outgoingRequests.complete(response)
			.ifPresentOrElse(this::deliver, () -> logger.debug("Response of {} to no request of ours: id {}",
					this.settings.endpoint(), response.id()));
	}

	private void deliver(JSONRPCMessage message) {
		MonoSink<JSONRPCResponse> own = (message instanceof JSONRPCResponse response)
				? this.ownRequests.remove(response.id()) : null;
		try {
			if (own != null) {
				own.success((JSONRPCResponse) message);
			}
			else {
				this.handler.accept(message);
			}
		}
		catch (RuntimeException ex) {
			logger.warn("Message of {} could not be handled", this.settings.endpoint(), ex);
		}
	}

	/**
	 * Fail every request that waits for its response.
	 * @param reason what happened to the socket
	 */
	void end(String reason) {
		List<JSONRPCResponse> failed = this.outgoingRequests.failAll(reason);
		try {
			this.scheduler.schedule(() -> failed.forEach(this::deliver));
		}
		catch (RejectedExecutionException ex) {
			failed.forEach(this::deliver);
		}
	}

}
