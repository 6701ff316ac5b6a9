package io.github.mcpwss.client;

import java.net.URI;
import java.time.Duration;

import org.springframework.http.HttpHeaders;

/**
 * Where a client connects to, and its limits.
 *
 * @param uri the server's {@code wss} or {@code ws} URL
 * @param timeout the time within which a connection must be open: TCP connect, TLS and
 * WebSocket handshake together
 * @param maxMessageSize the size of a message in bytes of UTF-8, either direction
 * @param heartbeatInterval the time between two pings, which is also how long a pong may
 * take; zero turns the heartbeat off
 * @param headers the headers sent with the handshake
 */
public record ClientSettings(URI uri, Duration timeout, int maxMessageSize, Duration heartbeatInterval,
		HttpHeaders headers) {

	/**
	 * Return the server's URL without user info and query, which may hold credentials.
	 * @return the URL for logs and errors
	 */
	public String endpoint() {
		return this.uri.getScheme() + "://" + this.uri.getHost()
				+ ((this.uri.getPort() >= 0) ? ":" + this.uri.getPort() : "")
				+ ((this.uri.getRawPath() != null) ? this.uri.getRawPath() : "");
	}

	/**
	 * Return a description without the headers, which may hold credentials.
	 */
	@Override
	public String toString() {
		return "ClientSettings[endpoint=" + endpoint() + ", timeout=" + this.timeout + ", maxMessageSize="
				+ this.maxMessageSize + ", heartbeatInterval=" + this.heartbeatInterval + "]";
	}

}
