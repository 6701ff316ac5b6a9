package io.github.mcpwss.server.servlet;

import java.io.IOException;
import java.util.List;

import io.github.mcpwss.server.FrameRules;
import io.github.mcpwss.server.HandshakeRules;
import io.github.mcpwss.server.McpWebSocketServerTransportProvider;
import io.modelcontextprotocol.server.McpTransportContextExtractor;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.http.server.ServerHttpRequest;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.socket.server.support.DefaultHandshakeHandler;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;

/**
 * The MCP endpoint of a servlet container: map it to a path.
 */
public final class McpWebSocketHttpRequestHandler implements HttpRequestHandler {

	private final WebSocketHttpRequestHandler delegate;

	/**
	 * Create the endpoint.
	 * @param provider takes over the sockets
	 * @param frameRules what the frames of a socket may be
	 * @param rules decides which handshakes may lead to a socket
	 */
	public McpWebSocketHttpRequestHandler(McpWebSocketServerTransportProvider provider, FrameRules frameRules,
			HandshakeRules rules) {
		this(provider, frameRules, rules, new HandshakeContextExtractor());
	}

	/**
	 * Create the endpoint.
	 * @param provider takes over the sockets
	 * @param frameRules what the frames of a socket may be
	 * @param rules decides which handshakes may lead to a socket
	 * @param contextExtractor captures what tools may know of a handshake
	 */
	public McpWebSocketHttpRequestHandler(McpWebSocketServerTransportProvider provider, FrameRules frameRules,
			HandshakeRules rules, McpTransportContextExtractor<ServerHttpRequest> contextExtractor) {
		this.delegate = new WebSocketHttpRequestHandler(new McpWebSocketHandler(provider, frameRules.maxMessageSize()),
				new DefaultHandshakeHandler(new McpUpgradeStrategy(frameRules.compression())));
		this.delegate.setHandshakeInterceptors(List.of(new HandshakeGuard(provider, rules, contextExtractor)));
	}

	@Override
	public void handleRequest(HttpServletRequest request, HttpServletResponse response)
			throws ServletException, IOException {
		this.delegate.handleRequest(request, response);
	}

}
