package io.github.mcpwss.testing;

import java.time.Duration;

import javax.net.ssl.TrustManagerFactory;

import io.github.mcpwss.server.servlet.JettyHandshakeTimeout;
import io.github.mcpwss.server.servlet.JettyTls;
import io.github.mcpwss.server.servlet.JettyTlsFailures;
import io.github.mcpwss.tls.CipherSuites;
import io.github.mcpwss.tls.ServerTrust;
import io.github.mcpwss.tls.ServerTrustManagers;
import io.github.mcpwss.tls.TestCertificates.Issued;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslManagerBundle;

/**
 * Jetty with TLS as Spring Boot configures it from an SSL bundle, and the product after
 * it; without an endpoint.
 */
public final class JettyTlsServer implements AutoCloseable {

	private final Server server = new Server();

	private final ServerConnector connector;

	public JettyTlsServer(Issued identity) {
		SslContextFactory.Server ssl = new SslContextFactory.Server();
		ssl.setIncludeProtocols(CipherSuites.DEFAULT_PROTOCOLS.toArray(String[]::new));
		ssl.setIncludeCipherSuites(CipherSuites.defaults().toArray(String[]::new));
		this.connector = new ServerConnector(this.server, new SslConnectionFactory(ssl, "http/1.1"),
				new HttpConnectionFactory());
		this.connector.setHost("127.0.0.1");
		this.server.addConnector(this.connector);
		new JettyTls(SslBundle
			.of(null, null, null, null, SslManagerBundle.of(identity.keyManagerFactory(), anyone(identity)))
			.createSslContext()).customize(this.server);
		new JettyHandshakeTimeout(Duration.ofSeconds(30)).customize(this.server);
		new JettyTlsFailures(Duration.ofSeconds(30)).customize(this.server);
		try {
			this.server.start();
		}
		catch (Exception ex) {
			throw new IllegalStateException("Could not start Jetty", ex);
		}
	}

	private static TrustManagerFactory anyone(Issued identity) {
		return ServerTrustManagers.trustManagerFactory(ServerTrust.AUTHORITIES, identity.chain());
	}

	public int port() {
		return this.connector.getLocalPort();
	}

	@Override
	public void close() throws Exception {
		this.server.stop();
	}

}
