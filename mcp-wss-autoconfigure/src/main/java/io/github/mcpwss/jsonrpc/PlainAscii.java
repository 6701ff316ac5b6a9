package io.github.mcpwss.jsonrpc;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/**
 * Finds strings that stand in JSON as they are, eight bytes at a time: ASCII without
 * anything to escape, such as Base64.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8259#section-7">RFC 8259, section 7</a>
 */
final class PlainAscii {

	private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

	private static final long EACH = 0x0101010101010101L;

	private static final long HIGHEST_BITS = 0x8080808080808080L;

	/** Where most other texts show what they are, before they are copied. */
	private static final int BEGINNING = 128;

	private PlainAscii() {
	}

	/**
	 * Return the bytes of a string if there is nothing to escape in it.
	 * @param text the string
	 * @return its bytes or {@code null} if it is to be written in another way, which may
	 * be so for a string without escapes too
	 */
	static byte @Nullable [] bytesOf(String text) {
		if (!isPlain(text.substring(0, Math.min(BEGINNING, text.length())).getBytes(StandardCharsets.ISO_8859_1))) {
			return null;
		}
		byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
		return isPlain(bytes) ? bytes : null;
	}

	private static boolean isPlain(byte[] bytes) {
		int position = 0;
		while (position <= bytes.length - Long.BYTES) {
			if (!isPlain((long) LONGS.get(bytes, position))) {
				return false;
			}
			position += Long.BYTES;
		}
		while (position < bytes.length) {
			if (!isPlain(EACH * bytes[position])) {
				return false;
			}
			position++;
		}
		return true;
	}

	private static boolean isPlain(long eight) {
		// The encoder puts a question mark in the place of what is not in ISO 8859-1.
		long found = eight | (eight - EACH * 0x20) | zeros(eight ^ (EACH * '"')) | zeros(eight ^ (EACH * '\\'))
				| zeros(eight ^ (EACH * '?'));
		return (found & HIGHEST_BITS) == 0;
	}

	private static long zeros(long eight) {
		return (eight - EACH) & ~eight;
	}

}
