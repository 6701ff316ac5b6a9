package io.github.mcpwss.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.WeakHashMap;

import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * A WebSocket client that sends whatever bytes a test wants and shows every frame that
 * comes back. It answers nothing by itself. Every read has a deadline.
 */
public final class RawWebSocket implements AutoCloseable {

	public static final int CONTINUATION = 0x0;

	public static final int TEXT = 0x1;

	public static final int BINARY = 0x2;

	public static final int CLOSE = 0x8;

	public static final int PING = 0x9;

	public static final int PONG = 0xA;

	/**
	 * The status code of a socket that ended without a close frame.
	 */
	public static final int ABNORMAL = 1006;

	private static final Duration DEADLINE = Duration.ofSeconds(10);

	private static final byte[] MASK = { 0x12, 0x34, 0x56, 0x78 };

	private static final Map<TestTls, SSLSocketFactory> FACTORIES = new WeakHashMap<>();

	private final Socket tcp;

	private final SSLSocket socket;

	private final InputStream in;

	private final OutputStream out;

	private final byte[] buffer = new byte[16 * 1024];

	private int position;

	private int limit;

	private final int status;

	private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

	private RawWebSocket(TestServer server, int receiveBuffer, String... headers) {
		try {
			this.tcp = new Socket();
			if (receiveBuffer > 0) {
				this.tcp.setReceiveBufferSize(receiveBuffer);
			}
			this.tcp.setTcpNoDelay(true);
			this.tcp.setSoTimeout((int) DEADLINE.toMillis());
			this.tcp.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()),
					(int) DEADLINE.toMillis());
			this.socket = (SSLSocket) factory(server.tls()).createSocket(this.tcp, "localhost", server.port(), true);
			this.in = this.socket.getInputStream();
			this.out = this.socket.getOutputStream();
			this.status = shakeHands(server.port(), headers);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Open a WebSocket.
	 * @param server the server, which must accept the handshake
	 * @param headers lines to add to the handshake
	 * @return the socket
	 */
	public static RawWebSocket open(TestServer server, String... headers) {
		return requireOpen(new RawWebSocket(server, 0, headers));
	}

	public int localPort() {
		return this.tcp.getLocalPort();
	}

	/**
	 * Open a WebSocket of which the operating system holds little that nobody has read.
	 * @param server the server, which must accept the handshake
	 * @return the socket
	 */
	public static RawWebSocket openWithSmallBuffer(TestServer server) {
		return requireOpen(new RawWebSocket(server, 4096));
	}

	/**
	 * Shake hands, with whatever outcome.
	 * @param server the server
	 * @param headers lines to add to the handshake
	 * @return the socket, open if its {@link #status()} is 101
	 */
	public static RawWebSocket handshake(TestServer server, String... headers) {
		return new RawWebSocket(server, 0, headers);
	}

	private static RawWebSocket requireOpen(RawWebSocket socket) {
		if (socket.status != 101) {
			socket.close();
			throw new AssertionError("Handshake was answered with " + socket.status);
		}
		return socket;
	}

	private static SSLSocketFactory factory(TestTls tls) {
		synchronized (FACTORIES) {
			return FACTORIES.computeIfAbsent(tls, (key) -> key.clientContext().getSocketFactory());
		}
	}

	private int shakeHands(int port, String... headers) throws IOException {
		List<String> lines = new ArrayList<>(
				List.of("GET /mcp HTTP/1.1", "Host: localhost:" + port, "Upgrade: websocket", "Connection: Upgrade",
						"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13"));
		lines.addAll(List.of(headers));
		this.out.write((String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
		this.out.flush();
		long deadline = deadline(DEADLINE);
		int code = Integer.parseInt(readLine(deadline).split(" ")[1]);
		for (String line = readLine(deadline); !line.isEmpty(); line = readLine(deadline)) {
			String[] header = line.split(":", 2);
			this.headers.merge(header[0], header[1].trim(), (first, second) -> first + ", " + second);
		}
		return code;
	}

	private String readLine(long deadline) throws IOException {
		StringBuilder line = new StringBuilder();
		for (int c = readByte(deadline); c != '\n'; c = readByte(deadline)) {
			if (c != '\r') {
				line.append((char) c);
			}
		}
		return line.toString();
	}

	/**
	 * Return the status of the answer to the handshake.
	 * @return 101 if the socket is open
	 */
	public int status() {
		return this.status;
	}

	/**
	 * Return the headers of the answer to the handshake.
	 * @return the headers by name, in any case
	 */
	public Map<String, String> headers() {
		return this.headers;
	}

	public void sendText(String text) {
		send(true, TEXT, text.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Send a message in fragments.
	 * @param message the message
	 * @param size the size of a fragment in bytes
	 * @param between runs between fragments
	 */
	public void sendFragments(byte[] message, int size, Runnable between) {
		for (int from = 0; from < message.length; from += size) {
			int to = Math.min(message.length, from + size);
			send(to == message.length, (from == 0) ? TEXT : CONTINUATION, Arrays.copyOfRange(message, from, to));
			if (to < message.length) {
				between.run();
			}
		}
	}

	public void send(boolean fin, int opcode, byte[] payload) {
		sendBytes(frame((fin ? 0x80 : 0) | opcode, true, payload));
	}

	public void sendClose(int code) {
		send(true, CLOSE, new byte[] { (byte) (code >> 8), (byte) code });
	}

	/**
	 * Send bytes as they are.
	 * @param bytes what need not be a frame
	 */
	public synchronized void sendBytes(byte[] bytes) {
		try {
			this.out.write(bytes);
			this.out.flush();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Encode a frame.
	 * @param first the first byte: FIN, RSV and opcode
	 * @param masked whether to mask it, as a client must
	 * @param payload the payload
	 * @return the frame
	 */
	public static byte[] frame(int first, boolean masked, byte[] payload) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream(payload.length + 14);
		try (DataOutputStream frame = new DataOutputStream(bytes)) {
			frame.write(first);
			int mask = masked ? 0x80 : 0;
			if (payload.length < 126) {
				frame.write(mask | payload.length);
			}
			else if (payload.length < 65536) {
				frame.write(mask | 126);
				frame.writeShort(payload.length);
			}
			else {
				frame.write(mask | 127);
				frame.writeLong(payload.length);
			}
			if (masked) {
				frame.write(MASK);
				byte[] body = payload.clone();
				for (int i = 0; i < body.length; i++) {
					body[i] ^= MASK[i & 3];
				}
				frame.write(body);
			}
			else {
				frame.write(payload);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return bytes.toByteArray();
	}

	/**
	 * Read the next frame.
	 * @return the frame
	 */
	public Frame read() {
		return read(DEADLINE);
	}

	public Frame read(Duration timeout) {
		long deadline = deadline(timeout);
		try {
			int first = readByte(deadline);
			int second = readByte(deadline);
			if ((second & 0x80) != 0) {
				throw new AssertionError("Server sent a masked frame");
			}
			long length = second & 0x7F;
			if (length > 125) {
				int bytes = (length == 126) ? 2 : 8;
				length = 0;
				for (int i = 0; i < bytes; i++) {
					length = (length << 8) | readByte(deadline);
				}
			}
			byte[] payload = new byte[Math.toIntExact(length)];
			for (int done = 0; done < payload.length;) {
				fill(deadline);
				int count = Math.min(payload.length - done, this.limit - this.position);
				System.arraycopy(this.buffer, this.position, payload, done, count);
				this.position += count;
				done += count;
			}
			return new Frame((first & 0x80) != 0, (first >> 4) & 7, first & 0xF, payload);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Read the next text message, which must be whole and in order. Pings on the way are
	 * answered.
	 * @return the message
	 */
	public String readText() {
		return readText(DEADLINE);
	}

	public String readText(Duration timeout) {
		long deadline = deadline(timeout);
		ByteArrayOutputStream message = new ByteArrayOutputStream();
		boolean started = false;
		while (true) {
			Frame frame = read(Duration.ofNanos(deadline - System.nanoTime()));
			if (frame.rsv() != 0) {
				throw new AssertionError("Reserved bits are set: " + frame.rsv());
			}
			switch (frame.opcode()) {
				case PING -> send(true, PONG, frame.payload());
				case PONG -> {
				}
				case TEXT, CONTINUATION -> {
					if (started == (frame.opcode() == TEXT)) {
						throw new AssertionError("Frames of two messages are interleaved");
					}
					started = true;
					message.writeBytes(frame.payload());
					if (frame.fin()) {
						return decode(message.toByteArray());
					}
				}
				case CLOSE -> throw new AssertionError("Socket was closed with " + frame.closeCode());
				default -> throw new AssertionError("Unexpected frame " + frame);
			}
		}
	}

	private static String decode(byte[] bytes) {
		try {
			return StandardCharsets.UTF_8.newDecoder()
				.onMalformedInput(CodingErrorAction.REPORT)
				.decode(ByteBuffer.wrap(bytes))
				.toString();
		}
		catch (IOException ex) {
			throw new AssertionError("Server sent malformed UTF-8", ex);
		}
	}

	/**
	 * Skip everything up to the close frame.
	 * @return its status code, or {@link #ABNORMAL} if the socket ended without one
	 */
	public int readClose() {
		return readClose(DEADLINE);
	}

	public int readClose(Duration timeout) {
		long deadline = deadline(timeout);
		try {
			while (true) {
				Frame frame = read(Duration.ofNanos(deadline - System.nanoTime()));
				if (frame.opcode() == CLOSE) {
					return frame.closeCode();
				}
			}
		}
		catch (UncheckedIOException ex) {
			if (ex.getCause() instanceof SocketTimeoutException) {
				throw ex;
			}
			return ABNORMAL;
		}
	}

	/**
	 * End the TCP connection with a reset, as a crashed peer does.
	 */
	public void reset() {
		try {
			this.tcp.setSoLinger(true, 0);
			this.tcp.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private int readByte(long deadline) throws IOException {
		fill(deadline);
		return this.buffer[this.position++] & 0xFF;
	}

	private void fill(long deadline) throws IOException {
		if (this.position < this.limit) {
			return;
		}
		long millis = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
		if (millis <= 0) {
			throw new SocketTimeoutException("Deadline is over");
		}
		this.socket.setSoTimeout((int) millis);
		int count = this.in.read(this.buffer);
		if (count < 0) {
			throw new EOFException("End of stream");
		}
		this.position = 0;
		this.limit = count;
	}

	private static long deadline(Duration timeout) {
		return System.nanoTime() + timeout.toNanos();
	}

	/**
	 * Close the TCP connection without a word of WebSocket.
	 */
	@Override
	public void close() {
		try {
			this.tcp.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * One frame as it came.
	 *
	 * @param fin whether it is the last one of its message
	 * @param rsv the reserved bits
	 * @param opcode the opcode
	 * @param payload the payload
	 */
	public record Frame(boolean fin, int rsv, int opcode, byte[] payload) {

		public int closeCode() {
			return (this.payload.length < 2) ? 1005 : ((this.payload[0] & 0xFF) << 8) | (this.payload[1] & 0xFF);
		}

		@Override
		public String toString() {
			return "opcode " + this.opcode + ", fin " + this.fin + ", " + this.payload.length + " bytes";
		}

	}

}
