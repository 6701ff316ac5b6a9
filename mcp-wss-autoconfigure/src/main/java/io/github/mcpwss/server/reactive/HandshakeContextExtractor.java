package io.github.mcpwss.server.reactive;

import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import javax.net.ssl.SSLSession;
import javax.security.auth.x500.X500Principal;

import io.github.mcpwss.server.HandshakeHeaders;
import io.github.mcpwss.server.TransportContextKeys;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpTransportContextExtractor;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.server.HttpServerRequest;

import org.springframework.http.HttpHeaders;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.reactive.SslInfo;

/**
 * What tools may know of the handshake, unless the application decides otherwise.
 *
 * @see TransportContextKeys
 */
final class HandshakeContextExtractor implements McpTransportContextExtractor<ServerHttpRequest> {

	@Override
	public McpTransportContext extract(ServerHttpRequest request) {
		Map<String, Object> context = new HashMap<>();
		put(context, TransportContextKeys.PRINCIPAL, request.getPrincipal());
		put(context, TransportContextKeys.REMOTE_ADDRESS, request.getRemoteAddress());
		context.put(TransportContextKeys.HEADERS, visibleHeaders(request.getHeaders()));
		if (request instanceof HandshakeHttpRequest handshake) {
			addSession(context, handshake.getNativeRequest());
			addCertificates(context, handshake.getSslInfo());
		}
		return McpTransportContext.create(context);
	}

	/**
	 * Copy what may be seen: Netty uses its request again after the handshake.
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

	private static void addSession(Map<String, Object> context, @Nullable Object nativeRequest) {
		if (nativeRequest instanceof HttpServerRequest request) {
			request.withConnection((connection) -> {
				SslHandler handler = connection.channel().pipeline().get(SslHandler.class);
				if (handler != null) {
					SSLSession session = handler.engine().getSession();
					put(context, TransportContextKeys.TLS_PROTOCOL, session.getProtocol());
					put(context, TransportContextKeys.TLS_CIPHER_SUITE, session.getCipherSuite());
				}
			});
		}
	}

	private static void addCertificates(Map<String, Object> context, @Nullable SslInfo sslInfo) {
		X509Certificate[] chain = (sslInfo != null) ? sslInfo.getPeerCertificates() : null;
		if (chain != null && chain.length > 0) {
			context.put(TransportContextKeys.CLIENT_CERTIFICATES, List.of(chain));
			context.put(TransportContextKeys.CLIENT_CERTIFICATE_SUBJECT,
					chain[0].getSubjectX500Principal().getName(X500Principal.RFC2253));
		}
	}

	private static void put(Map<String, Object> context, String key, @Nullable Object value) {
		if (value != null) {
			context.put(key, value);
		}
	}

}
