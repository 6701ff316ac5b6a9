package io.github.mcpwss.client;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

import io.github.mcpwss.tls.TlsFailure;
import io.modelcontextprotocol.spec.McpTransportException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a connection to the server could not be opened. The call that needed it was
 * not sent.
 */
public final class McpWebSocketConnectException extends McpTransportException {

	private static final long serialVersionUID = 1L;

	/**
	 * Request Timeout, Too Early, Too Many Requests.
	 */
	private static final Set<Integer> TEMPORARY_CLIENT_ERRORS = Set.of(408, 425, 429);

	private final String endpoint;

	private final @Nullable String connection;

	private final ConnectStep step;

	private final String reason;

	private final int status;

	private final @Nullable Duration retryAfter;

	private final @Nullable Instant nextAttempt;

	private final TlsFailure.@Nullable Reason tlsFailure;

	McpWebSocketConnectException(ClientSettings settings, ConnectStep step, String reason, @Nullable Throwable cause) {
		this(settings.endpoint(), settings.name(), step, reason, -1, null, null, null, cause);
	}

	private McpWebSocketConnectException(String endpoint, @Nullable String connection, ConnectStep step, String reason,
			int status, @Nullable Duration retryAfter, @Nullable Instant nextAttempt,
			TlsFailure.@Nullable Reason tlsFailure, @Nullable Throwable cause) {
		super("Could not connect to " + endpoint + ((connection != null) ? " (connection '" + connection + "')" : "")
				+ ": " + reason, cause);
		this.endpoint = endpoint;
		this.connection = connection;
		this.step = step;
		this.reason = reason;
		this.status = status;
		this.retryAfter = retryAfter;
		this.nextAttempt = nextAttempt;
		this.tlsFailure = tlsFailure;
	}

	static McpWebSocketConnectException ofAnswer(ClientSettings settings, ConnectStep step, String reason, int status,
			@Nullable Duration retryAfter, Throwable cause) {
		return new McpWebSocketConnectException(settings.endpoint(), settings.name(), step, reason, status, retryAfter,
				null, null, cause);
	}

	static McpWebSocketConnectException ofTls(ClientSettings settings, TlsFailure failure, Throwable cause) {
		return new McpWebSocketConnectException(settings.endpoint(), settings.name(), ConnectStep.TLS_HANDSHAKE,
				failure.message(), -1, null, null, failure.reason(), cause);
	}

	McpWebSocketConnectException withNextAttempt(Instant nextAttempt) {
		return new McpWebSocketConnectException(this.endpoint, this.connection, this.step, this.reason, this.status,
				this.retryAfter, nextAttempt, this.tlsFailure, getCause());
	}

	/**
	 * Return the server's URL without user info and query.
	 * @return the URL
	 */
	public String getEndpoint() {
		return this.endpoint;
	}

	/**
	 * Return the name of the connection.
	 * @return the name, or empty for the connection without one
	 */
	public Optional<String> getConnection() {
		return Optional.ofNullable(this.connection);
	}

	/**
	 * Return the step that failed.
	 * @return the step
	 */
	public ConnectStep getStep() {
		return this.step;
	}

	/**
	 * Return the status that the server answered instead of the WebSocket handshake, or
	 * that the proxy answered instead of connecting to the server.
	 * @return the HTTP status, or empty if none was answered
	 */
	public OptionalInt getStatus() {
		return (this.status >= 0) ? OptionalInt.of(this.status) : OptionalInt.empty();
	}

	/**
	 * Return the time after which the server, or the proxy, wants to be asked again.
	 * @return the value of {@code Retry-After}, or empty if it said none
	 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3">RFC 9110,
	 * section 10.2.3</a>
	 */
	public Optional<Duration> getRetryAfter() {
		return Optional.ofNullable(this.retryAfter);
	}

	/**
	 * Return why TLS with the server failed.
	 * @return the kind of failure, or empty if TLS had no part in it
	 */
	public Optional<TlsFailure.Reason> getTlsFailure() {
		return (this.tlsFailure == null && getCause() instanceof McpWebSocketConnectException attempt)
				? attempt.getTlsFailure() : Optional.ofNullable(this.tlsFailure);
	}

	/**
	 * Return when the server is tried again, for a call that failed without an attempt.
	 * @return the time, or empty if this is the failure of an attempt or there will be no
	 * other
	 */
	public Optional<Instant> getNextAttempt() {
		return Optional.ofNullable(this.nextAttempt);
	}

	String getReason() {
		return this.reason;
	}

	/**
	 * Return whether it may pass by itself.
	 * @return {@code false} for an answer that the same handshake gets again
	 */
	boolean isTemporary() {
		return this.status < 0 || this.status >= 500 || TEMPORARY_CLIENT_ERRORS.contains(this.status);
	}

}
