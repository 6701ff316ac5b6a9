package io.github.mcpwss.testing;

import java.net.InetAddress;

import io.github.mcpwss.server.servlet.JettyHandshakeTimeout;
import io.github.mcpwss.server.servlet.JettyTlsFailures;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.ee11.websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * An MCP endpoint on a Jetty of its own, on a random port of the loopback interface.
 */
final class JettyWssServer extends ProviderServer {

	private final Server server = new Server();

	private final ServerConnector connector;

	JettyWssServer(ServerSetup setup) {
		super(setup);
		SslContextFactory.Server ssl = new SslContextFactory.Server();
		ssl.setSslContext(tls().serverBundle().createSslContext());
		HttpConfiguration http = new HttpConfiguration();
		// Without a check of its own, which would answer first and with 400.
		http.addCustomizer(new SecureRequestCustomizer(false));
		this.connector = new ServerConnector(this.server, new SslConnectionFactory(ssl, "http/1.1"),
				new HttpConnectionFactory(http));
		this.connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
		this.server.addConnector(this.connector);
		new JettyHandshakeTimeout(setup.handshakeTimeout()).customize(this.server);
		new JettyTlsFailures(setup.handshakeTimeout()).customize(this.server);
		ServletContextHandler context = new ServletContextHandler("/");
		JakartaWebSocketServletContainerInitializer.configure(context, null);
		context.addServlet(new ServletHolder(new WssServer.EndpointServlet(WssServer.handler(setup, provider()))),
				"/mcp");
		this.server.setHandler(context);
		try {
			this.server.start();
		}
		catch (Exception ex) {
			throw new IllegalStateException("Could not start Jetty", ex);
		}
	}

	@Override
	public int port() {
		return this.connector.getLocalPort();
	}

	@Override
	void stop() {
		try {
			this.server.stop();
		}
		catch (Exception ex) {
			throw new IllegalStateException("Could not stop Jetty", ex);
		}
	}

}
