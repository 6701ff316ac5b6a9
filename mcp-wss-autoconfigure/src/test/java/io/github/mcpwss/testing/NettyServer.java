package io.github.mcpwss.testing;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;

import io.github.mcpwss.server.AllowedHosts;
import io.github.mcpwss.server.AllowedOrigins;
import io.github.mcpwss.server.HandshakeRules;
import io.github.mcpwss.server.McpWebSocketServerTransportProvider;
import io.github.mcpwss.server.ServerSchedulers;
import io.github.mcpwss.server.ServerSettings;
import io.github.mcpwss.server.reactive.HandshakeTimeout;
import io.github.mcpwss.server.reactive.McpWebSocketListener;
import io.github.mcpwss.server.reactive.McpWebSocketWebHandler;

import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.web.reactive.config.EnableWebFlux;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;

/**
 * An MCP endpoint on Reactor Netty, on a random port of the loopback interface: on the
 * server of a WebFlux application, or on a listener of its own.
 */
public final class NettyServer implements TestServer {

	private final TestTls tls = new TestTls();

	private final ServerSchedulers schedulers;

	private final McpWebSocketServerTransportProvider provider;

	private final IntSupplier port;

	private final Runnable stop;

	private NettyServer(ServerSettings settings, List<String> allowedOrigins, ServerSchedulers schedulers,
			Duration handshakeTimeout, boolean ownListener) {
		this.schedulers = schedulers;
		this.provider = new McpWebSocketServerTransportProvider(settings, WssServer.codec(), schedulers);
		McpWebSocketWebHandler handler = new McpWebSocketWebHandler(this.provider, settings.frameRules(),
				new HandshakeRules(AllowedOrigins.of(allowedOrigins), AllowedHosts.of(List.of(), true)));
		NettyReactiveWebServerFactory factory = new NettyReactiveWebServerFactory();
		factory.setSsl(Ssl.forBundle("server"));
		factory.setSslBundles(new DefaultSslBundleRegistry("server", this.tls.serverBundle()));
		if (ownListener) {
			McpWebSocketListener listener = new McpWebSocketListener(factory,
					new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), "/mcp", handler, handshakeTimeout);
			listener.start();
			this.port = listener::getPort;
			this.stop = listener::stop;
		}
		else {
			AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
			context.register(WebFluxConfiguration.class);
			context.registerBean(SimpleUrlHandlerMapping.class,
					() -> new SimpleUrlHandlerMapping(Map.of("/mcp", handler), -1));
			context.refresh();
			factory.setAddress(InetAddress.getLoopbackAddress());
			factory.setPort(0);
			factory.addServerCustomizers(HandshakeTimeout.untilRequest(handshakeTimeout));
			WebServer webServer = factory.getWebServer(WebHttpHandlerBuilder.applicationContext(context).build());
			webServer.start();
			this.port = webServer::getPort;
			this.stop = () -> {
				webServer.stop();
				context.close();
			};
		}
	}

	public static NettyServer shared(ServerSettings settings, List<String> allowedOrigins, ServerSchedulers schedulers,
			Duration handshakeTimeout) {
		return new NettyServer(settings, allowedOrigins, schedulers, handshakeTimeout, false);
	}

	public static NettyServer listener(ServerSettings settings, List<String> allowedOrigins,
			ServerSchedulers schedulers, Duration handshakeTimeout) {
		return new NettyServer(settings, allowedOrigins, schedulers, handshakeTimeout, true);
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
		return this.port.getAsInt();
	}

	@Override
	public void close() {
		this.provider.closeGracefully().block(Duration.ofSeconds(10));
		this.stop.run();
		this.schedulers.dispose();
	}

	@EnableWebFlux
	static class WebFluxConfiguration {

	}

}
