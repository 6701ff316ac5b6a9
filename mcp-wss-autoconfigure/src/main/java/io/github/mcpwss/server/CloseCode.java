package io.github.mcpwss.server;

/**
 * The status codes that the server closes a socket with.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1">RFC 6455, section
 * 7.4.1</a>
 */
public enum CloseCode {

	/**
	 * The session is over.
	 */
	NORMAL(1000),

	/**
	 * The server shuts down.
	 */
	GOING_AWAY(1001),

	/**
	 * The peer broke the WebSocket protocol.
	 */
	PROTOCOL_ERROR(1002),

	/**
	 * A binary message came, which MCP has no use for.
	 */
	UNSUPPORTED_DATA(1003),

	/**
	 * A text message is not UTF-8.
	 */
	INVALID_PAYLOAD(1007),

	/**
	 * The peer broke a limit of this server.
	 */
	POLICY_VIOLATION(1008),

	/**
	 * A message is over the size limit.
	 */
	MESSAGE_TOO_BIG(1009),

	/**
	 * The server failed.
	 */
	SERVER_ERROR(1011),

	/**
	 * The server holds as many sockets as it may.
	 */
	TRY_AGAIN_LATER(1013);

	private final int value;

	CloseCode(int value) {
		this.value = value;
	}

	/**
	 * Return the status code.
	 * @return the number that goes over the wire
	 */
	public int value() {
		return this.value;
	}

}
