package io.github.mcpwss.client;

import java.net.InetSocketAddress;
import java.security.cert.Certificate;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.proxy.ProxyConnectionEvent;
import io.netty.handler.proxy.ProxyHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;
import reactor.netty.http.client.HttpClient;

/**
 * Follows one attempt to connect, so that a failure can name its step and a deadline can
 * cut it off wherever it is. The channel finds it in the Reactor context of the attempt.
 */
final class ConnectProgress {

	private static final String WEBSOCKET_DECODER = "ws-decoder";

	private volatile ConnectStep step = ConnectStep.TCP_CONNECT;

	private volatile boolean activity;

	private volatile @Nullable Channel channel;

	private volatile @Nullable ProxyHandler proxyHandler;

	private volatile @Nullable SSLSession sslSession;

	private volatile @Nullable SSLEngine sslEngine;

	private volatile @Nullable String subprotocol;

	/**
	 * Make a client report to the progress in the context of its subscribers.
	 * @param httpClient the client
	 * @return the client that reports
	 */
	static HttpClient observed(HttpClient httpClient) {
		return httpClient.doOnChannelInit((observer, channel, remoteAddress) -> {
			ConnectProgress progress = observer.currentContext().getOrDefault(ConnectProgress.class, null);
			if (progress != null) {
				progress.follow(channel);
			}
		});
	}

	private void follow(Channel channel) {
		this.channel = channel;
		SslHandler sslHandler = channel.pipeline().get(SslHandler.class);
		this.sslEngine = (sslHandler != null) ? sslHandler.engine() : null;
		ProxyHandler proxyHandler = channel.pipeline().get(ProxyHandler.class);
		this.proxyHandler = proxyHandler;
		advanceTo((proxyHandler != null) ? ConnectStep.PROXY_CONNECT : ConnectStep.TCP_CONNECT);
		channel.pipeline().addFirst("mcp.network", new NetworkFollower());
		channel.pipeline().addBefore(NettyPipeline.ReactiveBridge, "mcp.handshakes", new HandshakeFollower());
	}

	private void onConnected(ChannelPipeline pipeline) {
		boolean tls = pipeline.get(SslHandler.class) != null;
		advanceTo(tls ? ConnectStep.TLS_HANDSHAKE : ConnectStep.WEBSOCKET_HANDSHAKE);
	}

	ConnectStep step() {
		return this.step;
	}

	void advanceTo(ConnectStep step) {
		this.step = step;
	}

	/**
	 * Return the address of the proxy.
	 * @return the address or {@code null} if the server is reached without a proxy
	 */
	@Nullable InetSocketAddress proxyAddress() {
		ProxyHandler proxyHandler = this.proxyHandler;
		return (proxyHandler != null && proxyHandler.proxyAddress() instanceof InetSocketAddress address) ? address
				: null;
	}

	/**
	 * Return why the proxy did not reach the server.
	 * @return the failure or {@code null} if the proxy told none
	 */
	@Nullable Throwable proxyFailure() {
		ProxyHandler proxyHandler = this.proxyHandler;
		return (proxyHandler != null) ? proxyHandler.connectFuture().cause() : null;
	}

	/**
	 * Return whether this client has presented a certificate.
	 * @return {@code false} also where that is not known
	 */
	boolean isCertificatePresented() {
		SSLEngine engine = this.sslEngine;
		return engine != null && (hasCertificate(engine.getSession()) || hasCertificate(engine.getHandshakeSession()));
	}

	private static boolean hasCertificate(@Nullable SSLSession session) {
		Certificate[] certificates = (session != null) ? session.getLocalCertificates() : null;
		return certificates != null && certificates.length > 0;
	}

	@Nullable SSLSession sslSession() {
		return this.sslSession;
	}

	/**
	 * Close the channel, whatever it waits for.
	 */
	@SuppressWarnings("FutureReturnValueIgnored")
	void abort() {
		Channel channel = this.channel;
		if (channel != null) {
			channel.close();
		}
	}

	/**
	 * Return the subprotocol that the server selected.
	 * @return the subprotocol or {@code null} if the server selected none
	 */
	@Nullable String subprotocol() {
		return this.subprotocol;
	}

	void noteActivity() {
		this.activity = true;
	}

	/**
	 * Return whether bytes came from the network since the last time this was asked.
	 * @return {@code true} if the peer is there
	 */
	boolean takeActivity() {
		boolean activity = this.activity;
		this.activity = false;
		return activity;
	}

	/**
	 * First in the pipeline: Reactor Netty holds the event of the connect back until TLS
	 * is done, and a large frame is on its way for long before it is one.
	 */
	private final class NetworkFollower extends ChannelInboundHandlerAdapter {

		@Override
		public void channelActive(ChannelHandlerContext context) throws Exception {
			if (ConnectProgress.this.proxyHandler == null) {
				onConnected(context.pipeline());
			}
			context.fireChannelActive();
		}

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
			noteActivity();
			context.fireChannelRead(message);
		}

	}

	private final class HandshakeFollower extends ChannelInboundHandlerAdapter {

		@Override
		public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
			if (event instanceof SslHandshakeCompletionEvent completion && completion.isSuccess()) {
				ConnectProgress.this.sslSession = context.pipeline().get(SslHandler.class).engine().getSession();
				advanceTo(ConnectStep.WEBSOCKET_HANDSHAKE);
			}
			else if (event instanceof ProxyConnectionEvent) {
				onConnected(context.pipeline());
			}
			super.userEventTriggered(context, event);
		}

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
			if (message instanceof HttpResponse response
					&& HttpResponseStatus.SWITCHING_PROTOCOLS.equals(response.status())) {
				String selected = response.headers().get(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
				ConnectProgress.this.subprotocol = selected;
				if (selected == null) {
					// Netty takes a server that selects none for one that failed, RFC
					// 6455 does not.
					response.headers().set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, ClientSocket.SUBPROTOCOL);
				}
				context.pipeline().remove(this);
				context.fireChannelRead(message);
				encodeCloseOf(context.pipeline());
				return;
			}
			context.fireChannelRead(message);
		}

		/**
		 * Netty puts its decoder nearer to the network than its encoder, so that the
		 * close frame by which the decoder answers a protocol error would be lost.
		 * @param pipeline the pipeline
		 */
		private void encodeCloseOf(ChannelPipeline pipeline) {
			if (pipeline.get(WEBSOCKET_DECODER) != null) {
				pipeline.addBefore(WEBSOCKET_DECODER, "mcp.closeEncoder", new WebSocket13FrameEncoder(true));
			}
		}

	}

}
