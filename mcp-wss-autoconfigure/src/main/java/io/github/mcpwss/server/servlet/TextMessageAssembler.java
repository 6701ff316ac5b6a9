package io.github.mcpwss.server.servlet;

import org.jspecify.annotations.Nullable;

/**
 * Puts the parts of a text message together, so that no buffer is as large as the limit
 * and a message may be as long as the limit.
 */
final class TextMessageAssembler {

	private final int maxBytes;

	private @Nullable StringBuilder parts;

	private long bytes;

	TextMessageAssembler(int maxBytes) {
		this.maxBytes = maxBytes;
	}

	/**
	 * Add a part.
	 * @param part the part
	 * @param last whether it is the last one of the message
	 * @return the message if it is complete
	 * @throws MessageTooBigException if the message is over the limit
	 */
	@Nullable String add(String part, boolean last) {
		this.bytes += utf8Length(part);
		if (this.bytes > this.maxBytes) {
			this.parts = null;
			throw new MessageTooBigException("Message is over max-message-size (" + this.maxBytes + " bytes)");
		}
		StringBuilder parts = this.parts;
		if (!last) {
			this.parts = ((parts != null) ? parts : new StringBuilder(2 * part.length())).append(part);
			return null;
		}
		this.bytes = 0;
		this.parts = null;
		return (parts != null) ? parts.append(part).toString() : part;
	}

	private static long utf8Length(String part) {
		long length = part.length();
		for (int i = 0; i < part.length(); i++) {
			char c = part.charAt(i);
			if (c >= 0x800) {
				// Each half of a surrogate pair counts for two of its four bytes.
				length += Character.isSurrogate(c) ? 1 : 2;
			}
			else if (c >= 0x80) {
				length++;
			}
		}
		return length;
	}

	/**
	 * Thrown when a message is over the limit.
	 */
	static final class MessageTooBigException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		MessageTooBigException(String message) {
			super(message);
		}

	}

}
