package io.github.mcpwss.client;

import java.net.URI;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;

/**
 * A WebSocket handshake that is about to be made.
 *
 * @param connection the name of the connection, {@code null} for the one without a name
 * @param uri the server's URL
 * @param headers the headers to send, which can be changed
 */
public record ClientHandshake(@Nullable String connection, URI uri, HttpHeaders headers) {

	/**
	 * Return a description without headers and query, which may hold credentials.
	 */
	@Override
	public String toString() {
		return "ClientHandshake[connection=" + this.connection + ", host=" + this.uri.getHost() + "]";
	}

}
