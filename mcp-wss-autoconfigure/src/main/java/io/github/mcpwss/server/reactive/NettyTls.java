package io.github.mcpwss.server.reactive;

import java.util.Map;

import io.github.mcpwss.tls.EdwardsCurveKeys;
import io.netty.handler.ssl.SslProvider;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.server.HttpServer;
import reactor.netty.tcp.AbstractProtocolSslContextSpec;
import reactor.netty.tcp.SslProvider.GenericSslContextSpec;

import org.springframework.boot.reactor.netty.SslServerCustomizer;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.web.server.Http2;
import org.springframework.boot.web.server.Ssl;

/**
 * TLS as Spring Boot configures it, by BoringSSL or OpenSSL where Netty has it, and by
 * the JDK where keys of Edwards curves play a role: Netty does not find them for the
 * others, and BoringSSL does not verify them. What does TLS is chosen anew with each
 * update of the SSL bundle. Safe for use by several threads.
 */
public final class NettyTls extends SslServerCustomizer {

	private volatile reactor.netty.tcp.SslProvider current;

	/**
	 * Create a new instance.
	 * @param http2 what the server is to know of HTTP/2
	 * @param clientAuth whether client certificates are wanted
	 * @param bundle the TLS material
	 */
	public NettyTls(@Nullable Http2 http2, Ssl.@Nullable ClientAuth clientAuth, SslBundle bundle) {
		super(http2, clientAuth, bundle, Map.of());
		this.current = create(bundle);
	}

	/**
	 * Use other TLS material for new connections.
	 * @param bundle the TLS material
	 */
	public void update(SslBundle bundle) {
		this.current = create(bundle);
	}

	@Override
	public HttpServer apply(HttpServer server) {
		if (server.configuration().sslProvider() == null) {
			// somebody has taken it away
			return server;
		}
		return server.secure((spec) -> spec.sslContext(this.current.getSslContext())
			.setSniAsyncMappings((name, promise) -> promise.setSuccess(this.current)));
	}

	private reactor.netty.tcp.SslProvider create(SslBundle bundle) {
		AbstractProtocolSslContextSpec<?> spec = createSslContextSpec(bundle);
		if (EdwardsCurveKeys.areIn(bundle.getManagers())) {
			spec.configure((builder) -> builder.sslProvider(SslProvider.JDK));
		}
		return reactor.netty.tcp.SslProvider.builder().sslContext((GenericSslContextSpec<?>) spec).build();
	}

}
