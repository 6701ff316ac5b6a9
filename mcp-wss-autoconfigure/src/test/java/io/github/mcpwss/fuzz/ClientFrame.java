package io.github.mcpwss.fuzz;

import java.nio.ByteBuffer;

import org.jspecify.annotations.Nullable;

/**
 * A frame of a client, which need not be one by RFC 6455.
 *
 * @param fin whether it says that it is the last one of its message
 * @param rsv the reserved bits, 0 to 7
 * @param opcode the opcode, 0 to 15
 * @param mask the four bytes of the mask, {@code null} for none
 * @param lengthForm how the length is written
 * @param declaredLength the length that is written
 * @param payload what is sent, of any length
 */
record ClientFrame(boolean fin, int rsv, int opcode, byte @Nullable [] mask, LengthForm lengthForm, long declaredLength,
		byte[] payload) {

	static final int CONTINUATION = 0;

	static final int TEXT = 1;

	static final int BINARY = 2;

	static final int CLOSE = 8;

	static final int PING = 9;

	static final int PONG = 10;

	boolean isControl() {
		return this.opcode >= CLOSE;
	}

	boolean hasKnownOpcode() {
		return this.opcode <= BINARY || (this.opcode >= CLOSE && this.opcode <= PONG);
	}

	boolean hasMinimalLength() {
		return this.lengthForm == LengthForm.minimal(this.declaredLength);
	}

	byte[] encode() {
		ByteBuffer bytes = ByteBuffer.allocate(14 + this.payload.length);
		bytes.put((byte) ((this.fin ? 0x80 : 0) | (this.rsv << 4) | this.opcode));
		int masked = (this.mask != null) ? 0x80 : 0;
		switch (this.lengthForm) {
			case SEVEN_BITS -> bytes.put((byte) (masked | this.declaredLength));
			case TWO_BYTES -> bytes.put((byte) (masked | 126)).putShort((short) this.declaredLength);
			case EIGHT_BYTES -> bytes.put((byte) (masked | 127)).putLong(this.declaredLength);
		}
		if (this.mask != null) {
			bytes.put(this.mask);
		}
		for (int i = 0; i < this.payload.length; i++) {
			bytes.put((byte) ((this.mask != null) ? this.payload[i] ^ this.mask[i % 4] : this.payload[i]));
		}
		byte[] encoded = new byte[bytes.position()];
		bytes.flip().get(encoded);
		return encoded;
	}

	@Override
	public String toString() {
		return "[opcode " + this.opcode + (this.fin ? " fin" : "") + ((this.rsv != 0) ? " rsv " + this.rsv : "")
				+ ((this.mask == null) ? " unmasked" : "") + (hasMinimalLength() ? "" : " " + this.lengthForm)
				+ " length " + this.declaredLength + "]";
	}

	/**
	 * How the length of a frame is written (RFC 6455, section 5.2).
	 */
	enum LengthForm {

		SEVEN_BITS, TWO_BYTES, EIGHT_BYTES;

		static LengthForm minimal(long length) {
			if (length < 0 || length > 0xFFFF) {
				return EIGHT_BYTES;
			}
			return (length < 126) ? SEVEN_BITS : TWO_BYTES;
		}

	}

}
