package io.github.mcpwss.server.servlet;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import io.github.mcpwss.server.HandshakeRefusal;
import io.github.mcpwss.server.HandshakeRequest;
import io.github.mcpwss.server.HandshakeRules;
import io.github.mcpwss.server.HandshakeTls;
import io.github.mcpwss.server.McpWebSocketServerTransportProvider;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpTransportContextExtractor;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.HandshakeInterceptor;

/**
 * Decides on a handshake before the upgrade: what the rules refuse gets their answer, and
 * 503 is the answer while there is no room. Captures what tools may know of the
 * handshake.
 */
final class HandshakeGuard implements HandshakeInterceptor {

	private static final Logger logger = LoggerFactory.getLogger(HandshakeGuard.class);

	/**
	 * What containers set for connections that do TLS, and no proxy has a say in.
	 */
	private static final String TLS_CIPHER_SUITE = "jakarta.servlet.request.cipher_suite";

	private static final String CLIENT_CERTIFICATES = "jakarta.servlet.request.X509Certificate";

	private final McpWebSocketServerTransportProvider provider;

	private final HandshakeRules rules;

	private final McpTransportContextExtractor<ServerHttpRequest> contextExtractor;

	HandshakeGuard(McpWebSocketServerTransportProvider provider, HandshakeRules rules,
			McpTransportContextExtractor<ServerHttpRequest> contextExtractor) {
		this.provider = provider;
		this.rules = rules;
		this.contextExtractor = contextExtractor;
	}

	@Override
	public boolean beforeHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
			Map<String, Object> attributes) throws IOException {
		Optional<HandshakeRefusal> refusal = this.rules
			.check(handshake(((ServletServerHttpRequest) request).getServletRequest()))
			.or(this::noRoom);
		if (refusal.isPresent()) {
			refuse(request, response, refusal.get());
			return false;
		}
		attributes.put(McpTransportContext.KEY, this.contextExtractor.extract(request));
		return true;
	}

	private static HandshakeRequest handshake(HttpServletRequest request) {
		return new HandshakeRequest(request.getMethod(), request.getProtocol(), request.getScheme(),
				request.getServerName(), request.getServerPort(), tls(request),
				(name) -> Collections.list(request.getHeaders(name)));
	}

	private static @Nullable HandshakeTls tls(HttpServletRequest request) {
		if (request.getAttribute(TLS_CIPHER_SUITE) == null) {
			return null;
		}
		List<X509Certificate> certificates = (request
			.getAttribute(CLIENT_CERTIFICATES) instanceof X509Certificate[] chain) ? List.of(chain) : List.of();
		return new HandshakeTls(
				String.valueOf(Objects.requireNonNullElse(HandshakeContextExtractor.tlsProtocol(request), "")),
				certificates);
	}

	private Optional<HandshakeRefusal> noRoom() {
		return this.provider.refusal()
			.map((reason) -> new HandshakeRefusal(503, reason, Map.of(HttpHeaders.RETRY_AFTER, "5")));
	}

	private static void refuse(ServerHttpRequest request, ServerHttpResponse response, HandshakeRefusal refusal)
			throws IOException {
		logger.warn("Refused the WebSocket handshake of {} with {}: {}", request.getRemoteAddress(), refusal.status(),
				refusal.reason());
		response.setStatusCode(HttpStatusCode.valueOf(refusal.status()));
		response.getHeaders().setContentType(new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8));
		refusal.headers().forEach(response.getHeaders()::set);
		response.getBody().write(refusal.reason().getBytes(StandardCharsets.UTF_8));
	}

	@Override
	public void afterHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
			@Nullable Exception exception) {
	}

}
