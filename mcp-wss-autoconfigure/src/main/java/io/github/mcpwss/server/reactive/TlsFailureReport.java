package io.github.mcpwss.server.reactive;

import java.nio.channels.ClosedChannelException;
import java.time.Duration;

import io.github.mcpwss.server.TlsFailureLog;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SniCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;

import org.springframework.boot.reactor.netty.NettyServerCustomizer;

/**
 * Reports failed TLS handshakes to a {@link TlsFailureLog}. A connection that was closed
 * before its first byte, as load balancers do to see whether a server is there, is none.
 */
public final class TlsFailureReport implements NettyServerCustomizer {

	private final TlsFailureLog log = new TlsFailureLog();

	@Override
	public HttpServer apply(HttpServer server) {
		return server.doOnChannelInit((observer, channel, remoteAddress) -> {
			ChannelPipeline pipeline = channel.pipeline();
			if (pipeline.get(NettyPipeline.SslHandler) != null && pipeline.get(NettyPipeline.SslReader) != null) {
				HandshakeHandler handler = new HandshakeHandler(this.log);
				pipeline.addBefore(NettyPipeline.SslHandler, null, new FirstByteHandler(handler));
				pipeline.addBefore(NettyPipeline.SslReader, null, handler);
			}
		});
	}

	/**
	 * Leave it to the report to tell that a connection is closed because its handshake
	 * takes too long.
	 * @param channel the connection
	 * @return whether that is so, {@code false} if its handshake is done
	 */
	static boolean takesTimeout(Channel channel) {
		HandshakeHandler handler = channel.pipeline().get(HandshakeHandler.class);
		if (handler == null) {
			return false;
		}
		handler.timedOut = true;
		return true;
	}

	private static final class FirstByteHandler extends ChannelInboundHandlerAdapter {

		private final HandshakeHandler handshake;

		private FirstByteHandler(HandshakeHandler handshake) {
			this.handshake = handshake;
		}

		@Override
		public void channelRead(ChannelHandlerContext ctx, Object message) {
			this.handshake.begun = true;
			ctx.pipeline().remove(this);
			ctx.fireChannelRead(message);
		}

	}

	/**
	 * Is there until the handshake is done, on the event loop of its connection.
	 */
	private static final class HandshakeHandler extends ChannelInboundHandlerAdapter {

		private final TlsFailureLog log;

		private final long start = System.nanoTime();

		private boolean begun;

		private boolean timedOut;

		private HandshakeHandler(TlsFailureLog log) {
			this.log = log;
		}

		@Override
		public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
			if (event instanceof SslHandshakeCompletionEvent handshake) {
				ctx.pipeline().remove(this);
				if (!handshake.isSuccess()) {
					report(ctx.channel(), handshake.cause());
				}
			}
			else if (event instanceof SniCompletionEvent hello && !hello.isSuccess()) {
				ctx.pipeline().remove(this);
				report(ctx.channel(), hello.cause());
			}
			ctx.fireUserEventTriggered(event);
		}

		@Override
		public void channelInactive(ChannelHandlerContext ctx) {
			// before the first message of the client was complete
			report(ctx.channel(), new ClosedChannelException());
			ctx.fireChannelInactive();
		}

		private void report(Channel channel, Throwable failure) {
			if (this.timedOut || failure instanceof SslHandshakeTimeoutException) {
				this.log.timedOut(channel.remoteAddress(), Duration.ofNanos(System.nanoTime() - this.start));
			}
			else if (!(failure instanceof ClosedChannelException)) {
				this.log.failed(channel.remoteAddress(), failure);
			}
			else if (this.begun) {
				this.log.closed(channel.remoteAddress());
			}
		}

	}

}
