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

	/**
	 * Return a client that opens sockets as another one does, but to servers only that an
	 * SSL bundle trusts. The trust manager of the bundle has to know the name that it is
	 * to find.
	 * @param client the client, which is returned itself if it was made here with the
	 * same bundle
	 * @param settings where to connect to
	 * @param sslBundle says whom to trust; asked for each socket
	 * @return the client
	 * @see #canVerify
	 */
	public ReactorNettyWebSocketClient verifying(ReactorNettyWebSocketClient client, ClientSettings settings,
			Supplier<@Nullable SslBundle> sslBundle) {
		return isMadeWith(client, sslBundle) ? client : new VerifyingClient(client, settings.uri(), sslBundle);
	}

	/**
	 * Return whether it can be seen to that a client opens sockets to trusted servers
	 * only.
	 * @param client the client
	 * @param sslBundle says whom to trust
	 * @return {@code false} for one that opens sockets in a way of its own
	 */
	public boolean canVerify(ReactorNettyWebSocketClient client, Supplier<@Nullable SslBundle> sslBundle) {
		return isMadeWith(client, sslBundle) || VerifyingClient.canVerify(client);
	}

	private static boolean isMadeWith(ReactorNettyWebSocketClient client, Supplier<@Nullable SslBundle> sslBundle) {
		return client instanceof BundleFollowingClient made && made.isMadeWith(sslBundle);
	}

}
