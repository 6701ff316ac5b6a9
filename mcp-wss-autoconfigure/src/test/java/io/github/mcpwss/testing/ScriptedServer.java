package io.github.mcpwss.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/**
 * A server that does byte by byte what a test tells it to, over TLS or without.
 */
public final class ScriptedServer implements AutoCloseable {

	private final ServerSocket serverSocket;

	private final boolean tls;

	private final Script script;

	private final List<Socket> sockets = new CopyOnWriteArrayList<>();

	private final AtomicInteger accepted = new AtomicInteger();

	private ScriptedServer(ServerSocket serverSocket, boolean tls, Script script) {
		this.serverSocket = serverSocket;
		this.tls = tls;
		this.script = script;
		start(this::accept);
	}

	public static ScriptedServer overTls(TestTls tls, Script script) {
		return overTls(tls.serverBundle().createSslContext(), false, script);
	}

	public static ScriptedServer overTls(SSLContext context, boolean needClientAuth, Script script) {
		try {
			SSLServerSocket socket = (SSLServerSocket) context.getServerSocketFactory()
				.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
			socket.setNeedClientAuth(needClientAuth);
			return new ScriptedServer(socket, true, script);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public static ScriptedServer plain(Script script) {
		try {
			return new ScriptedServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), false, script);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public URI uri() {
		return URI.create((this.tls ? "wss" : "ws") + "://localhost:" + port() + "/mcp");
	}

	public int port() {
		return this.serverSocket.getLocalPort();
	}

	public int accepted() {
		return this.accepted.get();
	}

	private void accept() {
		while (!this.serverSocket.isClosed()) {
			try {
				Socket socket = this.serverSocket.accept();
				this.accepted.incrementAndGet();
				this.sockets.add(socket);
				start(() -> serve(socket));
			}
			catch (IOException ex) {
				return;
			}
		}
	}

	private void serve(Socket socket) {
		try (socket) {
			this.script.run(new Peer(socket));
		}
		catch (IOException ex) {
			// The client is gone, which tests do on purpose.
		}
	}

	private static void start(Runnable task) {
		Thread thread = new Thread(task, "scripted-server");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() {
		try {
			this.serverSocket.close();
			for (Socket socket : this.sockets) {
				socket.close();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * What the server does with a connection, which is closed at the end.
	 */
	@FunctionalInterface
	public interface Script {

		void run(Peer peer) throws IOException;

	}

	/**
	 * A frame.
	 *
	 * @param opcode the opcode
	 * @param payload the unmasked payload
	 */
	public record Frame(int opcode, byte[] payload) {

		public String text() {
			return new String(this.payload, StandardCharsets.UTF_8);
		}

		public int closeCode() {
			return ((this.payload[0] & 0xff) << 8) | (this.payload[1] & 0xff);
		}

	}

	/**
	 * The client at the other end.
	 */
	public static final class Peer {

		private final DataInputStream in;

		private final OutputStream out;

		Peer(Socket socket) throws IOException {
			socket.setSoTimeout(20_000);
			this.in = new DataInputStream(socket.getInputStream());
			this.out = socket.getOutputStream();
		}

		public List<String> readRequest() throws IOException {
			List<String> lines = new ArrayList<>();
			String line = readLine();
			while (!line.isEmpty()) {
				lines.add(line);
				line = readLine();
			}
			return lines;
		}

		private String readLine() throws IOException {
			ByteArrayOutputStream line = new ByteArrayOutputStream();
			int c = this.in.readUnsignedByte();
			while (c != '\n') {
				if (c != '\r') {
					line.write(c);
				}
				c = this.in.readUnsignedByte();
			}
			return line.toString(StandardCharsets.ISO_8859_1);
		}

		public void write(String text) throws IOException {
			this.out.write(text.getBytes(StandardCharsets.UTF_8));
			this.out.flush();
		}

		public void write(byte[] bytes) throws IOException {
			this.out.write(bytes);
			this.out.flush();
		}

		public List<String> upgrade() throws IOException {
			return upgrade("");
		}

		public List<String> upgrade(String headers) throws IOException {
			List<String> request = readRequest();
			String key = request.stream()
				.filter((line) -> line.regionMatches(true, 0, "sec-websocket-key:", 0, 18))
				.map((line) -> line.substring(18).trim())
				.findFirst()
				.orElseThrow();
			write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
					+ "Sec-WebSocket-Accept: " + accept(key) + "\r\n" + headers + "\r\n");
			return request;
		}

		private static String accept(String key) {
			try {
				return Base64.getEncoder()
					.encodeToString(MessageDigest.getInstance("SHA-1")
						.digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII)));
			}
			catch (GeneralSecurityException ex) {
				throw new IllegalStateException(ex);
			}
		}

		public Frame read() throws IOException {
			int opcode = this.in.readUnsignedByte() & 0x0f;
			int lengthByte = this.in.readUnsignedByte();
			long length = lengthByte & 0x7f;
			if (length == 126) {
				length = this.in.readUnsignedShort();
			}
			else if (length == 127) {
				length = this.in.readLong();
			}
			byte[] mask = new byte[4];
			if ((lengthByte & 0x80) != 0) {
				this.in.readFully(mask);
			}
			byte[] payload = new byte[(int) length];
			this.in.readFully(payload);
			for (int i = 0; i < payload.length; i++) {
				payload[i] ^= mask[i % 4];
			}
			return new Frame(opcode, payload);
		}

		/**
		 * Read the next text message, whatever frames come before.
		 * @return the text
		 * @throws IOException if the client closes the socket instead
		 */
		public String readText() throws IOException {
			Frame frame = read();
			while (frame.opcode() != 1) {
				frame = read();
			}
			return frame.text();
		}

		public void sendText(String text) throws IOException {
			sendFrame(0x81, text.getBytes(StandardCharsets.UTF_8));
		}

		public void sendFrame(int firstByte, byte[] payload) throws IOException {
			sendFrame(firstByte, payload.length, payload);
		}

		/**
		 * Send a frame whose header may promise more than there is.
		 * @param firstByte the first byte
		 * @param length the length that the header tells
		 * @param payload what is sent of the payload
		 * @throws IOException if the client is gone
		 */
		public void sendFrame(int firstByte, int length, byte[] payload) throws IOException {
			ByteArrayOutputStream frame = new ByteArrayOutputStream();
			frame.write(firstByte);
			if (length < 126) {
				frame.write(length);
			}
			else if (length < 65536) {
				frame.write(126);
				frame.write(length >> 8);
				frame.write(length);
			}
			else {
				frame.write(127);
				for (int shift = 56; shift >= 0; shift -= 8) {
					frame.write((int) ((long) length >> shift));
				}
			}
			frame.write(payload);
			this.out.write(frame.toByteArray());
			this.out.flush();
		}

		/**
		 * Read until the client closes the connection.
		 */
		public void hang() {
			try {
				while (this.in.read() >= 0) {
					// Nothing is answered.
				}
			}
			catch (IOException ex) {
				// The client is gone.
			}
		}

		/**
		 * Answer {@code initialize} and take {@code notifications/initialized}.
		 * @throws IOException if the client does something else
		 */
		public void initialize() throws IOException {
			String request = readText();
			String id = request.replaceAll(".*\"id\":(\\d+).*", "$1");
			sendText("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{\"protocolVersion\":\"2025-11-25\","
					+ "\"capabilities\":{\"tools\":{}},\"serverInfo\":{\"name\":\"scripted\",\"version\":\"1\"}}}");
			readText();
		}

	}

}
