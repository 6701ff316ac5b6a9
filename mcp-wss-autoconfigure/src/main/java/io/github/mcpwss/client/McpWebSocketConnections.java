package io.github.mcpwss.client;

import java.util.Set;

/**
 * The named connections of an application, those below {@code mcp.websocket.connections}.
 * <p>
 * Instances are safe for use by several threads.
 */
public interface McpWebSocketConnections {

	/**
	 * Return the names of the connections in the order of their configuration.
	 * @return the names
	 */
	Set<String> getNames();

	/**
	 * Return the transport of a connection: the bean that has its name as a qualifier.
	 * @param name the name of the connection
	 * @return the transport
	 * @throws IllegalArgumentException if there is no connection of that name
	 */
	McpWebSocketClientTransport getTransport(String name);

}
