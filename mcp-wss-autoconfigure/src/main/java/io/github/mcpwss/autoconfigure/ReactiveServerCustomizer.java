package io.github.mcpwss.autoconfigure;

import java.time.Duration;

import io.github.mcpwss.server.reactive.HandshakeTimeout;
import io.github.mcpwss.server.reactive.NoRenegotiation;
import io.github.mcpwss.server.reactive.TlsFailureReport;

import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.reactive.ConfigurableReactiveWebServerFactory;

/**
 * Bounds the time that connections to the web server of a reactive application may take
 * to ask for something, reports failed TLS handshakes, and refuses servers that have no
 * sockets for the endpoint.
 */
final class ReactiveServerCustomizer implements WebServerFactoryCustomizer<ConfigurableReactiveWebServerFactory> {

	private final Duration handshakeTimeout;

	private final ServerTls tls;

	ReactiveServerCustomizer(Duration handshakeTimeout, ServerTls tls) {
		this.handshakeTimeout = handshakeTimeout;
		this.tls = tls;
	}

	@Override
	public void customize(ConfigurableReactiveWebServerFactory factory) {
		if (!(factory instanceof NettyReactiveWebServerFactory netty)) {
			throw new McpWebSocketConfigurationException(
					"%s.server-mode is true, and the reactive web server of this application is not Reactor Netty (%s)."
						.formatted(McpWebSocketProperties.PREFIX, factory.getClass().getName()),
					"Use Reactor Netty, or set %s.url to an address such as wss://0.0.0.0:8443/mcp for a listener of its own."
						.formatted(McpWebSocketProperties.PREFIX));
		}
		new NettyTlsCustomizer(this.tls).customize(netty);
		netty.addServerCustomizers(HandshakeTimeout.untilRequest(this.handshakeTimeout), new NoRenegotiation(),
				new TlsFailureReport());
	}

}
