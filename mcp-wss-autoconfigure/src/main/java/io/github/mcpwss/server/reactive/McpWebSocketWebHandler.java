package io.github.mcpwss.server.reactive;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

import io.github.mcpwss.server.FrameRules;
import io.github.mcpwss.server.HandshakeRefusal;
import io.github.mcpwss.server.HandshakeRequest;
import io.github.mcpwss.server.HandshakeRules;
import io.github.mcpwss.server.HandshakeTls;
import io.github.mcpwss.server.McpWebSocketServerTransportProvider;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpTransportContextExtractor;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;

/**
 * The MCP endpoint of a WebFlux application on Reactor Netty: map it to a path. From the
 * upgrade on, the socket is served by Netty alone.
 */
public final class McpWebSocketWebHandler implements WebHandler {

	private static final Logger logger = LoggerFactory.getLogger(McpWebSocketWebHandler.class);

	private static final String SEC_WEBSOCKET_PROTOCOL = "Sec-WebSocket-Protocol";

	private static final String SEC_WEBSOCKET_EXTENSIONS = "Sec-WebSocket-Extensions";

	private final McpWebSocketServerTransportProvider provider;

	private final FrameRules frameRules;

	private final HandshakeRules rules;

	private final McpTransportContextExtractor<ServerHttpRequest> contextExtractor;

	/**
	 * Create the endpoint.
	 * @param provider takes over the sockets
	 * @param frameRules what the frames of a socket may be
	 * @param rules decides which handshakes may lead to a socket
	 */
	public McpWebSocketWebHandler(McpWebSocketServerTransportProvider provider, FrameRules frameRules,
			HandshakeRules rules) {
		this(provider, frameRules, rules, new HandshakeContextExtractor());
	}

	/**
	 * Create the endpoint.
	 * @param provider takes over the sockets
	 * @param frameRules what the frames of a socket may be
	 * @param rules decides which handshakes may lead to a socket
	 * @param contextExtractor captures what tools may know of a handshake
	 */
	public McpWebSocketWebHandler(McpWebSocketServerTransportProvider provider, FrameRules frameRules,
			HandshakeRules rules, McpTransportContextExtractor<ServerHttpRequest> contextExtractor) {
		this.provider = provider;
		this.frameRules = frameRules;
		this.rules = rules;
		this.contextExtractor = contextExtractor;
	}

	@Override
	public Mono<Void> handle(ServerWebExchange exchange) {
		Optional<HandshakeRefusal> refusal = this.rules.check(handshake(exchange)).or(this::noRoom);
		if (refusal.isPresent()) {
			return refuse(exchange, refusal.get());
		}
		return exchange.getPrincipal()
			.map(Optional::<Principal>of)
			.defaultIfEmpty(Optional.empty())
			.flatMap((principal) -> upgrade(exchange, principal.orElse(null)));
	}

	private static HandshakeRequest handshake(ServerWebExchange exchange) {
		HttpServerRequest nativeRequest = ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
		URI uri = exchange.getRequest().getURI();
		HttpHeaders headers = exchange.getRequest().getHeaders();
		return new HandshakeRequest(exchange.getRequest().getMethod().name(), nativeRequest.version().text(),
				Objects.requireNonNullElse(uri.getScheme(), ""), Objects.requireNonNullElse(uri.getHost(), ""),
				uri.getPort(), tls(nativeRequest), headers::getOrEmpty);
	}

	private static @Nullable HandshakeTls tls(HttpServerRequest request) {
		AtomicReference<@Nullable HandshakeTls> tls = new AtomicReference<>();
		request.withConnection((connection) -> {
			SslHandler handler = connection.channel().pipeline().get(SslHandler.class);
			tls.set((handler != null) ? tls(handler.engine().getSession()) : null);
		});
		return tls.get();
	}

	private static HandshakeTls tls(SSLSession session) {
		try {
			return new HandshakeTls(session.getProtocol(),
					Stream.of(session.getPeerCertificates())
						.filter(X509Certificate.class::isInstance)
						.map(X509Certificate.class::cast)
						.toList());
		}
		catch (SSLPeerUnverifiedException ex) {
			// none was presented
			return new HandshakeTls(session.getProtocol(), List.of());
		}
	}

	private Optional<HandshakeRefusal> noRoom() {
		return this.provider.refusal()
			.map((reason) -> new HandshakeRefusal(503, reason, Map.of(HttpHeaders.RETRY_AFTER, "5")));
	}

	private static Mono<Void> refuse(ServerWebExchange exchange, HandshakeRefusal refusal) {
		logger.warn("Refused the WebSocket handshake of {} with {}: {}", exchange.getRequest().getRemoteAddress(),
				refusal.status(), refusal.reason());
		ServerHttpResponse response = exchange.getResponse();
		response.setStatusCode(HttpStatusCode.valueOf(refusal.status()));
		response.getHeaders().setContentType(new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8));
		refusal.headers().forEach(response.getHeaders()::set);
		DataBuffer body = response.bufferFactory().wrap(refusal.reason().getBytes(StandardCharsets.UTF_8));
		return response.writeWith(Mono.just(body));
	}

	private Mono<Void> upgrade(ServerWebExchange exchange, @Nullable Principal principal) {
		HttpServerResponse nativeResponse = ServerHttpResponseDecorator.getNativeResponse(exchange.getResponse());
		HandshakeHttpRequest request = new HandshakeHttpRequest(exchange.getRequest(), principal);
		McpTransportContext context = this.contextExtractor.extract(request);
		String remoteAddress = String.valueOf(exchange.getRequest().getRemoteAddress());
		WebsocketServerSpec spec = WebsocketServerSpec.builder()
			.maxFramePayloadLength(this.frameRules.maxMessageSize())
			.build();
		if (offersSubprotocol(exchange.getRequest().getHeaders())) {
			// Selected here, since Netty looks at the first line of the header alone.
			exchange.getResponse()
				.getHeaders()
				.set(SEC_WEBSOCKET_PROTOCOL, McpWebSocketServerTransportProvider.SUBPROTOCOL);
		}
		Optional<Compression> compression = this.frameRules.compression()
				? Compression.negotiate(exchange.getRequest().getHeaders().getOrEmpty(SEC_WEBSOCKET_EXTENSIONS))
				: Optional.empty();
		compression
			.ifPresent((agreed) -> exchange.getResponse().getHeaders().set(SEC_WEBSOCKET_EXTENSIONS, agreed.header()));
		// Completing the response runs what other parts of the application do before one.
		return exchange.getResponse()
			.setComplete()
			.then(Mono.defer(() -> nativeResponse
				.sendWebsocket((inbound, outbound) -> serve(inbound, remoteAddress, context, compression), spec)));
	}

	private static boolean offersSubprotocol(HttpHeaders headers) {
		return headers.getOrEmpty(SEC_WEBSOCKET_PROTOCOL)
			.stream()
			.flatMap((line) -> Stream.of(line.split(",")))
			.anyMatch((offered) -> offered.trim().equals(McpWebSocketServerTransportProvider.SUBPROTOCOL));
	}

	private Mono<Void> serve(WebsocketInbound inbound, String remoteAddress, McpTransportContext context,
			Optional<Compression> compression) {
		return Mono.create((sink) -> inbound.withConnection((connection) -> {
			Channel channel = connection.channel();
			HandshakeTimeout.cancel(channel);
			channel.closeFuture().addListener((future) -> sink.success());
			WebSocketFrames frames = WebSocketFrames.install(channel, this.frameRules.maxMessageSize(), compression);
			this.provider.open(new NettyWebSocketChannel(channel, remoteAddress, context)).ifPresent(frames::reportTo);
			channel.config().setAutoRead(true);
		}));
	}

}
