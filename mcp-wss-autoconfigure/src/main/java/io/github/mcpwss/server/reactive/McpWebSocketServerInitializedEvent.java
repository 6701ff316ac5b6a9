package io.github.mcpwss.server.reactive;

import org.springframework.context.ApplicationEvent;

/**
 * Published when the listener of the MCP server is ready: gives its port where that is
 * not known before.
 */
public final class McpWebSocketServerInitializedEvent extends ApplicationEvent {

	private static final long serialVersionUID = 1L;

	/**
	 * Create an event.
	 * @param listener the listener
	 */
	public McpWebSocketServerInitializedEvent(McpWebSocketListener listener) {
		super(listener);
	}

	/**
	 * Return the listener.
	 * @return the listener, which has been started
	 */
	public McpWebSocketListener getListener() {
		return (McpWebSocketListener) getSource();
	}

}
