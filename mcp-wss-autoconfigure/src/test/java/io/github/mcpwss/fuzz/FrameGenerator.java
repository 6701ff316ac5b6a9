package io.github.mcpwss.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import io.github.mcpwss.fuzz.ClientFrame.LengthForm;

/**
 * Makes frames, right ones and wrong ones. What they have to get is {@link FrameModel}'s
 * to say.
 */
final class FrameGenerator {

	private static final byte[][] NOT_UTF8 = { { (byte) 0xFF }, { (byte) 0xC3 }, { (byte) 0xC0, (byte) 0x80 },
			{ (byte) 0xED, (byte) 0xA0, (byte) 0x80 }, { (byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80 },
			{ (byte) 0xE2, (byte) 0x82, 'x' }, { (byte) 0x80 },
			{ (byte) 0xF8, (byte) 0x88, (byte) 0x80, (byte) 0x80 } };

	private final Random random;

	private final int maxMessageSize;

	FrameGenerator(Random random, int maxMessageSize) {
		this.random = random;
		this.maxMessageSize = maxMessageSize;
	}

	/**
	 * Make the frames of a message, with control frames between them.
	 * @param text the message
	 * @return the frames
	 */
	List<ClientFrame> message(String text) {
		return message(text.getBytes(StandardCharsets.UTF_8), ClientFrame.TEXT);
	}

	private List<ClientFrame> message(byte[] bytes, int opcode) {
		List<ClientFrame> frames = new ArrayList<>();
		int parts = (this.random.nextInt(3) == 0) ? 1 + this.random.nextInt(5) : 1;
		int from = 0;
		for (int part = 1; part <= parts; part++) {
			boolean last = part == parts;
			int to = last ? bytes.length : from + this.random.nextInt(bytes.length - from + 1);
			byte[] payload = Arrays.copyOfRange(bytes, from, to);
			frames.add(frame(last, (part == 1) ? opcode : ClientFrame.CONTINUATION, payload));
			if (!last && this.random.nextInt(3) == 0) {
				frames.add(control());
			}
			from = to;
		}
		return frames;
	}

	/**
	 * Make a ping or a pong.
	 * @return the frame
	 */
	ClientFrame control() {
		byte[] payload = new byte[this.random.nextInt(4) * 40 + this.random.nextInt(6)];
		this.random.nextBytes(payload);
		return frame(true, (this.random.nextInt(3) == 0) ? ClientFrame.PONG : ClientFrame.PING, payload);
	}

	private ClientFrame frame(boolean fin, int opcode, byte[] payload) {
		return frame(fin, 0, opcode, mask(), payload);
	}

	private ClientFrame frame(boolean fin, int rsv, int opcode, byte[] mask, byte[] payload) {
		return new ClientFrame(fin, rsv, opcode, mask, LengthForm.minimal(payload.length), payload.length, payload);
	}

	private byte[] mask() {
		byte[] mask = new byte[4];
		if (this.random.nextInt(10) != 0) {
			this.random.nextBytes(mask);
		}
		return mask;
	}

	/**
	 * Make frames of which the last one is wrong as a rule.
	 * @return the frames
	 */
	List<ClientFrame> oddity() {
		List<ClientFrame> frames = new ArrayList<>();
		if (this.random.nextInt(3) == 0) {
			frames.add(frame(false, ClientFrame.TEXT, utf8("{\"jsonrpc\"")));
			if (this.random.nextBoolean()) {
				frames.add(control());
			}
		}
		boolean started = !frames.isEmpty();
		switch (this.random.nextInt(11)) {
			case 0 -> frames.add(random(started));
			case 1 -> frames.add(random(started));
			case 2 -> frames.add(frame(true, 1 + this.random.nextInt(7), opcode(started), mask(), utf8("{}")));
			case 3 -> frames.add(new ClientFrame(true, 0, opcode(started), null, LengthForm.SEVEN_BITS, 2, utf8("{}")));
			case 4 -> frames.add(frame(this.random.nextBoolean(), any(3, 4, 5, 6, 7, 11, 12, 13, 14, 15), utf8("{}")));
			case 5 -> frames.add(longControl());
			case 6 -> frames.add(frame(false, any(ClientFrame.PING, ClientFrame.PONG, ClientFrame.CLOSE), new byte[2]));
			case 7 -> frames.add(frame(this.random.nextBoolean(), started ? ClientFrame.TEXT : ClientFrame.CONTINUATION,
					utf8("{}")));
			case 8 -> frames.addAll(notUtf8(started));
			case 9 -> frames.addAll(started ? List.of(longFrame(started)) : tooBig());
			default -> frames.add(started ? frame(true, ClientFrame.CONTINUATION, utf8("\uFFFD\u0000"))
					: frame(this.random.nextBoolean(), ClientFrame.BINARY, utf8("{}")));
		}
		return frames;
	}

	/**
	 * Make a frame in which anything may be wrong.
	 */
	private ClientFrame random(boolean started) {
		int opcode = (this.random.nextBoolean()) ? this.random.nextInt(16) : opcode(started);
		byte[] payload = utf8("x".repeat(this.random.nextInt(3) * this.random.nextInt(100)));
		LengthForm form = LengthForm.values()[this.random.nextInt(3)];
		boolean fits = form.ordinal() >= LengthForm.minimal(payload.length).ordinal();
		return new ClientFrame(this.random.nextInt(3) > 0, (this.random.nextInt(5) == 0) ? this.random.nextInt(8) : 0,
				opcode, (this.random.nextInt(5) == 0) ? null : mask(), fits ? form : LengthForm.minimal(payload.length),
				payload.length, payload);
	}

	private int opcode(boolean started) {
		return any(ClientFrame.PING, ClientFrame.PONG, ClientFrame.CLOSE,
				started ? ClientFrame.CONTINUATION : ClientFrame.TEXT);
	}

	private ClientFrame longControl() {
		byte[] payload = new byte[126 + this.random.nextInt(200)];
		return frame(true, any(ClientFrame.PING, ClientFrame.PONG, ClientFrame.CLOSE), payload);
	}

	private List<ClientFrame> notUtf8(boolean started) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		bytes.writeBytes(utf8("{\"method\":\"ü€"));
		bytes.writeBytes(NOT_UTF8[this.random.nextInt(NOT_UTF8.length)]);
		if (this.random.nextBoolean()) {
			bytes.writeBytes(utf8("\"}"));
		}
		return message(bytes.toByteArray(), started ? ClientFrame.CONTINUATION : ClientFrame.TEXT);
	}

	private List<ClientFrame> tooBig() {
		int size = this.maxMessageSize + this.random.nextInt(3);
		byte[] bytes = utf8("{" + " ".repeat(size - 2) + "}");
		return this.random.nextBoolean() ? message(bytes, ClientFrame.TEXT) : List.of(longFrame(false));
	}

	/**
	 * Make a frame that is too long, or says so: enough of it is sent for a server that
	 * does not believe it.
	 */
	private ClientFrame longFrame(boolean started) {
		long length = switch (this.random.nextInt(5)) {
			case 0 -> this.maxMessageSize + 17_000L;
			case 1 -> Integer.MAX_VALUE;
			case 2 -> 1L + Integer.MAX_VALUE;
			case 3 -> Long.MAX_VALUE;
			default -> Long.MIN_VALUE + this.random.nextInt(1000);
		};
		return new ClientFrame(true, 0, started ? ClientFrame.CONTINUATION : ClientFrame.TEXT, mask(),
				LengthForm.minimal(length), length, utf8(" ".repeat(this.maxMessageSize + 17_000)));
	}

	/**
	 * Make a close frame, which may be wrong.
	 * @return the frame
	 */
	ClientFrame close() {
		int code = any(1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999,
				0, 999, 1004, 1005, 1006, 1015, 1016, 2000, 2999, 5000, 32768, 65535);
		ByteArrayOutputStream payload = new ByteArrayOutputStream();
		int kind = this.random.nextInt(10);
		if (kind > 0) {
			payload.write(code >> 8);
		}
		if (kind > 1) {
			payload.write(code);
		}
		if (kind > 6) {
			payload.writeBytes(utf8((kind == 7) ? "r".repeat(123) : "bye ü"));
		}
		if (kind == 9) {
			payload.writeBytes(NOT_UTF8[this.random.nextInt(NOT_UTF8.length)]);
		}
		return frame(true, ClientFrame.CLOSE, payload.toByteArray());
	}

	private int any(int... values) {
		return values[this.random.nextInt(values.length)];
	}

	/**
	 * Make a frame that ends a message.
	 * @return the frame
	 */
	ClientFrame last() {
		return frame(true, ClientFrame.CONTINUATION, new byte[0]);
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
