package io.github.mcpwss.server.servlet;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/**
 * Puts the parts of a text message together, so that no buffer is as large as the limit
 * and a message may be as long as the limit. It makes bytes again of what the container
 * has decoded: JSON is read far faster from them. Containers check UTF-8 and hand on
 * whole code points only.
 */
final class TextMessageAssembler {

	private final int maxBytes;

	private @Nullable ByteArrayOutputStream parts;

	TextMessageAssembler(int maxBytes) {
		this.maxBytes = maxBytes;
	}

	/**
	 * Add a part.
	 * @param part the part
	 * @param last whether it is the last one of the message
	 * @return the message in UTF-8 if it is complete
	 * @throws MessageTooBigException if the message is over the limit
	 */
	byte @Nullable [] add(String part, boolean last) {
		byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
		ByteArrayOutputStream parts = this.parts;
		if (bytes.length > this.maxBytes - ((parts != null) ? parts.size() : 0)) {
			this.parts = null;
			throw new MessageTooBigException("Message is over max-message-size (" + this.maxBytes + " bytes)");
		}
		if (parts == null) {
			if (last) {
				return bytes;
			}
			parts = new ByteArrayOutputStream(2 * bytes.length);
			this.parts = parts;
		}
		parts.writeBytes(bytes);
		if (!last) {
			return null;
		}
		this.parts = null;
		return parts.toByteArray();
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
