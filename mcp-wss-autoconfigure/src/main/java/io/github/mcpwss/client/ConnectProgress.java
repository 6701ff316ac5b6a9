package io.github.mcpwss.client;

import javax.net.ssl.SSLSession;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
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

	private volatile ConnectStep step = ConnectStep.TCP_CONNECT;

	private volatile @Nullable Channel channel;

	private volatile @Nullable SSLSession sslSession;

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
		channel.pipeline().addBefore(NettyPipeline.ReactiveBridge, "mcp.connectProgress", new Follower());
	}

	ConnectStep step() {
		return this.step;
	}

	void advanceTo(ConnectStep step) {
		this.step = step;
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

	private final class Follower extends ChannelInboundHandlerAdapter {

		@Override
		public void channelActive(ChannelHandlerContext context) throws Exception {
			boolean tls = context.pipeline().get(SslHandler.class) != null;
			advanceTo(tls ? ConnectStep.TLS_HANDSHAKE : ConnectStep.WEBSOCKET_HANDSHAKE);
			super.channelActive(context);
		}

		@Override
		public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
			if (event instanceof SslHandshakeCompletionEvent completion && completion.isSuccess()) {
				ConnectProgress.this.sslSession = context.pipeline().get(SslHandler.class).engine().getSession();
				advanceTo(ConnectStep.WEBSOCKET_HANDSHAKE);
			}
			super.userEventTriggered(context, event);
		}

	}

}
