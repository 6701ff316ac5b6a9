package io.github.mcpwss.server.reactive;

import javax.net.ssl.SSLEngine;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;

import org.springframework.boot.reactor.netty.NettyServerCustomizer;

/**
 * Refuses clients that want to negotiate TLS 1.2 again on a connection: a handshake costs
 * a server much more than its client. The JDK's engine would do it as often as asked;
 * OpenSSL's and BoringSSL's refuse by themselves in Netty, and TLS 1.3 has no such thing.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9325#section-3.5">RFC 9325, 3.5</a>
 */
public final class NoRenegotiation implements NettyServerCustomizer {

	private final RefusalHandler refusalHandler = new RefusalHandler();

	@Override
	public HttpServer apply(HttpServer server) {
		return server.doOnChannelInit((observer, channel, remoteAddress) -> {
			if (channel.pipeline().get(NettyPipeline.SslReader) != null) {
				channel.pipeline().addAfter(NettyPipeline.SslReader, null, this.refusalHandler);
			}
		});
	}

	@Sharable
	private static final class RefusalHandler extends ChannelInboundHandlerAdapter {

		@Override
		public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
			if (event instanceof SslHandshakeCompletionEvent handshake) {
				SslHandler handler = ctx.pipeline().get(SslHandler.class);
				if (handshake.isSuccess() && handler != null) {
					refuseFurther(handler.engine());
				}
				ctx.pipeline().remove(this);
			}
			ctx.fireUserEventTriggered(event);
		}

		private static void refuseFurther(SSLEngine engine) {
			if (!(engine instanceof ReferenceCountedOpenSslEngine)) {
				// A handshake that has nothing to choose from fails; this one has ended.
				engine.setEnabledCipherSuites(new String[0]);
			}
		}

	}

}
