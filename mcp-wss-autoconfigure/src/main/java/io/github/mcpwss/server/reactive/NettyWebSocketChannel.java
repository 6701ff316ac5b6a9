package io.github.mcpwss.server.reactive;

import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import io.github.mcpwss.server.CloseCode;
import io.github.mcpwss.server.WebSocketChannel;
import io.modelcontextprotocol.common.McpTransportContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import org.jspecify.annotations.Nullable;

/**
 * A socket of Netty. No method blocks: what is written goes to the event loop.
 */
final class NettyWebSocketChannel implements WebSocketChannel {

	/**
	 * The bytes beyond which a message goes out in several frames, so that it is seen
	 * that a peer reads it.
	 */
	private static final int MAX_FRAME_BYTES = 256 * 1024;

	private final Channel channel;

	private final String remoteAddress;

	private final McpTransportContext transportContext;

	NettyWebSocketChannel(Channel channel, String remoteAddress, McpTransportContext transportContext) {
		this.channel = channel;
		this.remoteAddress = remoteAddress;
		this.transportContext = transportContext;
	}

	@Override
	public String remoteAddress() {
		return this.remoteAddress;
	}

	@Override
	public McpTransportContext transportContext() {
		return this.transportContext;
	}

	@Override
	public Executor sender() {
		return this.channel.eventLoop();
	}

	@Override
	public void send(List<byte[]> messages, Consumer<@Nullable Throwable> callback) {
		if (!this.channel.isActive()) {
			// Its event loop may be gone, too, and would never call back.
			callback.accept(new ClosedChannelException());
			return;
		}
		ChannelFuture last = this.channel.newSucceededFuture();
		for (byte[] message : messages) {
			last = write(message);
		}
		// One flush makes one TLS record of them, and one system call.
		this.channel.flush();
		ChannelFutureListener listener = (future) -> callback.accept(future.cause());
		last.addListener(listener);
	}

	private ChannelFuture write(byte[] message) {
		ByteBuf content = Unpooled.wrappedBuffer(message);
		if (message.length <= MAX_FRAME_BYTES) {
			return this.channel.write(new TextWebSocketFrame(content));
		}
		ChannelFuture last = this.channel.write(new TextWebSocketFrame(false, 0, content.readSlice(MAX_FRAME_BYTES)));
		while (content.isReadable()) {
			int length = Math.min(content.readableBytes(), MAX_FRAME_BYTES);
			ByteBuf part = content.readRetainedSlice(length);
			last = this.channel.write(new ContinuationWebSocketFrame(!content.isReadable(), 0, part));
		}
		return last;
	}

	@Override
	public void ping() {
		write(new PingWebSocketFrame());
	}

	@Override
	public void pauseReading() {
		this.channel.config().setAutoRead(false);
	}

	@Override
	public void resumeReading() {
		this.channel.config().setAutoRead(true);
	}

	@Override
	public void close(CloseCode code, String reason) {
		write(new CloseWebSocketFrame(code.value(), reason));
	}

	private void write(WebSocketFrame frame) {
		if (this.channel.isActive()) {
			this.channel.writeAndFlush(frame).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
		}
		else {
			frame.release();
		}
	}

}
