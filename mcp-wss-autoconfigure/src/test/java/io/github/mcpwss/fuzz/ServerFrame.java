package io.github.mcpwss.fuzz;

import java.io.DataInputStream;
import java.io.IOException;

/**
 * A frame of the server, which must be one by RFC 6455 in every respect.
 *
 * @param fin whether it is the last one of its message
 * @param opcode the opcode
 * @param payload the payload
 */
record ServerFrame(boolean fin, int opcode, byte[] payload) {

	static final int NO_CODE = 1005;

	static ServerFrame read(DataInputStream in) throws IOException {
		int first = in.readUnsignedByte();
		int second = in.readUnsignedByte();
		int opcode = first & 0x0F;
		boolean fin = (first & 0x80) != 0;
		require((first & 0x70) == 0, "reserved bits are set");
		require((second & 0x80) == 0, "masked");
		require(opcode <= ClientFrame.BINARY || (opcode >= ClientFrame.CLOSE && opcode <= ClientFrame.PONG),
				"opcode " + opcode);
		long length = second;
		if (second == 126) {
			length = in.readUnsignedShort();
			require(length >= 126, "length is not minimal");
		}
		else if (second == 127) {
			length = in.readLong();
			require(length > 0xFFFF, "length is not minimal");
		}
		require(opcode < ClientFrame.CLOSE || (fin && length <= 125), "control frame is fragmented or long");
		byte[] payload = new byte[Math.toIntExact(length)];
		in.readFully(payload);
		require(opcode != ClientFrame.CLOSE || payload.length != 1, "close frame with one byte");
		return new ServerFrame(fin, opcode, payload);
	}

	private static void require(boolean condition, String violation) {
		if (!condition) {
			throw new AssertionError("Server sent a frame that is none: " + violation);
		}
	}

	int closeCode() {
		return (this.payload.length == 0) ? NO_CODE : ((this.payload[0] & 0xFF) << 8) | (this.payload[1] & 0xFF);
	}

}
