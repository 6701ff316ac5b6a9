package io.github.mcpwss.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import io.github.mcpwss.server.reactive.NettyTls;

import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.web.server.Ssl;

/**
 * Has Reactor Netty do TLS with the SSL bundle of the MCP server, and with its updates.
 */
final class NettyTlsCustomizer {

	private final ServerTls tls;

	NettyTlsCustomizer(ServerTls tls) {
		this.tls = tls;
	}

	void customize(NettyReactiveWebServerFactory factory) {
		Ssl ssl = this.tls.ssl();
		String bundle = (ssl != null) ? ssl.getBundle() : null;
		if (ssl != null && bundle != null) {
			SslBundle current = this.tls.sslBundles().getBundle(bundle);
			TlsEngine.requireKnownCiphers(current);
			NettyTls nettyTls = new NettyTls(factory.getHttp2(), ssl.getClientAuth(), current);
			this.tls.sslBundles().addBundleUpdateHandler(bundle, nettyTls::update);
			// Behind Spring Boot's own: those of the application have the last word.
			List<NettyServerCustomizer> customizers = new ArrayList<>(List.of(nettyTls));
			customizers.addAll(factory.getServerCustomizers());
			factory.setServerCustomizers(customizers);
		}
	}

}
