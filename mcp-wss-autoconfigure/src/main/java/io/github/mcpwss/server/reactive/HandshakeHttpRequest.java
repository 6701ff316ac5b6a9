package io.github.mcpwss.server.reactive;

import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.Principal;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.ServerHttpAsyncRequestControl;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.reactive.SslInfo;

/**
 * The handshake in the form that it has on servlet containers, so that what an
 * application says about transport contexts is the same on every web stack.
 */
final class HandshakeHttpRequest implements ServerHttpRequest {

	private final org.springframework.http.server.reactive.ServerHttpRequest request;

	private final @Nullable Principal principal;

	HandshakeHttpRequest(org.springframework.http.server.reactive.ServerHttpRequest request,
			@Nullable Principal principal) {
		this.request = request;
		this.principal = principal;
	}

	@Override
	public HttpMethod getMethod() {
		return this.request.getMethod();
	}

	@Override
	public URI getURI() {
		return this.request.getURI();
	}

	@Override
	public Map<String, Object> getAttributes() {
		return this.request.getAttributes();
	}

	@Override
	public HttpHeaders getHeaders() {
		return this.request.getHeaders();
	}

	/**
	 * Return an empty body: a handshake with another one is refused.
	 */
	@Override
	public InputStream getBody() {
		return InputStream.nullInputStream();
	}

	@Override
	public @Nullable Principal getPrincipal() {
		return this.principal;
	}

	@Override
	public InetSocketAddress getLocalAddress() {
		return Objects.requireNonNull(this.request.getLocalAddress(), "Local address is unknown");
	}

	@Override
	public InetSocketAddress getRemoteAddress() {
		return Objects.requireNonNull(this.request.getRemoteAddress(), "Remote address is unknown");
	}

	@Nullable SslInfo getSslInfo() {
		return this.request.getSslInfo();
	}

	@Nullable Object getNativeRequest() {
		return org.springframework.http.server.reactive.ServerHttpRequestDecorator.getNativeRequest(this.request);
	}

	@Override
	public ServerHttpAsyncRequestControl getAsyncRequestControl(ServerHttpResponse response) {
		throw new UnsupportedOperationException("A handshake is not asynchronous");
	}

}
