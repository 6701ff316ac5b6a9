package io.github.mcpwss.server.reactive;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;

/**
 * Decodes frames as RFC 6455 wants them, in place of Reactor Netty's decoder, which lets
 * reserved bits through, and leaves it to others to answer what is wrong. Tells of a peer
 * that is busy with a large frame, unless it is so slow that it only pretends to be.
 */
final class StrictFrameDecoder extends WebSocket13FrameDecoder {

	private static final int PROGRESS_BYTES = 4096;

	private final Runnable onProgress;

	private int unreported;

	StrictFrameDecoder(int maxFramePayloadLength, Runnable onProgress) {
		super(WebSocketDecoderConfig.newBuilder()
			.maxFramePayloadLength(maxFramePayloadLength)
			.allowExtensions(false)
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

}
