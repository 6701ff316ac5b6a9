package io.github.mcpwss.autoconfigure;

import io.github.mcpwss.server.servlet.JettyTls;

import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

/**
 * Has Jetty use the trust manager of the SSL bundle.
 */
final class JettyTlsCustomizer implements WebServerFactoryCustomizer<JettyServletWebServerFactory> {

	private final ServerTls tls;

	JettyTlsCustomizer(ServerTls tls) {
		this.tls = tls;
	}

	@Override
	public void customize(JettyServletWebServerFactory factory) {
		Ssl ssl = this.tls.ssl();
		String bundle = (ssl != null) ? ssl.getBundle() : null;
		if (bundle != null) {
			factory.addServerCustomizers(
					new JettyTls(this.tls.sslBundles().getBundle(bundle).createSslContext())::customize);
		}
	}

}
