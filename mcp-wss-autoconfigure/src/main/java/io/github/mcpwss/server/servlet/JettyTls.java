package io.github.mcpwss.server.servlet;

import javax.net.ssl.SSLContext;

import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.SslConnectionFactory;

/**
 * Has Jetty use the key and trust managers of an SSL bundle, of which it reads the stores
 * alone.
 */
public final class JettyTls {

	private final SSLContext sslContext;

	/**
	 * Create a new instance.
	 * @param sslContext what the SSL bundle makes
	 */
	public JettyTls(SSLContext sslContext) {
		this.sslContext = sslContext;
	}

	/**
	 * Apply it to the connectors of a server.
	 * @param server the server, which must not have been started
	 */
	public void customize(Server server) {
		for (Connector connector : server.getConnectors()) {
			SslConnectionFactory factory = connector.getConnectionFactory(SslConnectionFactory.class);
			if (factory != null) {
				factory.getSslContextFactory().setSslContext(this.sslContext);
			}
		}
	}

}
