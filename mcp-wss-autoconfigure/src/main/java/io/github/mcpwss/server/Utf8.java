package io.github.mcpwss.server;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Tells UTF-8 from other bytes without decoding them.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3629#section-4">RFC 3629, section 4</a>
 */
final class Utf8 {

	private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

	private static final long NOT_ASCII = 0x8080808080808080L;

	private Utf8() {
	}

	static boolean isValid(byte[] bytes) {
		int position = 0;
		while (position < bytes.length) {
			position = skipAscii(bytes, position);
			if (position < bytes.length) {
				int length = sequenceLength(bytes, position);
				if (length == 0) {
					return false;
				}
				position += length;
			}
		}
		return true;
	}

	private static int skipAscii(byte[] bytes, int from) {
		int position = from;
		while (position <= bytes.length - Long.BYTES && ((long) LONGS.get(bytes, position) & NOT_ASCII) == 0) {
			position += Long.BYTES;
		}
		while (position < bytes.length && bytes[position] >= 0) {
			position++;
		}
		return position;
	}

	/**
	 * Return the length of a sequence for a character that is not ASCII.
	 * @param bytes the bytes
	 * @param position where the sequence starts
	 * @return the length in bytes, 0 if there is none at that position
	 */
	private static int sequenceLength(byte[] bytes, int position) {
		int first = bytes[position] & 0xFF;
		int length = (first < 0xE0) ? 2 : (first < 0xF0) ? 3 : 4;
		if (first < 0xC2 || first > 0xF4 || position + length > bytes.length) {
			return 0;
		}
		int second = bytes[position + 1] & 0xFF;
		// The narrower bounds leave out long forms, surrogates and what is over U+10FFFF.
		int lowest = (first == 0xE0) ? 0xA0 : (first == 0xF0) ? 0x90 : 0x80;
		int highest = (first == 0xED) ? 0x9F : (first == 0xF4) ? 0x8F : 0xBF;
		if (second < lowest || second > highest) {
			return 0;
		}
		for (int i = 2; i < length; i++) {
			if ((bytes[position + i] & 0xC0) != 0x80) {
				return 0;
			}
		}
		return length;
	}

}
