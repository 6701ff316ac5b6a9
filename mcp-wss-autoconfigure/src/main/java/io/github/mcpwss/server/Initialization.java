package io.github.mcpwss.server;

import io.modelcontextprotocol.spec.McpSchema;
import org.jspecify.annotations.Nullable;

/**
 * How far a session is with {@code initialize}. Until then the SDK's session lets
 * requests wait for ever, so they are refused here.
 *
 * @see <a href=
 * "https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle">MCP,
 * lifecycle</a>
 */
final class Initialization {

	private enum Phase {

		NEW, INITIALIZING, INITIALIZED

	}

	private volatile Phase phase = Phase.NEW;

	/**
	 * Take note of a request.
	 * @param method the request's method
	 * @return why it must be refused or {@code null}
	 */
	@Nullable String refusal(String method) {
		boolean initialize = McpSchema.METHOD_INITIALIZE.equals(method);
		if (this.phase == Phase.NEW) {
			if (initialize) {
				this.phase = Phase.INITIALIZING;
				return null;
			}
			return "Session is not initialized: 'initialize' must be the first request, not '" + method + "'";
		}
		if (initialize) {
			return "Session is initialized already";
		}
		return (this.phase == Phase.INITIALIZING)
				? "Session is not initialized: '" + McpSchema.METHOD_NOTIFICATION_INITIALIZED + "' is still missing"
				: null;
	}

	/**
	 * Take note of a notification.
	 * @param method the notification's method
	 * @return {@code true} if the session can handle it
	 */
	boolean accepts(String method) {
		if (McpSchema.METHOD_NOTIFICATION_INITIALIZED.equals(method) && this.phase == Phase.INITIALIZING) {
			this.phase = Phase.INITIALIZED;
			return true;
		}
		return this.phase == Phase.INITIALIZED && !McpSchema.METHOD_NOTIFICATION_INITIALIZED.equals(method);
	}

	boolean isDone() {
		return this.phase == Phase.INITIALIZED;
	}

}
