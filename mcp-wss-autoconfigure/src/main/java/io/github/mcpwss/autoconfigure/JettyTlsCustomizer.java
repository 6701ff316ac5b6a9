package io.github.mcpwss.autoconfigure;

import io.github.mcpwss.server.servlet.JettyTls;

import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

/**
 * Has Jetty use the trust manager of the SSL bundle, and its updates.
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
			SslBundles sslBundles = this.tls.sslBundles();
			JettyTls jettyTls = new JettyTls(sslBundles.getBundle(bundle).createSslContext());
			sslBundles.addBundleUpdateHandler(bundle, (updated) -> jettyTls.update(updated.createSslContext()));
			factory.addServerCustomizers(jettyTls::customize);
		}
	}

}
