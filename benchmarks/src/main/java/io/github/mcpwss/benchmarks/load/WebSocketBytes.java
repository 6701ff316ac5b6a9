package io.github.mcpwss.benchmarks.load;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Frames and the handshake as a client sends them.
 */
final class WebSocketBytes {

	private static final byte[] MASK = { 0x37, (byte) 0xfa, 0x21, 0x3d };

	private WebSocketBytes() {
	}

	static ByteBuf handshake(SocketAddress server) {
		return Unpooled.copiedBuffer("""
				GET /mcp HTTP/1.1
				Host: localhost:%d
				Upgrade: websocket
				Connection: Upgrade
				Sec-WebSocket-Version: 13
				Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

				""".formatted(((InetSocketAddress) server).getPort()).replace("\n", "\r\n"), StandardCharsets.US_ASCII);
	}

	static ByteBuf textFrame(String text) {
		return frame(0x81, text.getBytes(StandardCharsets.UTF_8));
	}

	static ByteBuf pong() {
		return frame(0x8a, new byte[0]);
	}

	private static ByteBuf frame(int first, byte[] payload) {
		ByteBuf frame = Unpooled.buffer(payload.length + 14);
		frame.writeByte(first);
		if (payload.length < 126) {
			frame.writeByte(0x80 | payload.length);
		}
		else if (payload.length < 65536) {
			frame.writeByte(0x80 | 126).writeShort(payload.length);
		}
		else {
			frame.writeByte(0x80 | 127).writeLong(payload.length);
		}
		frame.writeBytes(MASK);
		for (int i = 0; i < payload.length; i++) {
			frame.writeByte(payload[i] ^ MASK[i & 3]);
		}
		return frame;
	}

}
