package io.github.mcpwss.server.reactive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import org.jspecify.annotations.Nullable;

/**
 * Puts the parts of a text message together, so that no buffer is as large as the limit
 * before there is a message that needs it.
 */
final class TextMessageAssembler {

	private final int maxBytes;

	private @Nullable ByteArrayOutputStream parts;

	TextMessageAssembler(int maxBytes) {
		this.maxBytes = maxBytes;
	}

	/**
	 * Return what may still come until the message is too big.
	 * @return the number of bytes
	 */
	int room() {
		ByteArrayOutputStream parts = this.parts;
		return this.maxBytes - ((parts != null) ? parts.size() : 0);
	}

	/**
	 * Add a part.
	 * @param part the part
	 * @param last whether it is the last one of the message
	 * @return the message if it is complete
	 */
	byte @Nullable [] add(ByteBuf part, boolean last) {
		ByteArrayOutputStream parts = this.parts;
		if (parts == null) {
			if (last) {
				return ByteBufUtil.getBytes(part);
			}
			parts = new ByteArrayOutputStream(part.readableBytes());
			this.parts = parts;
		}
		append(part, parts);
		if (!last) {
			return null;
		}
		this.parts = null;
		return parts.toByteArray();
	}

	private static void append(ByteBuf part, ByteArrayOutputStream parts) {
		try {
			part.getBytes(part.readerIndex(), parts, part.readableBytes());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
