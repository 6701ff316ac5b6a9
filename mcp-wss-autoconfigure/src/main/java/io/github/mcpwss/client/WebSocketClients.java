package io.github.mcpwss.client;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

import org.springframework.boot.http.client.ReactorHttpClientBuilder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.web.reactive.socket.client.ReactorNettyWebSocketClient;

/**
 * Makes the clients that open sockets: no redirect is followed, nothing is retried or
 * pooled, and nothing but the transport's own deadline ends an attempt.
 */
public final class WebSocketClients {

	private final ReactorHttpClientBuilder builder;

	/**
	 * Create a factory of clients.
	 * @param loopResources the event loops to run on, or {@code null} for those that
	 * Reactor Netty shares in the JVM
	 */
	public WebSocketClients(@Nullable LoopResources loopResources) {
		ReactorHttpClientBuilder builder = new ReactorHttpClientBuilder()
			.withHttpClientFactory(() -> HttpClient.create(ConnectionProvider.newConnection()).disableRetry(true));
		this.builder = (loopResources != null)
				? builder.withHttpClientCustomizer((httpClient) -> httpClient.runOn(loopResources)) : builder;
	}

	/**
	 * Create a client.
	 * @param settings where to connect to
	 * @param sslBundle the TLS material; asked for each socket, so that a reloaded one is
	 * used
	 * @return the client
	 */
	public ReactorNettyWebSocketClient create(ClientSettings settings, Supplier<@Nullable SslBundle> sslBundle) {
		return create(settings, sslBundle, TlsHandshake.DEFAULT);
	}

	/**
	 * Create a client.
	 * @param settings where to connect to
	 * @param sslBundle the TLS material; asked for each socket, so that a reloaded one is
	 * used
	 * @param handshake how TLS handshakes are made
	 * @return the client
	 */
	public ReactorNettyWebSocketClient create(ClientSettings settings, Supplier<@Nullable SslBundle> sslBundle,
			TlsHandshake handshake) {
		return new BundleFollowingClient(settings, sslBundle, handshake, this.builder);
	}

}
