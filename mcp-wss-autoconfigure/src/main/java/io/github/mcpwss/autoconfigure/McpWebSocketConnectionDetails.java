package io.github.mcpwss.autoconfigure;

import java.net.URI;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;
import org.springframework.boot.ssl.SslBundle;

/**
 * Details required to establish a connection to an MCP server. A bean of this type takes
 * the place of the URL and the authorities of the properties, which a test, a container
 * or a service in Docker Compose may know better; all other properties hold.
 * <p>
 * The details are asked once, when the first bean of the connection is made, and must be
 * safe for use by several threads.
 */
public interface McpWebSocketConnectionDetails extends ConnectionDetails {

	/**
	 * Return the URL of the server.
	 * @return a {@code wss} or {@code ws} URL; where it has no path, the property
	 * {@code path} holds
	 */
	URI getUrl();

	/**
	 * Return the SSL bundle to connect with.
	 * @return the bundle, {@code null} for the one that the properties ask for
	 */
	default @Nullable SslBundle getSslBundle() {
		return null;
	}

	/**
	 * Return the name of the connection that these are the details of.
	 * @return a name below {@code mcp.websocket.connections}, {@code null} for the
	 * connection of {@code mcp.websocket.url}
	 */
	default @Nullable String getConnection() {
		return null;
	}

}
