package io.github.mcpwss.testing;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.function.IntSupplier;

import io.github.mcpwss.server.FrameRules;
import io.github.mcpwss.server.reactive.HandshakeTimeout;
import io.github.mcpwss.server.reactive.McpWebSocketListener;
import io.github.mcpwss.server.reactive.McpWebSocketWebHandler;
import io.github.mcpwss.server.reactive.NoRenegotiation;
import io.github.mcpwss.server.reactive.TlsFailureReport;

import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
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
final class NettyServer extends ProviderServer {

	private final IntSupplier port;

	private final Runnable stopServer;

	private NettyServer(ServerSetup setup, boolean ownListener) {
		super(setup);
		McpWebSocketWebHandler handler = handler(setup);
		NettyReactiveWebServerFactory factory = new NettyReactiveWebServerFactory();
		factory.setSsl(Ssl.forBundle("server"));
		factory.setSslBundles(sslBundles());
		if (ownListener) {
			McpWebSocketListener listener = new McpWebSocketListener(factory,
					new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), "/mcp", handler,
					setup.handshakeTimeout());
			listener.start();
			this.port = listener::getPort;
			this.stopServer = listener::stop;
		}
		else {
			AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
			context.register(WebFluxConfiguration.class);
			context.registerBean(SimpleUrlHandlerMapping.class,
					() -> new SimpleUrlHandlerMapping(Map.of("/mcp", handler), -1));
			context.refresh();
			factory.setAddress(InetAddress.getLoopbackAddress());
			factory.setPort(0);
			factory.addServerCustomizers(HandshakeTimeout.untilRequest(setup.handshakeTimeout()), new NoRenegotiation(),
					new TlsFailureReport());
			WebServer webServer = factory.getWebServer(WebHttpHandlerBuilder.applicationContext(context).build());
			webServer.start();
			this.port = webServer::getPort;
			this.stopServer = () -> {
				webServer.stop();
				context.close();
			};
		}
	}

	static NettyServer shared(ServerSetup setup) {
		return new NettyServer(setup, false);
	}

	static NettyServer listener(ServerSetup setup) {
		return new NettyServer(setup, true);
	}

	private McpWebSocketWebHandler handler(ServerSetup setup) {
		FrameRules frameRules = setup.settings().frameRules();
		return (setup.contextExtractor() != null)
				? new McpWebSocketWebHandler(provider(), frameRules, setup.rules(), setup.contextExtractor())
				: new McpWebSocketWebHandler(provider(), frameRules, setup.rules());
	}

	@Override
	public int port() {
		return this.port.getAsInt();
	}

	@Override
	void stop() {
		this.stopServer.run();
	}

	@EnableWebFlux
	static class WebFluxConfiguration {

	}

}
