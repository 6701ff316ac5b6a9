package io.github.mcpwss.jsonrpc;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a text message is not one valid JSON-RPC 2.0 message.
 *
 * @see <a href="https://www.jsonrpc.org/specification#error_object">JSON-RPC 2.0, error
 * object</a>
 */
public final class JsonRpcException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final int code;

	private final transient @Nullable Object id;

	private final boolean answerable;

	JsonRpcException(int code, @Nullable Object id, boolean answerable, String message, @Nullable Throwable cause) {
		super(message, cause);
		this.code = code;
		this.id = id;
		this.answerable = answerable;
	}

	/**
	 * Return the error code that JSON-RPC gives to the failure.
	 * @return {@code -32700} (parse error) or {@code -32600} (invalid request)
	 */
	public int getCode() {
		return this.code;
	}

	/**
	 * Return the id of the request as far as it could be read.
	 * @return the id or {@code null}, which JSON-RPC asks for where there is none
	 */
	public @Nullable Object getId() {
		return this.id;
	}

	/**
	 * Return whether the peer is owed an error response: an invalid response is never
	 * answered, since two peers could do so for ever.
	 * @return {@code true} if an error response must be sent
	 */
	public boolean isAnswerable() {
		return this.answerable;
	}

}
