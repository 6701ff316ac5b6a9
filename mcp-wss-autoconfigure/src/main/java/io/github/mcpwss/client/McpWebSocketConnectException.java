package io.github.mcpwss.client;

import io.modelcontextprotocol.spec.McpTransportException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a connection to the server could not be opened. The call that needed it was
 * not sent.
 */
public final class McpWebSocketConnectException extends McpTransportException {

	private static final long serialVersionUID = 1L;

	private final String endpoint;

	private final ConnectStep step;

	McpWebSocketConnectException(String endpoint, ConnectStep step, String message, @Nullable Throwable cause) {
		super("Could not connect to " + endpoint + ": " + message, cause);
		this.endpoint = endpoint;
		this.step = step;
	}

	/**
	 * Return the server's URL without user info and query.
	 * @return the URL
	 */
	public String getEndpoint() {
		return this.endpoint;
	}

	/**
	 * Return the step that failed.
	 * @return the step
	 */
	public ConnectStep getStep() {
		return this.step;
	}

}
