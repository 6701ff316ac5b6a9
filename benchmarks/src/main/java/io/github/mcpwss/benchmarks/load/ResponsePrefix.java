package io.github.mcpwss.benchmarks.load;

import java.nio.charset.StandardCharsets;

/**
 * What the first bytes of a response tell.
 */
final class ResponsePrefix {

	private static final byte[] ID = "\"id\":".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] RESULT = "\"result\":".getBytes(StandardCharsets.US_ASCII);

	private ResponsePrefix() {
	}

	/**
	 * Return whose response it is.
	 * @param prefix the bytes
	 * @param length their number
	 * @return the request's place, counted from 0, or -1 if there is none
	 */
	static int slot(byte[] prefix, int length) {
		int index = indexOf(prefix, length, ID);
		if (index < 0) {
			return -1;
		}
		int id = 0;
		for (int i = index + ID.length; i < length && prefix[i] >= '0' && prefix[i] <= '9'; i++) {
			id = id * 10 + prefix[i] - '0';
		}
		return id - McpMessages.FIRST_ID;
	}

	static boolean isResult(byte[] prefix, int length) {
		return indexOf(prefix, length, RESULT) >= 0;
	}

	private static int indexOf(byte[] bytes, int length, byte[] wanted) {
		for (int start = 0; start <= length - wanted.length; start++) {
			int i = 0;
			while (i < wanted.length && bytes[start + i] == wanted[i]) {
				i++;
			}
			if (i == wanted.length) {
				return start;
			}
		}
		return -1;
	}

}
