package io.github.mcpwss.server.servlet;

import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import javax.security.auth.x500.X500Principal;

import io.github.mcpwss.server.HandshakeHeaders;
import io.github.mcpwss.server.TransportContextKeys;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpTransportContextExtractor;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServletServerHttpRequest;

/**
 * What tools may know of the handshake, unless the application decides otherwise.
 *
 * @see TransportContextKeys
 */
final class HandshakeContextExtractor implements McpTransportContextExtractor<ServerHttpRequest> {

	private static final String TLS_PROTOCOL = "jakarta.servlet.request.secure_protocol";

	private static final String TLS_CIPHER_SUITE = "jakarta.servlet.request.cipher_suite";

	private static final String CLIENT_CERTIFICATES = "jakarta.servlet.request.X509Certificate";

	@Override
	public McpTransportContext extract(ServerHttpRequest request) {
		Map<String, Object> context = new HashMap<>();
		put(context, TransportContextKeys.PRINCIPAL, request.getPrincipal());
		put(context, TransportContextKeys.REMOTE_ADDRESS, request.getRemoteAddress());
		context.put(TransportContextKeys.HEADERS, visibleHeaders(request.getHeaders()));
		if (request instanceof ServletServerHttpRequest servletRequest) {
			addTls(context, servletRequest.getServletRequest());
		}
		return McpTransportContext.create(context);
	}

	/**
	 * Copy what may be seen: the container uses its request again after the handshake.
	 * @param headers the headers of the handshake
	 * @return the headers that tools see
	 */
	private static HttpHeaders visibleHeaders(HttpHeaders headers) {
		HttpHeaders visible = new HttpHeaders();
		headers.forEach((name, values) -> {
			if (HandshakeHeaders.isVisible(name)) {
				visible.addAll(name, values);
			}
		});
		return HttpHeaders.readOnlyHttpHeaders(visible);
	}

	private static void addTls(Map<String, Object> context, HttpServletRequest request) {
		put(context, TransportContextKeys.TLS_PROTOCOL, tlsProtocol(request));
		put(context, TransportContextKeys.TLS_CIPHER_SUITE, request.getAttribute(TLS_CIPHER_SUITE));
		if (request.getAttribute(CLIENT_CERTIFICATES) instanceof X509Certificate[] chain && chain.length > 0) {
			context.put(TransportContextKeys.CLIENT_CERTIFICATES, List.of(chain));
			context.put(TransportContextKeys.CLIENT_CERTIFICATE_SUBJECT,
					chain[0].getSubjectX500Principal().getName(X500Principal.RFC2253));
		}
	}

	static @Nullable Object tlsProtocol(HttpServletRequest request) {
		Object protocol = request.getAttribute(TLS_PROTOCOL);
		Object jettySession = request.getAttribute(JettyTlsSession.ATTRIBUTE);
		// Jetty does not know the attribute of Servlet 6.1.
		return (protocol == null && jettySession != null) ? JettyTlsSession.protocol(jettySession) : protocol;
	}

	private static void put(Map<String, Object> context, String key, @Nullable Object value) {
		if (value != null) {
			context.put(key, value);
		}
	}

}
