package io.github.mcpwss.server.reactive;

import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.zip.DataFormatException;

import io.github.mcpwss.server.CloseCode;
import io.github.mcpwss.server.ServerConnection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameDecoder;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the frames of one socket to the server and does the closing handshake. Nothing
 * goes on to Reactor Netty, whose queues and subscribers a message would have to pass.
 * All of it runs on the event loop.
 */
final class WebSocketFrames extends ChannelDuplexHandler {

	private static final Logger logger = LoggerFactory.getLogger(WebSocketFrames.class);

	private static final String DECODER = "mcp.frameDecoder";

	/**
	 * The time that the peer has to answer a close frame. Closing at once would reset the
	 * connection where it is still sending, and it would not learn why.
	 */
	private static final long CLOSE_TIMEOUT_MILLIS = 1000;

	private final TextMessageAssembler assembler;

	private @Nullable ServerConnection connection;

	private @Nullable Future<?> closeTimeout;

	private final MessageInflater inflater = new MessageInflater();

	private boolean compressed;

	private boolean refused;

	private boolean closing;

	private String end = "connection lost";

	private WebSocketFrames(int maxMessageSize) {
		this.assembler = new TextMessageAssembler(maxMessageSize);
	}

	/**
	 * Take over a socket after the upgrade.
	 * @param channel the socket
	 * @param maxMessageSize the size in bytes over which a message closes the socket
	 * @param compression what was agreed on with the peer
	 * @return the handler, which discards what comes until it knows where to report to
	 */
	static WebSocketFrames install(Channel channel, int maxMessageSize, Optional<Compression> compression) {
		WebSocketFrames frames = new WebSocketFrames(maxMessageSize);
		ChannelPipeline pipeline = channel.pipeline();
		pipeline.replace(WebSocketFrameDecoder.class, DECODER,
				new StrictFrameDecoder(maxMessageSize, compression.isPresent(), frames::onProgress));
		pipeline.addAfter(DECODER, "mcp.frames", frames);
		compression.ifPresent((agreed) -> agreed.install(pipeline, DECODER));
		return frames;
	}

	void reportTo(ServerConnection connection) {
		this.connection = connection;
	}

	private void onProgress() {
		ServerConnection connection = this.connection;
		if (connection != null) {
			connection.onPart();
		}
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object message) {
		try {
			ServerConnection connection = this.connection;
			if (message instanceof CloseWebSocketFrame close) {
				onClose(ctx, close);
			}
			else if (message instanceof WebSocketFrame frame && !this.refused && !this.closing && connection != null) {
				onFrame(ctx, frame, connection);
			}
		}
		finally {
			ReferenceCountUtil.release(message);
		}
	}

	private void onFrame(ChannelHandlerContext ctx, WebSocketFrame frame, ServerConnection connection) {
		if (frame instanceof PingWebSocketFrame) {
			connection.onPart();
			// A peer that only sends pings and never reads gets no more pongs.
			if (ctx.channel().isWritable()) {
				ctx.writeAndFlush(new PongWebSocketFrame(frame.content().retain()))
					.addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
			}
		}
		else if (frame instanceof PongWebSocketFrame) {
			connection.onPong();
		}
		else if (frame instanceof BinaryWebSocketFrame) {
			refuse(ctx, CloseCode.UNSUPPORTED_DATA, "MCP takes text messages only");
		}
		else {
			connection.onPart(frame.content().readableBytes(), frame.isFinalFragment());
			onPart(ctx, frame, connection);
		}
	}

	private void onPart(ChannelHandlerContext ctx, WebSocketFrame frame, ServerConnection connection) {
		if (!(frame instanceof ContinuationWebSocketFrame)) {
			this.compressed = frame.rsv() != 0;
		}
		ByteBuf part;
		try {
			part = this.compressed
					? this.inflater.inflate(frame.content(), frame.isFinalFragment(), this.assembler.room())
					: frame.content();
		}
		catch (DataFormatException ex) {
			refuse(ctx, CloseCode.INVALID_PAYLOAD, "Message cannot be inflated: " + ex.getMessage());
			return;
		}
		if (part == null || part.readableBytes() > this.assembler.room()) {
			refuse(ctx, CloseCode.MESSAGE_TOO_BIG, "Message is over max-message-size");
			return;
		}
		byte[] message = this.assembler.add(part, frame.isFinalFragment());
		if (message != null) {
			connection.onText(message);
		}
	}

	private void onClose(ChannelHandlerContext ctx, CloseWebSocketFrame frame) {
		if (this.closing) {
			end(ctx);
			return;
		}
		int code = frame.statusCode();
		if (!isValid(code)) {
			refuse(ctx, CloseCode.PROTOCOL_ERROR, "Invalid close code " + code);
			return;
		}
		if (!hasTextReason(frame.content())) {
			refuse(ctx, CloseCode.INVALID_PAYLOAD, "Reason of the close frame is not UTF-8");
			return;
		}
		this.closing = true;
		this.end = "closed with " + ((code != -1) ? code : WebSocketCloseStatus.EMPTY.code());
		CloseWebSocketFrame answer = (code != -1) ? new CloseWebSocketFrame(code, "") : new CloseWebSocketFrame();
		ctx.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
		awaitEnd(ctx);
	}

	private static void end(ChannelHandlerContext ctx) {
		ctx.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
	}

	/**
	 * Return whether the reason is text to its end: Netty lets one pass that is cut off
	 * within a character.
	 * @param content the content of a close frame
	 * @return {@code true} if it is UTF-8 or there is none
	 */
	private static boolean hasTextReason(ByteBuf content) {
		int length = content.readableBytes() - Short.BYTES;
		return length <= 0
				|| ByteBufUtil.isText(content, content.readerIndex() + Short.BYTES, length, StandardCharsets.UTF_8);
	}

	private static boolean isValid(int code) {
		return code == -1 || (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014)
				|| (code >= 3000 && code <= 4999);
	}

	private void refuse(ChannelHandlerContext ctx, CloseCode code, String reason) {
		ServerConnection connection = this.connection;
		if (this.refused || this.closing || connection == null) {
			return;
		}
		this.refused = true;
		// Bounds the time also where the close frame waits behind what is not read.
		awaitEnd(ctx);
		connection.onUnacceptable(code, reason);
	}

	private void awaitEnd(ChannelHandlerContext ctx) {
		if (this.closeTimeout == null) {
			this.closeTimeout = ctx.executor().schedule(() -> end(ctx), CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
		}
	}

	private void onPartWritten() {
		ServerConnection connection = this.connection;
		if (connection != null) {
			connection.onPartWritten();
		}
	}

	@Override
	public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) throws Exception {
		if (this.closing) {
			ReferenceCountUtil.release(message);
			promise.tryFailure(new ClosedChannelException());
			return;
		}
		if (message instanceof WebSocketFrame frame && !frame.isFinalFragment()) {
			promise.addListener((written) -> onPartWritten());
		}
		if (message instanceof CloseWebSocketFrame) {
			this.closing = true;
			ctx.channel().config().setAutoRead(true);
			awaitEnd(ctx);
		}
		super.write(ctx, message, promise);
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		if (cause instanceof CorruptedWebSocketFrameException corrupted) {
			// What follows is no frame any more, and not worth a look.
			ctx.pipeline().remove(StrictFrameDecoder.class);
			refuse(ctx, code(corrupted.closeStatus()), String.valueOf(corrupted.getMessage()));
			return;
		}
		logger.debug("Socket of {} failed: {}", ctx.channel().remoteAddress(), cause.toString());
		this.end = cause.toString();
		end(ctx);
	}

	private static CloseCode code(WebSocketCloseStatus status) {
		if (status.code() == CloseCode.MESSAGE_TOO_BIG.value()) {
			return CloseCode.MESSAGE_TOO_BIG;
		}
		return (status.code() == CloseCode.INVALID_PAYLOAD.value()) ? CloseCode.INVALID_PAYLOAD
				: CloseCode.PROTOCOL_ERROR;
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		this.inflater.end();
		Future<?> timeout = this.closeTimeout;
		if (timeout != null) {
			timeout.cancel(false);
		}
		ServerConnection connection = this.connection;
		if (connection != null) {
			connection.onClosed(this.end);
		}
		ctx.fireChannelInactive();
	}

}
