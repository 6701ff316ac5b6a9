package io.github.mcpwss.autoconfigure;

import io.github.mcpwss.server.servlet.StrictSslImplementation;
import org.apache.coyote.http11.AbstractHttp11Protocol;

import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

/**
 * Has Tomcat use the trust manager of the SSL bundle, of which it reads the stores alone.
 */
final class TomcatTlsCustomizer implements WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> {

	private final ServerTls tls;

	TomcatTlsCustomizer(ServerTls tls) {
		this.tls = tls;
	}

	@Override
	public void customize(ConfigurableTomcatWebServerFactory factory) {
		if (this.tls.ssl() == null) {
			return;
		}
		factory.addConnectorCustomizers((connector) -> {
			if (connector.getProtocolHandler() instanceof AbstractHttp11Protocol<?> protocol) {
				protocol.setSslImplementationName(StrictSslImplementation.class.getName());
			}
		});
	}

}
