package io.github.mcpwss.benchmarks.load;

import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;

/**
 * A connection that is kept alive and carries one POST at a time. Knows of HTTP/1.1 what
 * it needs to count responses.
 */
final class HttpCallChannel extends CallChannel {

	private static final int PREFIX_LENGTH = 320;

	private final byte[] prefix = new byte[PREFIX_LENGTH];

	private final StringBuilder line = new StringBuilder();

	private final int minLength;

	private State state = State.STATUS;

	private boolean chunked;

	private int prefixLength;

	private long bodyLength;

	private long remaining;

	HttpCallChannel(CallRecorder recorder, ByteBuf request, int minLength) {
		super(recorder, new ByteBuf[] { request });
		this.minLength = minLength;
	}

	@Override
	public void channelActive(ChannelHandlerContext context) {
		becomeReady();
	}

	@Override
	void onBytes(ByteBuf bytes) {
		while (bytes.isReadable()) {
			if (this.state == State.BODY) {
				onBody(bytes);
			}
			else {
				onLineByte(bytes.readByte());
			}
		}
	}

	private void onLineByte(byte value) {
		if (value != '\n') {
			if (value != '\r') {
				this.line.append((char) value);
			}
			return;
		}
		onLine();
		this.line.setLength(0);
	}

	private void onLine() {
		switch (this.state) {
			case STATUS -> {
				if (this.line.indexOf("HTTP/1.1 200") != 0) {
					fail("Not answered: " + this.line);
				}
				this.state = State.HEADERS;
			}
			case HEADERS -> onHeader();
			case CHUNK_SIZE -> {
				this.remaining = Long.parseLong(this.line, 0, this.line.length(), 16);
				this.state = (this.remaining > 0) ? State.BODY : State.TRAILER;
			}
			case CHUNK_END -> {
				this.state = State.CHUNK_SIZE;
			}
			case TRAILER -> onResponse();
			case BODY -> throw new IllegalStateException("A body has no lines");
		}
	}

	private void onHeader() {
		if (this.line.isEmpty()) {
			this.state = this.chunked ? State.CHUNK_SIZE : State.BODY;
			return;
		}
		switch (this.line.charAt(0)) {
			case 'T', 't' -> {
				this.chunked |= "Transfer-Encoding: chunked".contentEquals(this.line);
			}
			case 'C', 'c' -> {
				if (this.line.indexOf("Content-Length: ") == 0) {
					this.remaining = Long.parseLong(this.line, "Content-Length: ".length(), this.line.length(), 10);
				}
			}
			default -> {
			}
		}
	}

	private void onBody(ByteBuf bytes) {
		int length = (int) Math.min(this.remaining, bytes.readableBytes());
		int copied = Math.min(length, PREFIX_LENGTH - this.prefixLength);
		bytes.getBytes(bytes.readerIndex(), this.prefix, this.prefixLength, copied);
		bytes.skipBytes(length);
		this.prefixLength += copied;
		this.bodyLength += length;
		this.remaining -= length;
		if (this.remaining == 0) {
			if (this.chunked) {
				this.state = State.CHUNK_END;
			}
			else {
				onResponse();
			}
		}
	}

	private void onResponse() {
		if (this.bodyLength < this.minLength || !ResponsePrefix.isResult(this.prefix, this.prefixLength)) {
			fail("Not the response: " + new String(this.prefix, 0, this.prefixLength, StandardCharsets.UTF_8));
			return;
		}
		this.state = State.STATUS;
		this.chunked = false;
		this.prefixLength = 0;
		this.bodyLength = 0;
		answered(0);
	}

	private enum State {

		STATUS, HEADERS, CHUNK_SIZE, BODY, CHUNK_END, TRAILER

	}

}
