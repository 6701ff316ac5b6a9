package io.github.mcpwss.client;

/**
 * The steps of opening a connection, in their order.
 */
public enum ConnectStep {

	/**
	 * Customizers of the handshake's headers, such as one that gets a token.
	 */
	HANDSHAKE_HEADERS("Handshake headers"),

	/**
	 * Host name look-up and TCP connect, where there is no proxy.
	 */
	TCP_CONNECT("TCP connect"),

	/**
	 * Where there is a proxy, TCP connect to it and what it does to reach the server.
	 */
	PROXY_CONNECT("Proxy connect"),

	/**
	 * The TLS handshake.
	 *
	 * @see <a href="https://www.rfc-editor.org/rfc/rfc8446#section-2">RFC 8446, section
	 * 2</a>
	 */
	TLS_HANDSHAKE("TLS handshake"),

	/**
	 * The HTTP upgrade.
	 *
	 * @see <a href="https://www.rfc-editor.org/rfc/rfc6455#section-4">RFC 6455, section
	 * 4</a>
	 */
	WEBSOCKET_HANDSHAKE("WebSocket handshake"),

	/**
	 * The MCP session's {@code initialize}, done again after a reconnect.
	 */
	MCP_INITIALIZE("MCP initialize");

	private final String description;

	ConnectStep(String description) {
		this.description = description;
	}

	@Override
	public String toString() {
		return this.description;
	}

}
