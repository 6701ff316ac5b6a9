package io.github.mcpwss.testing;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

import io.github.mcpwss.server.McpWebSocketServerTransportProvider;
import io.github.mcpwss.server.ServerSchedulers;
import io.github.mcpwss.server.ServerSettings;
import io.github.mcpwss.server.servlet.McpWebSocketHttpRequestHandler;
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
final class JettyWssServer implements TestServer {

	private final TestTls tls = new TestTls();

	private final ServerSchedulers schedulers;

	private final McpWebSocketServerTransportProvider provider;

	private final Server server = new Server();

	private final ServerConnector connector;

	JettyWssServer(ServerSettings settings, List<String> allowedOrigins, ServerSchedulers schedulers) {
		this.schedulers = schedulers;
		this.provider = new McpWebSocketServerTransportProvider(settings, WssServer.codec(), schedulers);
		SslContextFactory.Server ssl = new SslContextFactory.Server();
		ssl.setSslContext(this.tls.serverBundle().createSslContext());
		HttpConfiguration http = new HttpConfiguration();
		// Without a check of its own, which would answer first and with 400.
		http.addCustomizer(new SecureRequestCustomizer(false));
		this.connector = new ServerConnector(this.server, new SslConnectionFactory(ssl, "http/1.1"),
				new HttpConnectionFactory(http));
		this.connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
		this.server.addConnector(this.connector);
		ServletContextHandler context = new ServletContextHandler("/");
		JakartaWebSocketServletContainerInitializer.configure(context, null);
		McpWebSocketHttpRequestHandler handler = new McpWebSocketHttpRequestHandler(this.provider,
				settings.frameRules(), WssServer.rules(allowedOrigins));
		context.addServlet(new ServletHolder(new WssServer.EndpointServlet(handler)), "/mcp");
		this.server.setHandler(context);
		try {
			this.server.start();
		}
		catch (Exception ex) {
			throw new IllegalStateException("Could not start Jetty", ex);
		}
	}

	@Override
	public McpWebSocketServerTransportProvider provider() {
		return this.provider;
	}

	@Override
	public TestTls tls() {
		return this.tls;
	}

	@Override
	public int port() {
		return this.connector.getLocalPort();
	}

	@Override
	public void close() {
		this.provider.closeGracefully().block(Duration.ofSeconds(10));
		try {
			this.server.stop();
		}
		catch (Exception ex) {
			throw new IllegalStateException("Could not stop Jetty", ex);
		}
		this.schedulers.dispose();
	}

}
