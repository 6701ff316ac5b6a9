package io.github.mcpwss.client;

import java.net.URI;
import java.time.Duration;
import java.util.function.Supplier;

import io.github.mcpwss.tls.EdwardsCurveKeys;
import io.netty.handler.proxy.ProxyHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.WebsocketClientSpec;

import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.http.client.ReactorHttpClientBuilder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.client.ReactorNettyWebSocketClient;

/**
 * Opens each socket with the TLS material of that moment. BoringSSL or OpenSSL does TLS
 * where Netty has it, and the JDK where keys of Edwards curves play a role: Netty does
 * not find them for the others, and BoringSSL does not verify them. That a server has
 * such a key is not known before it refuses the handshake; the JDK makes another one
 * then, and all later ones if that is the reason.
 */
final class BundleFollowingClient extends ReactorNettyWebSocketClient {

	private static final Logger logger = LoggerFactory.getLogger(BundleFollowingClient.class);

	private final ClientSettings settings;

	private final Supplier<@Nullable SslBundle> sslBundle;

	private final TlsHandshake handshake;

	private final ReactorHttpClientBuilder builder;

	private volatile Current current;

	BundleFollowingClient(ClientSettings settings, Supplier<@Nullable SslBundle> sslBundle, TlsHandshake handshake,
			ReactorHttpClientBuilder builder) {
		super(HttpClient.create(), () -> spec(settings));
		this.settings = settings;
		this.sslBundle = sslBundle;
		this.handshake = handshake;
		this.builder = builder;
		this.current = create(sslBundle.get());
	}

	private static WebsocketClientSpec.Builder spec(ClientSettings settings) {
		return WebsocketClientSpec.builder().maxFramePayloadLength(settings.maxMessageSize());
	}

	boolean isMadeWith(Supplier<@Nullable SslBundle> sslBundle) {
		return this.sslBundle == sslBundle;
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
		return create(bundle, (bundle != null && EdwardsCurveKeys.areIn(bundle.getManagers())) ? SslProvider.JDK
				: SslContext.defaultClientProvider());
	}

	private Current create(@Nullable SslBundle bundle, SslProvider provider) {
		// Longer than the transport's own deadline, which knows what it was waiting for.
		Duration timeout = this.settings.timeout().plusSeconds(5);
		HttpClientSettings httpSettings = HttpClientSettings.defaults()
			.withConnectTimeout(timeout)
			.withRedirects(HttpRedirects.DONT_FOLLOW);
		HttpClient httpClient = secure(ProxiedHttpClient.of(this.builder.build(httpSettings), this.settings), bundle,
				provider)
			.doOnChannelInit((observer, channel, remoteAddress) -> {
				ProxyHandler proxyHandler = channel.pipeline().get(ProxyHandler.class);
				if (proxyHandler != null) {
					proxyHandler.setConnectTimeoutMillis(timeout.toMillis());
				}
				SslHandler sslHandler = channel.pipeline().get(SslHandler.class);
				if (sslHandler != null) {
					sslHandler.setHandshakeTimeoutMillis(timeout.toMillis());
					this.handshake.setServerName(sslHandler.engine(), this.settings.uri().getHost());
				}
			});
		return new Current(bundle, provider, ConnectProgress.observed(httpClient));
	}

	private HttpClient secure(HttpClient httpClient, @Nullable SslBundle bundle, SslProvider provider) {
		if (bundle == null) {
			return httpClient;
		}
		SslContext context = ClientSslContext.create(ServerCertificateTrustManager.apply(bundle), provider,
				this.handshake.revocation());
		return httpClient.secure((spec) -> spec.sslContext(context));
	}

	@Override
	public Mono<Void> execute(URI url, HttpHeaders headers, WebSocketHandler handler) {
		Mono<Void> execution = super.execute(url, headers, handler);
		Current used = this.current;
		if (used.sslBundle() != null && used.provider() != SslProvider.JDK) {
			execution = execution.onErrorResume(HandshakeRefusal::isPossible,
					(failure) -> executeWithJdk(used, url, headers, handler));
		}
		// The proxy's name is looked up by the thread that subscribes.
		return used.httpClient().configuration().hasProxy() ? execution.subscribeOn(Schedulers.boundedElastic())
				: execution;
	}

	private Mono<Void> executeWithJdk(Current refused, URI url, HttpHeaders headers, WebSocketHandler handler) {
		Current jdk = create(refused.sslBundle(), SslProvider.JDK);
		HttpClient httpClient = jdk.httpClient().doOnConnected((connection) -> {
			SslHandler sslHandler = connection.channel().pipeline().get(SslHandler.class);
			if (sslHandler != null && EdwardsCurveKeys.isPresentedIn(sslHandler.engine().getSession())) {
				adopt(jdk);
			}
		});
		return new ReactorNettyWebSocketClient(httpClient, () -> spec(this.settings)).execute(url, headers, handler);
	}

	private void adopt(Current jdk) {
		Current current = this.current;
		if (current.sslBundle() == jdk.sslBundle() && current.provider() != SslProvider.JDK) {
			this.current = jdk;
			logger.info(
					"The JDK does TLS with {} from now on: the server's certificate has an Ed25519 key, which BoringSSL does not verify",
					this.settings.endpoint());
		}
	}

	/**
	 * What sockets are opened with.
	 *
	 * @param sslBundle the TLS material
	 * @param provider what does TLS
	 * @param httpClient opens connections
	 */
	private record Current(@Nullable SslBundle sslBundle, SslProvider provider, HttpClient httpClient) {

	}

}
