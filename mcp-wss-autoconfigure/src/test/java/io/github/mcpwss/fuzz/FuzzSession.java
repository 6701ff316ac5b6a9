package io.github.mcpwss.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import io.github.mcpwss.fuzz.FrameModel.Verdict;
import io.github.mcpwss.fuzz.Message.Reply;
import io.github.mcpwss.testing.Hosting;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One socket: sends what the generators make, and holds what comes back against what the
 * model says.
 */
final class FuzzSession {

	private static final JsonMapper JSON = JsonMapper.shared();

	private static final int LONGEST_LINE = 300;

	private final FuzzConnection connection;

	private final Random random;

	private final FrameModel model;

	private final FrameGenerator frames;

	private final MessageGenerator messages;

	private final List<Reply> replies = new ArrayList<>();

	private final Deque<byte[]> pongs = new ArrayDeque<>();

	private final ByteArrayOutputStream unsent = new ByteArrayOutputStream();

	private final List<String> transcript = new ArrayList<>();

	FuzzSession(FuzzConnection connection, Random random, Hosting hosting, int maxMessageSize) {
		this.connection = connection;
		this.random = random;
		this.model = new FrameModel(maxMessageSize, hosting);
		this.frames = new FrameGenerator(random, maxMessageSize);
		this.messages = new MessageGenerator(random);
	}

	/**
	 * Return what was sent.
	 * @return a line for each message or frame
	 */
	String transcript() {
		return this.transcript.stream()
			.map((line) -> (line.length() > LONGEST_LINE) ? line.substring(0, LONGEST_LINE) + "..." : line)
			.collect(Collectors.joining("\n"));
	}

	/**
	 * Speak until either side has had enough.
	 * @throws Exception if the server does not answer
	 */
	void run() throws Exception {
		if (!speak(this.random.nextInt(4))) {
			return;
		}
		send(this.messages.initialize());
		settle();
		if (!speak(this.random.nextInt(3))) {
			return;
		}
		send(Message.unanswered("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}"));
		this.messages.initialized();
		if (!speak(2 + this.random.nextInt(12))) {
			return;
		}
		send(this.messages.ping());
		settle();
		if (this.random.nextInt(3) > 0) {
			send(List.of(this.frames.close()), null);
		}
	}

	/**
	 * Send some messages and frames.
	 * @param steps how many
	 * @return {@code false} if the socket has ended
	 */
	private boolean speak(int steps) throws Exception {
		for (int step = 0; step < steps; step++) {
			boolean open = switch (this.random.nextInt(12)) {
				case 0 -> send(this.frames.oddity(), null);
				case 1 -> send(List.of(this.frames.control()), null);
				default -> send(this.messages.next());
			};
			if (!open) {
				return false;
			}
		}
		return true;
	}

	private boolean send(Message message) throws Exception {
		this.transcript.add(message.reply() + " for " + message.text().replaceAll("\\s+", " "));
		return send(this.frames.message(message.text()), message);
	}

	private boolean send(List<ClientFrame> frames, @Nullable Message message) throws Exception {
		for (ClientFrame frame : frames) {
			this.transcript.add(frame.toString());
			Verdict verdict = this.model.accept(frame);
			if (verdict instanceof Verdict.Close close) {
				end(frame, close.codes());
				return false;
			}
			this.unsent.writeBytes(frame.encode());
			if (verdict instanceof Verdict.Pong pong) {
				this.pongs.add(pong.payload());
			}
			else if (verdict instanceof Verdict.Message whole) {
				expect(message, whole.text());
			}
		}
		if (this.model.isInMessage()) {
			// An oddity that was none.
			return send(List.of(this.frames.last()), null);
		}
		if (this.random.nextInt(3) > 0) {
			settle();
		}
		return true;
	}

	private void expect(@Nullable Message message, String text) {
		if (message == null) {
			// An oddity that was none: its text is no JSON, or an empty object.
			this.replies.add(new Reply("null",
					text.replace(" ", "").equals("{}") ? Reply.INVALID_REQUEST : Reply.PARSE_ERROR, null));
		}
		else if (message.reply() != null) {
			this.replies.add(message.reply());
		}
	}

	/**
	 * Wait for everything that must come.
	 */
	private void settle() throws IOException {
		flush();
		while (!this.replies.isEmpty() || !this.pongs.isEmpty()) {
			ServerFrame frame = this.connection.read();
			if (frame == null || frame.opcode() == ClientFrame.CLOSE) {
				throw new AssertionError("Socket ended with " + ((frame != null) ? frame.closeCode() : "no close frame")
						+ " while " + this.replies + " and " + this.pongs.size() + " pongs were due");
			}
			check(frame);
		}
	}

	private void flush() throws IOException {
		byte[] bytes = this.unsent.toByteArray();
		this.unsent.reset();
		if (bytes.length > 0) {
			this.connection.write(bytes);
		}
	}

	private void check(ServerFrame frame) throws IOException {
		if (frame.opcode() == ClientFrame.PONG) {
			// That of the latest ping may stand for all (RFC 6455, section 5.5.3).
			byte[] pong = this.pongs.poll();
			while (pong != null && !Arrays.equals(pong, frame.payload())) {
				pong = this.pongs.poll();
			}
			require(pong != null, "pong that no ping asked for");
			return;
		}
		ByteArrayOutputStream message = new ByteArrayOutputStream();
		message.writeBytes(frame.payload());
		require(frame.opcode() == ClientFrame.TEXT, "unexpected opcode " + frame.opcode());
		ServerFrame next = frame;
		while (!next.fin()) {
			next = Objects.requireNonNull(this.connection.read(), "Socket ended within a message");
			require(next.opcode() == ClientFrame.CONTINUATION, "no continuation but opcode " + next.opcode());
			message.writeBytes(next.payload());
		}
		checkText(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(message.toByteArray())).toString());
	}

	private void checkText(String text) {
		JsonNode response = JSON.readTree(text);
		require("2.0".equals(response.path("jsonrpc").asString(null)), "no JSON-RPC 2.0: " + text);
		require(response.has("id"), "no id: " + text);
		require(response.has("result") != response.has("error"), "neither or both of result and error: " + text);
		require(this.replies.removeIf(once((reply) -> isReply(response, reply))), "unexpected: " + text);
	}

	private static Predicate<Reply> once(Predicate<Reply> predicate) {
		boolean[] done = new boolean[1];
		return (reply) -> {
			boolean match = !done[0] && predicate.test(reply);
			done[0] |= match;
			return match;
		};
	}

	private static boolean isReply(JsonNode response, Reply reply) {
		String echo = reply.echo();
		return response.get("id").equals(JSON.readTree(reply.id()))
				&& response.at("/error/code").asInt(Reply.RESULT) == reply.code()
				&& (echo == null || response.at("/result/content/0/text").equals(JSON.readTree(echo)));
	}

	/**
	 * Send the frame that ends the socket, and see that it does.
	 */
	private void end(ClientFrame frame, Set<Integer> codes) throws Exception {
		boolean settled = this.random.nextBoolean();
		if (settled) {
			settle();
		}
		this.unsent.writeBytes(frame.encode());
		if (this.model.isInMessage()) {
			this.unsent.writeBytes(this.frames.last().encode());
		}
		// The server may hang up while this is being written.
		CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
			try {
				flush();
			}
			catch (IOException ex) {
				this.transcript.add("could not be written to its end: " + ex);
			}
		}, (task) -> new Thread(task, "fuzz-writer").start());
		ServerFrame next = this.connection.read();
		while (next != null && next.opcode() != ClientFrame.CLOSE) {
			check(next);
			next = this.connection.read();
		}
		int code = (next != null) ? next.closeCode() : 1006;
		require(codes.contains(code), "closed with " + code + " rather than " + codes);
		writing.get(10, TimeUnit.SECONDS);
		if (frame.opcode() == ClientFrame.CLOSE && code != 1002 && code != 1007) {
			// The closing handshake is done, and the server ends the connection.
			require(this.connection.read() == null, "frame after the closing handshake");
		}
	}

	private static void require(boolean condition, String violation) {
		if (!condition) {
			throw new AssertionError(violation);
		}
	}

}
