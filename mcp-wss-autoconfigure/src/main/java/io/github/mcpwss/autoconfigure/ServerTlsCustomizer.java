package io.github.mcpwss.autoconfigure;

import org.springframework.boot.web.server.ConfigurableWebServerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/**
 * Gives the application's web server the certificate of the MCP server, and the SSL
 * bundles as the guard lets them pass.
 */
final class ServerTlsCustomizer implements WebServerFactoryCustomizer<ConfigurableWebServerFactory>, Ordered {

	private final ServerTls tls;

	ServerTlsCustomizer(ServerTls tls) {
		this.tls = tls;
	}

	@Override
	public void customize(ConfigurableWebServerFactory factory) {
		Ssl ssl = this.tls.ssl();
		if (ssl != null) {
			factory.setSsl(ssl);
		}
		factory.setSslBundles(this.tls.sslBundles());
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
