package io.github.mcpwss.server.servlet;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.github.mcpwss.server.McpWebSocketServerTransportProvider;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpTransportContextExtractor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.HandshakeInterceptor;
import org.springframework.web.util.WebUtils;

/**
 * Decides on a handshake before the upgrade: foreign origins get 403, and 503 is the
 * answer while there is no room. Captures what tools may know of the handshake.
 */
final class HandshakeGuard implements HandshakeInterceptor {

	private static final Logger logger = LoggerFactory.getLogger(HandshakeGuard.class);

	private final McpWebSocketServerTransportProvider provider;

	private final List<String> allowedOrigins;

	private final McpTransportContextExtractor<ServerHttpRequest> contextExtractor;

	HandshakeGuard(McpWebSocketServerTransportProvider provider, List<String> allowedOrigins,
			McpTransportContextExtractor<ServerHttpRequest> contextExtractor) {
		this.provider = provider;
		this.contextExtractor = contextExtractor;
		this.allowedOrigins = List.copyOf(allowedOrigins);
	}

	@Override
	public boolean beforeHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
			Map<String, Object> attributes) throws Exception {
		String origin = request.getHeaders().getOrigin();
		if (origin != null && !isAllowed(request, origin)) {
			return refuse(request, response, HttpStatus.FORBIDDEN,
					"Origin " + origin + " is not allowed: add it to mcp.websocket.allowed-origins if it should be");
		}
		Optional<String> refusal = this.provider.refusal();
		if (refusal.isPresent()) {
			response.getHeaders().set(HttpHeaders.RETRY_AFTER, "5");
			return refuse(request, response, HttpStatus.SERVICE_UNAVAILABLE, refusal.get());
		}
		attributes.put(McpTransportContext.KEY, this.contextExtractor.extract(request));
		return true;
	}

	private boolean isAllowed(ServerHttpRequest request, String origin) {
		return this.allowedOrigins.contains("*") || this.allowedOrigins.contains(origin)
				|| (!"null".equals(origin) && isSameOrigin(request));
	}

	private static boolean isSameOrigin(ServerHttpRequest request) {
		try {
			return WebUtils.isSameOrigin(request);
		}
		catch (IllegalArgumentException ex) {
			// Thrown for an origin that is no URL, which is no reason for HTTP 500.
			return false;
		}
	}

	private boolean refuse(ServerHttpRequest request, ServerHttpResponse response, HttpStatus status, String reason)
			throws Exception {
		logger.warn("Refused the WebSocket handshake of {} with {}: {}", request.getRemoteAddress(), status.value(),
				reason);
		response.setStatusCode(status);
		response.getBody().write(reason.getBytes(StandardCharsets.UTF_8));
		return false;
	}

	@Override
	public void afterHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
			@Nullable Exception exception) {
	}

}
