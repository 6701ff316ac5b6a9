package io.github.mcpwss.benchmarks.load;

import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;

/**
 * A session of one WebSocket. Knows of RFC 6455 what it needs to count messages.
 */
final class WebSocketCallChannel extends CallChannel {

	private static final int OPCODE_PING = 0x9;

	private static final int OPCODE_CLOSE = 0x8;

	private static final int PREFIX_LENGTH = 160;

	private final byte[] header = new byte[10];

	private final byte[] prefix = new byte[PREFIX_LENGTH];

	private final StringBuilder handshake = new StringBuilder();

	private final boolean mcp;

	private final int minLength;

	private State state = State.HANDSHAKE;

	private int headerLength;

	private int prefixLength;

	private long messageLength;

	private long remaining;

	WebSocketCallChannel(CallRecorder recorder, ByteBuf[] requests, boolean mcp, int minLength) {
		super(recorder, requests);
		this.mcp = mcp;
		this.minLength = minLength;
	}

	@Override
	public void channelActive(ChannelHandlerContext context) {
		write(WebSocketBytes.handshake(context.channel().remoteAddress()));
		context.flush();
	}

	@Override
	void onBytes(ByteBuf bytes) {
		while (bytes.isReadable()) {
			switch (this.state) {
				case HANDSHAKE -> onHandshake(bytes);
				case INITIALIZE, CALLS -> onFrames(bytes);
			}
		}
	}

	private void onHandshake(ByteBuf bytes) {
		this.handshake.append((char) bytes.readByte());
		if (this.handshake.length() >= 4 && this.handshake.indexOf("\r\n\r\n", this.handshake.length() - 4) >= 0) {
			if (this.handshake.indexOf("HTTP/1.1 101 ") != 0) {
				fail("No upgrade: " + this.handshake);
				return;
			}
			if (this.mcp) {
				this.state = State.INITIALIZE;
				write(WebSocketBytes.textFrame(McpMessages.initialize()));
			}
			else {
				this.state = State.CALLS;
				becomeReady();
			}
		}
	}

	private void onFrames(ByteBuf bytes) {
		if (this.remaining == 0) {
			this.header[this.headerLength++] = bytes.readByte();
			if (this.headerLength < headerSize()) {
				return;
			}
			this.remaining = payloadLength();
		}
		int length = (int) Math.min(this.remaining, bytes.readableBytes());
		int copied = Math.min(length, PREFIX_LENGTH - this.prefixLength);
		bytes.getBytes(bytes.readerIndex(), this.prefix, this.prefixLength, copied);
		bytes.skipBytes(length);
		this.prefixLength += copied;
		this.messageLength += length;
		this.remaining -= length;
		if (this.remaining == 0) {
			onFrame(this.header[0] & 0x0f, (this.header[0] & 0x80) != 0);
		}
	}

	private int headerSize() {
		if (this.headerLength < 2) {
			return 2;
		}
		return switch (this.header[1] & 0x7f) {
			case 126 -> 4;
			case 127 -> 10;
			default -> 2;
		};
	}

	private long payloadLength() {
		int size = headerSize();
		if (size == 2) {
			return this.header[1] & 0x7f;
		}
		long length = 0;
		for (int i = 2; i < size; i++) {
			length = (length << 8) | (this.header[i] & 0xff);
		}
		return length;
	}

	private void onFrame(int opcode, boolean last) {
		this.headerLength = 0;
		if (opcode == OPCODE_CLOSE) {
			fail("The server closed: " + new String(this.prefix, 0, this.prefixLength, StandardCharsets.ISO_8859_1));
		}
		else if (opcode == OPCODE_PING) {
			write(WebSocketBytes.pong());
			// Pings come between messages here, never inside one.
			nextMessage();
		}
		else if (last) {
			onMessage();
			nextMessage();
		}
	}

	private void nextMessage() {
		this.prefixLength = 0;
		this.messageLength = 0;
	}

	private void onMessage() {
		if (this.state == State.INITIALIZE) {
			write(WebSocketBytes.textFrame(McpMessages.initialized()));
			this.state = State.CALLS;
			becomeReady();
			return;
		}
		int slot = ResponsePrefix.slot(this.prefix, this.prefixLength);
		if (slot < 0 || this.messageLength < this.minLength
				|| (this.mcp && !ResponsePrefix.isResult(this.prefix, this.prefixLength))) {
			fail("Not the response: " + new String(this.prefix, 0, this.prefixLength, StandardCharsets.UTF_8));
			return;
		}
		answered(slot);
	}

	private enum State {

		HANDSHAKE, INITIALIZE, CALLS

	}

}
