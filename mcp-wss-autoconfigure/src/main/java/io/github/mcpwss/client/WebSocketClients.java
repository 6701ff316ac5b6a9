package io.github.mcpwss.client;

import java.net.URI;
import java.time.Duration;
import java.util.function.Supplier;

import io.netty.handler.proxy.ProxyHandler;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.WebsocketClientSpec;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.http.client.ReactorHttpClientBuilder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.socket.WebSocketHandler;
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

	private static final class BundleFollowingClient extends ReactorNettyWebSocketClient {

		private final ClientSettings settings;

		private final Supplier<@Nullable SslBundle> sslBundle;

		private final TlsHandshake handshake;

		private final ReactorHttpClientBuilder builder;

		private volatile Current current;

		BundleFollowingClient(ClientSettings settings, Supplier<@Nullable SslBundle> sslBundle, TlsHandshake handshake,
				ReactorHttpClientBuilder builder) {
			super(HttpClient.create(),
					() -> WebsocketClientSpec.builder().maxFramePayloadLength(settings.maxMessageSize()));
			this.settings = settings;
			this.sslBundle = sslBundle;
			this.handshake = handshake;
			this.builder = builder;
			this.current = create(sslBundle.get());
		}

		@Override
		public HttpClient getHttpClient() {
			SslBundle bundle = this.sslBundle.get();
			Current current = this.current;
			if (current.sslBundle() != bundle) {
				current = create(bundle);
				this.current = current;
			}
			return current.httpClient();
		}

		private Current create(@Nullable SslBundle bundle) {
			// Longer than the transport's own deadline, which knows what it was waiting
			// for.
			Duration timeout = this.settings.timeout().plusSeconds(5);
			HttpClientSettings httpSettings = HttpClientSettings.ofSslBundle(bundle)
				.withConnectTimeout(timeout)
				.withRedirects(HttpRedirects.DONT_FOLLOW);
			HttpClient httpClient = secure(ProxiedHttpClient.of(this.builder.build(httpSettings), this.settings),
					bundle)
				.doOnChannelInit((observer, channel, remoteAddress) -> {
					ProxyHandler proxyHandler = channel.pipeline().get(ProxyHandler.class);
					if (proxyHandler != null) {
						proxyHandler.setConnectTimeoutMillis(timeout.toMillis());
					}
					SslHandler sslHandler = channel.pipeline().get(SslHandler.class);
					if (sslHandler != null) {
						sslHandler.setHandshakeTimeoutMillis(timeout.toMillis());
						this.handshake.setServerName(sslHandler.engine());
					}
				});
			return new Current(bundle, ConnectProgress.observed(httpClient));
		}

		private HttpClient secure(HttpClient httpClient, @Nullable SslBundle bundle) {
			return (this.handshake.revocation() && bundle != null)
					? httpClient.secure((spec) -> spec.sslContext(RevocationSslContext.forClient(bundle))) : httpClient;
		}

		@Override
		public Mono<Void> execute(URI url, HttpHeaders headers, WebSocketHandler handler) {
			Mono<Void> execution = super.execute(url, headers, handler);
			// The proxy's name is looked up by the thread that subscribes.
			return this.current.httpClient().configuration().hasProxy()
					? execution.subscribeOn(Schedulers.boundedElastic()) : execution;
		}

		private record Current(@Nullable SslBundle sslBundle, HttpClient httpClient) {

		}

	}

}
