package io.github.mcpwss.server.reactive;

import java.io.ByteArrayOutputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Inflates the messages of one socket, part by part (RFC 7692, section 7.2.2). Netty's
 * own holds a channel and its buffers for every socket, and fails at a part that inflates
 * to nothing.
 */
final class MessageInflater {

	private static final byte[] TAIL = { 0, 0, (byte) 0xFF, (byte) 0xFF };

	private static final int BUFFER_SIZE = 4096;

	private @Nullable Inflater inflater;

	/**
	 * Inflate a part of a message.
	 * @param part the part
	 * @param last whether it is the last one of the message
	 * @param maxBytes the number of bytes that may come out of it
	 * @return what came out of it, or {@code null} if it would be more
	 * @throws DataFormatException if it was not deflated
	 */
	@Nullable ByteBuf inflate(ByteBuf part, boolean last, int maxBytes) throws DataFormatException {
		Inflater inflater = inflater();
		ByteArrayOutputStream inflated = new ByteArrayOutputStream(Math.min(maxBytes, 2 * part.readableBytes()));
		boolean fits = inflate(inflater, ByteBufUtil.getBytes(part), inflated, maxBytes)
				&& (!last || inflate(inflater, TAIL, inflated, maxBytes));
		return fits ? Unpooled.wrappedBuffer(inflated.toByteArray()) : null;
	}

	private Inflater inflater() {
		Inflater inflater = this.inflater;
		if (inflater == null) {
			inflater = new Inflater(true);
			this.inflater = inflater;
		}
		return inflater;
	}

	private static boolean inflate(Inflater inflater, byte[] input, ByteArrayOutputStream inflated, int maxBytes)
			throws DataFormatException {
		byte[] buffer = new byte[BUFFER_SIZE];
		inflater.setInput(input);
		while (true) {
			int count = inflater.inflate(buffer);
			if (inflated.size() + count > maxBytes) {
				return false;
			}
			inflated.write(buffer, 0, count);
			if (inflater.finished() && inflater.getRemaining() > 0) {
				// A block said to be final ends no socket (RFC 7692, section 7.2.3.4).
				int rest = inflater.getRemaining();
				inflater.reset();
				inflater.setInput(input, input.length - rest, rest);
			}
			else if (count == 0) {
				return true;
			}
		}
	}

	/**
	 * Give up the memory that is not on the heap. Nothing may be inflated after that.
	 */
	void end() {
		Inflater inflater = this.inflater;
		if (inflater != null) {
			inflater.end();
		}
	}

}
