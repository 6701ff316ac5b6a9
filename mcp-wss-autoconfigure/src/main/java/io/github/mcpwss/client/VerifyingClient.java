package io.github.mcpwss.client;

import java.lang.reflect.Method;
import java.net.URI;
import java.util.function.Supplier;

import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.WebsocketClientSpec;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.http.HttpHeaders;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.client.ReactorNettyWebSocketClient;

/**
 * Opens sockets as a client of the application's own does, and holds the server to what
 * the SSL bundle says of trust: before the first byte of the WebSocket handshake, which
 * may hold credentials, is sent. Redirects are not followed, since they may lead to a
 * connection without TLS.
 */
final class VerifyingClient extends ReactorNettyWebSocketClient {

	private final ReactorNettyWebSocketClient delegate;

	private final boolean secure;

	private final Supplier<@Nullable SslBundle> sslBundle;

	VerifyingClient(ReactorNettyWebSocketClient delegate, URI uri, Supplier<@Nullable SslBundle> sslBundle) {
		super(HttpClient.create(), () -> builder(delegate.getWebsocketClientSpec()));
		this.delegate = delegate;
		this.secure = "wss".equalsIgnoreCase(uri.getScheme());
		this.sslBundle = sslBundle;
	}

	/**
	 * Return whether a client opens its sockets by its {@code HttpClient}, into which
	 * this class can look.
	 * @param client the client
	 * @return {@code false} for one that opens them in a way of its own
	 */
	static boolean canVerify(ReactorNettyWebSocketClient client) {
		Method execute = ReflectionUtils.findMethod(client.getClass(), "execute", URI.class, HttpHeaders.class,
				WebSocketHandler.class);
		return execute != null && execute.getDeclaringClass() == ReactorNettyWebSocketClient.class;
	}

	private static WebsocketClientSpec.Builder builder(WebsocketClientSpec spec) {
		return WebsocketClientSpec.builder()
			.compress(spec.compress())
			.compressionAllowClientNoContext(spec.compressionAllowClientNoContext())
			.compressionRequestedServerNoContext(spec.compressionRequestedServerNoContext())
			.handlePing(spec.handlePing())
			.maxFramePayloadLength(spec.maxFramePayloadLength())
			.version(spec.version());
	}

	@Override
	public HttpClient getHttpClient() {
		HttpClient httpClient = this.delegate.getHttpClient().followRedirect(false);
		return ConnectProgress.observed(this.secure ? httpClient.doOnChannelInit((observer, channel, remoteAddress) -> {
			SslHandler tls = channel.pipeline().get(SslHandler.class);
			if (tls == null) {
				throw new IllegalStateException("The client of the application opens a wss:// URL without TLS");
			}
			channel.pipeline()
				.addAfter(channel.pipeline().context(tls).name(), "mcp.serverCertificate",
						new ServerCertificateCheck(tls.engine(), this.sslBundle));
		}) : httpClient);
	}

}
