package io.github.mcpwss.autoconfigure;

import java.time.Duration;

import io.github.mcpwss.server.servlet.JettyHandshakeTimeout;
import io.github.mcpwss.server.servlet.JettyTlsFailures;

import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

/**
 * Bounds the time that connections to Jetty may take to ask for something, and reports
 * failed TLS handshakes.
 */
final class JettyServerCustomizer implements WebServerFactoryCustomizer<JettyServletWebServerFactory> {

	private final Duration handshakeTimeout;

	JettyServerCustomizer(Duration handshakeTimeout) {
		this.handshakeTimeout = handshakeTimeout;
	}

	@Override
	public void customize(JettyServletWebServerFactory factory) {
		factory.addServerCustomizers(new JettyHandshakeTimeout(this.handshakeTimeout)::customize,
				new JettyTlsFailures(this.handshakeTimeout)::customize);
	}

}
