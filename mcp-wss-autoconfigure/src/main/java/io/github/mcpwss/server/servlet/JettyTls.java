package io.github.mcpwss.server.servlet;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.net.ssl.SSLContext;

import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * Has Jetty use the key and trust managers of an SSL bundle, of which it reads the stores
 * alone, and new ones without a restart. Safe for use by several threads.
 */
public final class JettyTls {

	private final List<SslContextFactory.Server> factories = new CopyOnWriteArrayList<>();

	private volatile SSLContext sslContext;

	/**
	 * Create a new instance.
	 * @param sslContext what the SSL bundle makes
	 */
	public JettyTls(SSLContext sslContext) {
		this.sslContext = sslContext;
	}

	/**
	 * Use another context for new connections.
	 * @param sslContext what the updated SSL bundle makes
	 */
	public void update(SSLContext sslContext) {
		this.sslContext = sslContext;
		for (SslContextFactory.Server factory : this.factories) {
			try {
				factory.reload((updated) -> updated.setSslContext(sslContext));
			}
			catch (Exception ex) {
				throw new IllegalStateException("Jetty does not take the new TLS context", ex);
			}
		}
	}

	/**
	 * Apply it to the connectors of a server.
	 * @param server the server, which must not have been started
	 */
	public void customize(Server server) {
		for (Connector connector : server.getConnectors()) {
			SslConnectionFactory factory = connector.getConnectionFactory(SslConnectionFactory.class);
			if (factory != null) {
				SslContextFactory.Server sslContextFactory = factory.getSslContextFactory();
				sslContextFactory.setSslContext(this.sslContext);
				this.factories.add(sslContextFactory);
			}
		}
	}

}
