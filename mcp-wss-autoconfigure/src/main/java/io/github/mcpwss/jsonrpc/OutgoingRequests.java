package io.github.mcpwss.jsonrpc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;

/**
 * The requests that were sent over one socket and wait for their responses. Each goes out
 * under a numeric id, since some peers read no others, and its response comes back under
 * the id that the SDK gave it.
 * <p>
 * Instances are safe for use by several threads.
 */
public final class OutgoingRequests {

	/**
	 * The error code of a request whose socket ended before the response came: the one
	 * that other SDKs of MCP use.
	 */
	public static final int CONNECTION_CLOSED = -32000;

	private final AtomicLong counter = new AtomicLong();

	private final NavigableMap<Long, Object> ids = new ConcurrentSkipListMap<>();

	private volatile boolean closed;

	/**
	 * Note a request that is about to be sent.
	 * @param request the request of the SDK
	 * @return the request as it goes over the wire
	 */
	public JSONRPCRequest register(JSONRPCRequest request) {
		Long id = this.counter.incrementAndGet();
		this.ids.put(id, request.id());
		return new JSONRPCRequest(request.jsonrpc(), request.method(), id, request.params());
	}

	/**
	 * Forget a request that could not be sent.
	 * @param sent what {@link #register} returned
	 * @return {@code false} if the request had been answered or failed already
	 */
	public boolean forget(JSONRPCRequest sent) {
		return this.ids.remove(toKey(sent.id())) != null;
	}

	/**
	 * Match a response to its request.
	 * @param response the response from the wire
	 * @return the response for the SDK, or empty if nobody waits for it
	 */
	public Optional<JSONRPCResponse> complete(JSONRPCResponse response) {
		Object id = this.ids.remove(toKey(response.id()));
		return Optional.ofNullable(id)
			.map((original) -> new JSONRPCResponse(response.jsonrpc(), original, response.result(), response.error()));
	}

	/**
	 * Give up the request that waits longest if there are too many.
	 * @param max the number of requests that may wait
	 * @param reason why it is given up, for whoever waits
	 * @return the response for the SDK, or empty if there are not too many
	 */
	public Optional<JSONRPCResponse> failEldest(int max, String reason) {
		Map.Entry<Long, Object> eldest = (this.ids.size() > max) ? this.ids.pollFirstEntry() : null;
		return Optional.ofNullable(eldest)
			.map((entry) -> JSONRPCResponse.error(entry.getValue(), new JSONRPCError(CONNECTION_CLOSED, reason)));
	}

	/**
	 * Give an error response to every request that still waits. Requests registered from
	 * now on are the caller's to {@link #isClosed() check}.
	 * @param reason what happened to the socket, for whoever waits
	 * @return the responses for the SDK
	 */
	public List<JSONRPCResponse> failAll(String reason) {
		this.closed = true;
		JSONRPCError error = new JSONRPCError(CONNECTION_CLOSED, reason);
		List<JSONRPCResponse> responses = new ArrayList<>();
		this.ids.keySet().forEach((key) -> {
			Object id = this.ids.remove(key);
			if (id != null) {
				responses.add(JSONRPCResponse.error(id, error));
			}
		});
		return responses;
	}

	/**
	 * Return whether {@link #failAll} was called: a request that was registered at that
	 * moment may have been missed by it.
	 * @return {@code true} if nothing can be answered any more
	 */
	public boolean isClosed() {
		return this.closed;
	}

	/**
	 * Return the number of requests that wait for a response.
	 * @return the number of requests
	 */
	public int size() {
		return this.ids.size();
	}

	private static Long toKey(Object id) {
		if (id instanceof Number number) {
			return number.longValue();
		}
		// Some peers give a number back as a string.
		try {
			return Long.valueOf(id.toString());
		}
		catch (NumberFormatException ex) {
			return -1L;
		}
	}

}
