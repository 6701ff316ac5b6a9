package io.github.mcpwss.client;

import java.net.URI;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;

/**
 * Where a client connects to, and its limits.
 *
 * @param name the name of the connection, {@code null} for the one without a name
 * @param uri the server's {@code wss} or {@code ws} URL
 * @param timeout the time within which a connection must be open: handshake headers, TCP
 * connect, TLS and WebSocket handshake together
 * @param maxMessageSize the size of a message in bytes of UTF-8, either direction
 * @param maxSendBufferSize the bytes that may wait to be sent; a call that is over it
 * fails
 * @param heartbeatInterval the time between two pings, which is also how long a pong may
 * take; zero turns the heartbeat off
 * @param headers the headers sent with the handshake
 * @param reconnect how to come back to a server that was lost
 * @param proxy by which proxy to connect
 */
public record ClientSettings(@Nullable String name, URI uri, Duration timeout, int maxMessageSize,
		long maxSendBufferSize, Duration heartbeatInterval, HttpHeaders headers, ReconnectSettings reconnect,
		ProxySettings proxy) {

	private static final String PROPERTIES = "mcp.websocket.";

	/**
	 * Create settings without a name that reconnect {@link ReconnectSettings#DEFAULT by
	 * default}, keep four messages of the maximum size to be sent, and use the
	 * {@link ProxySettings#SYSTEM proxy of the JVM}.
	 * @param uri the server's {@code wss} or {@code ws} URL
	 * @param timeout the time within which a connection must be open
	 * @param maxMessageSize the size of a message in bytes of UTF-8
	 * @param heartbeatInterval the time between two pings
	 * @param headers the headers sent with the handshake
	 */
	public ClientSettings(URI uri, Duration timeout, int maxMessageSize, Duration heartbeatInterval,
			HttpHeaders headers) {
		this(null, uri, timeout, maxMessageSize, 4L * maxMessageSize, heartbeatInterval, headers,
				ReconnectSettings.DEFAULT, ProxySettings.SYSTEM);
	}

	/**
	 * Return the same settings with another way to come back.
	 * @param reconnect how to come back to a server that was lost
	 * @return the settings
	 */
	public ClientSettings withReconnect(ReconnectSettings reconnect) {
		return new ClientSettings(this.name, this.uri, this.timeout, this.maxMessageSize, this.maxSendBufferSize,
				this.heartbeatInterval, this.headers, reconnect, this.proxy);
	}

	/**
	 * Return the same settings with another proxy.
	 * @param proxy by which proxy to connect
	 * @return the settings
	 */
	public ClientSettings withProxy(ProxySettings proxy) {
		return new ClientSettings(this.name, this.uri, this.timeout, this.maxMessageSize, this.maxSendBufferSize,
				this.heartbeatInterval, this.headers, this.reconnect, proxy);
	}

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
	 * Return the full name of the property that a setting is from.
	 * @param property the name below the connection
	 * @return the full name
	 */
	String property(String property) {
		return PROPERTIES + ((this.name != null) ? "connections." + this.name + "." : "") + property;
	}

	/**
	 * Return a description without the headers, which may hold credentials.
	 */
	@Override
	public String toString() {
		return "ClientSettings[name=" + this.name + ", endpoint=" + endpoint() + ", timeout=" + this.timeout
				+ ", maxMessageSize=" + this.maxMessageSize + ", maxSendBufferSize=" + this.maxSendBufferSize
				+ ", heartbeatInterval=" + this.heartbeatInterval + ", reconnect=" + this.reconnect + ", proxy="
				+ this.proxy + "]";
	}

}
