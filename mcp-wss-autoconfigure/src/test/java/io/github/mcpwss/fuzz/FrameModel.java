package io.github.mcpwss.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

import io.github.mcpwss.testing.Hosting;
import org.jspecify.annotations.Nullable;

/**
 * What a server that takes text messages alone has to do with each frame of a client, by
 * RFC 6455. A frame that is wrong in several ways may be answered with the code of any of
 * them.
 */
final class FrameModel {

	private final int maxMessageSize;

	private final Hosting hosting;

	private @Nullable ByteArrayOutputStream message;

	FrameModel(int maxMessageSize, Hosting hosting) {
		this.maxMessageSize = maxMessageSize;
		this.hosting = hosting;
	}

	boolean isInMessage() {
		return this.message != null;
	}

	/**
	 * Take note of a frame.
	 * @param frame the frame
	 * @return what the server has to do
	 */
	Verdict accept(ClientFrame frame) {
		Set<Integer> codes = new TreeSet<>();
		checkHead(frame, codes);
		if (frame.isControl()) {
			return codes.isEmpty() ? control(frame) : new Verdict.Close(codes);
		}
		boolean first = frame.opcode() != ClientFrame.CONTINUATION;
		if (first == isInMessage()) {
			codes.add(1002);
		}
		if (frame.opcode() == ClientFrame.BINARY) {
			codes.add(1003);
		}
		return data(frame, codes);
	}

	private void checkHead(ClientFrame frame, Set<Integer> codes) {
		boolean wrongControl = frame.isControl() && (!frame.fin() || frame.declaredLength() > 125);
		if (frame.rsv() != 0 || frame.mask() == null || !frame.hasKnownOpcode() || wrongControl) {
			codes.add(1002);
		}
		if (frame.declaredLength() < 0) {
			// Jetty takes it for too big.
			codes.add((this.hosting == Hosting.JETTY) ? 1009 : 1002);
		}
		if (!frame.hasMinimalLength() && !isServlet()) {
			codes.add(1002);
		}
	}

	/**
	 * Servlet containers take lengths that are longer than they need to be.
	 */
	private boolean isServlet() {
		return this.hosting == Hosting.TOMCAT || this.hosting == Hosting.JETTY;
	}

	private Verdict control(ClientFrame frame) {
		return switch (frame.opcode()) {
			case ClientFrame.PING -> new Verdict.Pong(frame.payload());
			case ClientFrame.PONG -> new Verdict.Nothing();
			default -> close(frame.payload());
		};
	}

	private Verdict close(byte[] payload) {
		if (payload.length == 0) {
			return new Verdict.Close(Set.of(ServerFrame.NO_CODE, 1000));
		}
		int code = (payload.length == 1) ? -1 : ((payload[0] & 0xFF) << 8) | (payload[1] & 0xFF);
		boolean known = (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014);
		// Tomcat knows no code that is younger than RFC 6455.
		boolean tooNew = code > 1011 && this.hosting == Hosting.TOMCAT;
		Set<Integer> codes = new TreeSet<>();
		if ((!known || tooNew) && (code < 3000 || code > 4999)) {
			codes.add(1002);
		}
		if (payload.length > 2 && !isUtf8(Arrays.copyOfRange(payload, 2, payload.length), true)) {
			// Tomcat takes it for a wrong frame.
			codes.add((this.hosting == Hosting.TOMCAT) ? 1002 : 1007);
		}
		return new Verdict.Close(codes.isEmpty() ? Set.of(code) : codes);
	}

	private Verdict data(ClientFrame frame, Set<Integer> codes) {
		ByteArrayOutputStream message = this.message;
		if (message == null) {
			message = new ByteArrayOutputStream();
			this.message = message;
		}
		message.writeBytes(frame.payload());
		if (frame.declaredLength() >= 0 && message.size() > this.maxMessageSize) {
			codes.add(1009);
		}
		if (frame.opcode() != ClientFrame.BINARY && !isUtf8(message.toByteArray(), frame.fin())) {
			codes.add(1007);
		}
		if (frame.fin()) {
			this.message = null;
		}
		if (!codes.isEmpty()) {
			return new Verdict.Close(codes);
		}
		if (!frame.fin()) {
			return new Verdict.Nothing();
		}
		return new Verdict.Message(message.toString(StandardCharsets.UTF_8));
	}

	private static boolean isUtf8(byte[] bytes, boolean end) {
		CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
		CharBuffer chars = CharBuffer.allocate(bytes.length + 1);
		CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), chars, end);
		return !result.isError();
	}

	/**
	 * What the server has to do.
	 */
	sealed interface Verdict {

		/**
		 * Nothing that the client sees.
		 */
		record Nothing() implements Verdict {

		}

		/**
		 * Answer a ping.
		 *
		 * @param payload the payload of the pong
		 */
		record Pong(byte[] payload) implements Verdict {

		}

		/**
		 * Handle a message.
		 *
		 * @param text the message
		 */
		record Message(String text) implements Verdict {

		}

		/**
		 * Close the socket.
		 *
		 * @param codes the codes that may be said
		 */
		record Close(Set<Integer> codes) implements Verdict {

		}

	}

}
