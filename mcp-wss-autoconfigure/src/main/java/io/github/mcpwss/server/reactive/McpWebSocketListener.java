package io.github.mcpwss.server.reactive;

import java.net.InetSocketAddress;
import java.time.Duration;

import reactor.core.publisher.Mono;

import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.WebServer;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;

/**
 * A server on a port of its own, with the MCP endpoint and nothing else. Keeps the JVM
 * running while it is started.
 * <p>
 * Instances are not safe for use by several threads, but for {@link #getPort()}.
 */
public final class McpWebSocketListener {

	private final WebServer webServer;

	/**
	 * Create a listener.
	 * @param factory makes the server, with TLS as it is configured there
	 * @param address the address to listen on; port 0 stands for any that is free
	 * @param path the path of the endpoint
	 * @param endpoint the endpoint
	 * @param handshakeTimeout the time that a connection has for the TLS and the
	 * WebSocket handshake
	 */
	public McpWebSocketListener(NettyReactiveWebServerFactory factory, InetSocketAddress address, String path,
			McpWebSocketWebHandler endpoint, Duration handshakeTimeout) {
		factory.setAddress(address.getAddress());
		factory.setPort(address.getPort());
		factory.addServerCustomizers(HandshakeTimeout.untilUpgrade(handshakeTimeout), new NoRenegotiation(),
				new TlsFailureReport());
		WebHandler handler = (exchange) -> path.equals(exchange.getRequest().getPath().value())
				? endpoint.handle(exchange) : notFound(exchange);
		this.webServer = factory.getWebServer(WebHttpHandlerBuilder.webHandler(handler).build());
	}

	private static Mono<Void> notFound(ServerWebExchange exchange) {
		exchange.getResponse().setStatusCode(HttpStatus.NOT_FOUND);
		return exchange.getResponse().setComplete();
	}

	/**
	 * Listen.
	 * @throws PortInUseException if another process does on that port
	 */
	public void start() {
		this.webServer.start();
	}

	/**
	 * Stop listening and end the connections that are left. May be started again.
	 */
	public void stop() {
		this.webServer.stop();
	}

	/**
	 * Return the port.
	 * @return the port or -1 while not started
	 */
	public int getPort() {
		return this.webServer.getPort();
	}

}
