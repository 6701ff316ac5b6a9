package io.github.mcpwss.server;

import java.util.concurrent.atomic.AtomicReference;

import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import org.jspecify.annotations.Nullable;

/**
 * How far a session is with {@code initialize}. Until then the SDK's session lets
 * requests wait for ever, so they are refused here. An {@code initialize} that failed may
 * be tried again.
 *
 * @see <a href=
 * "https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle">MCP,
 * lifecycle</a>
 */
final class Initialization {

	private enum Phase {

		NEW, INITIALIZING, INITIALIZED

	}

	private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.NEW);

	private volatile @Nullable Object requestId;

	/**
	 * Take note of a request.
	 * @param request the request
	 * @return why it must be refused or {@code null}
	 */
	@Nullable String refusal(JSONRPCRequest request) {
		Phase phase = this.phase.get();
		boolean initialize = McpSchema.METHOD_INITIALIZE.equals(request.method());
		if (phase == Phase.NEW) {
			if (initialize) {
				this.requestId = request.id();
				this.phase.set(Phase.INITIALIZING);
				return null;
			}
			return "Session is not initialized: 'initialize' must be the first request, not '" + request.method() + "'";
		}
		if (initialize) {
			return "Session is initialized already";
		}
		return (phase == Phase.INITIALIZING)
				? "Session is not initialized: '" + McpSchema.METHOD_NOTIFICATION_INITIALIZED + "' is still missing"
				: null;
	}

	/**
	 * Take note of a response of this server that is about to be sent.
	 * @param response the response
	 */
	void onResponse(JSONRPCResponse response) {
		if (response.error() != null && isRunning(response.id())) {
			this.phase.compareAndSet(Phase.INITIALIZING, Phase.NEW);
		}
	}

	/**
	 * Return whether a request is the {@code initialize} that runs, which clients must
	 * not cancel.
	 * @param id the request's id
	 * @return {@code true} if it is
	 */
	boolean isRunning(@Nullable Object id) {
		return this.phase.get() == Phase.INITIALIZING && id != null && id.equals(this.requestId);
	}

	/**
	 * Take note of a notification.
	 * @param method the notification's method
	 * @return {@code true} if the session can handle it
	 */
	boolean accepts(String method) {
		boolean initialized = McpSchema.METHOD_NOTIFICATION_INITIALIZED.equals(method);
		return initialized ? this.phase.compareAndSet(Phase.INITIALIZING, Phase.INITIALIZED) : isDone();
	}

	boolean isDone() {
		return this.phase.get() == Phase.INITIALIZED;
	}

}
