package io.github.mcpwss.server.servlet;

import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

import io.github.mcpwss.server.McpWebSocketServerTransportProvider;
import io.modelcontextprotocol.server.McpTransportContextExtractor;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.server.ServerHttpRequest;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.socket.WebSocketHttpHeaders;
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
	 * @param maxMessageSize the size in bytes over which a message closes the socket
	 * @param allowedOrigins the origins of web pages that may connect besides those of
	 * this server; {@code *} allows all
	 */
	public McpWebSocketHttpRequestHandler(McpWebSocketServerTransportProvider provider, int maxMessageSize,
			List<String> allowedOrigins) {
		this(provider, maxMessageSize, allowedOrigins, new HandshakeContextExtractor());
	}

	/**
	 * Create the endpoint.
	 * @param provider takes over the sockets
	 * @param maxMessageSize the size in bytes over which a message closes the socket
	 * @param allowedOrigins the origins of web pages that may connect besides those of
	 * this server; {@code *} allows all
	 * @param contextExtractor captures what tools may know of a handshake
	 */
	public McpWebSocketHttpRequestHandler(McpWebSocketServerTransportProvider provider, int maxMessageSize,
			List<String> allowedOrigins, McpTransportContextExtractor<ServerHttpRequest> contextExtractor) {
		this.delegate = new WebSocketHttpRequestHandler(new McpWebSocketHandler(provider, maxMessageSize),
				new DefaultHandshakeHandler());
		this.delegate.setHandshakeInterceptors(List.of(new HandshakeGuard(provider, allowedOrigins, contextExtractor)));
	}

	@Override
	public void handleRequest(HttpServletRequest request, HttpServletResponse response)
			throws ServletException, IOException {
		this.delegate.handleRequest(new WithoutExtensions(request), response);
	}

	/**
	 * Hides what the client offers, since Tomcat takes {@code permessage-deflate} unasked
	 * and would spend a compressor on every connection.
	 */
	private static final class WithoutExtensions extends HttpServletRequestWrapper {

		WithoutExtensions(HttpServletRequest request) {
			super(request);
		}

		@Override
		public @Nullable String getHeader(String name) {
			return isHidden(name) ? null : super.getHeader(name);
		}

		@Override
		public Enumeration<String> getHeaders(String name) {
			return isHidden(name) ? Collections.emptyEnumeration() : super.getHeaders(name);
		}

		private static boolean isHidden(String name) {
			return WebSocketHttpHeaders.SEC_WEBSOCKET_EXTENSIONS.equalsIgnoreCase(name);
		}

	}

}
