package io.github.mcpwss.server.reactive;

import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtension;

/**
 * Decodes frames as RFC 6455 wants them, in place of Reactor Netty's decoder, which lets
 * reserved bits through, and leaves it to others to answer what is wrong. Tells of a peer
 * that is busy with a large frame, unless it is so slow that it only pretends to be.
 */
final class StrictFrameDecoder extends WebSocket13FrameDecoder {

	private static final int PROGRESS_BYTES = 4096;

	private final Runnable onProgress;

	private int unreported;

	StrictFrameDecoder(int maxFramePayloadLength, boolean compression, Runnable onProgress) {
		super(WebSocketDecoderConfig.newBuilder()
			.maxFramePayloadLength(maxFramePayloadLength)
			.allowExtensions(compression)
			.closeOnProtocolViolation(false)
			.build());
		this.onProgress = onProgress;
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object input) throws Exception {
		if (input instanceof ByteBuf bytes) {
			this.unreported += bytes.readableBytes();
			if (this.unreported >= PROGRESS_BYTES) {
				this.unreported = 0;
				this.onProgress.run();
			}
		}
		super.channelRead(ctx, input);
	}

	@Override
	protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
		int before = out.size();
		super.decode(ctx, in, out);
		if (out.size() > before && out.get(before) instanceof WebSocketFrame frame && frame.rsv() != 0
				&& !isCompressed(frame)) {
			out.remove(before);
			frame.release();
			throw new CorruptedWebSocketFrameException(WebSocketCloseStatus.PROTOCOL_ERROR,
					"Reserved bits are set: " + frame.rsv());
		}
	}

	private static boolean isCompressed(WebSocketFrame frame) {
		// RFC 7692, section 6: the bit is set on the first frame of a message alone.
		return frame.rsv() == WebSocketExtension.RSV1
				&& (frame instanceof TextWebSocketFrame || frame instanceof BinaryWebSocketFrame);
	}

}
