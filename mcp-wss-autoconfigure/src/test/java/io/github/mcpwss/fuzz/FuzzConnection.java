package io.github.mcpwss.fuzz;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;

import org.jspecify.annotations.Nullable;

/**
 * A TLS connection that sends bytes as they are, in pieces of random sizes. Every read is
 * bounded in time.
 */
final class FuzzConnection implements AutoCloseable {

	private static final int TIMEOUT_MILLIS = 10_000;

	private final Socket tcp;

	private final Socket socket;

	private final DataInputStream in;

	private final OutputStream out;

	private final Random random;

	FuzzConnection(SSLSocketFactory sockets, int port, Random random) throws IOException {
		this.random = random;
		this.tcp = new Socket(InetAddress.getLoopbackAddress(), port);
		this.tcp.setTcpNoDelay(true);
		this.socket = sockets.createSocket(this.tcp, "localhost", port, true);
		this.socket.setSoTimeout(TIMEOUT_MILLIS);
		this.in = new DataInputStream(new BufferedInputStream(this.socket.getInputStream()));
		this.out = this.socket.getOutputStream();
	}

	/**
	 * Send bytes, in one piece as a rule and in up to five otherwise.
	 * @param bytes the bytes
	 * @throws IOException if the server has hung up
	 */
	void write(byte[] bytes) throws IOException {
		int from = 0;
		for (int pieces = (this.random.nextInt(4) == 0) ? 4 : 0; pieces > 0 && from < bytes.length - 1; pieces--) {
			int to = from + 1 + this.random.nextInt(bytes.length - from - 1);
			this.out.write(bytes, from, to - from);
			this.out.flush();
			from = to;
		}
		this.out.write(bytes, from, bytes.length - from);
		this.out.flush();
	}

	void writeWhole(byte[] bytes) throws IOException {
		this.out.write(bytes);
		this.out.flush();
	}

	/**
	 * Read the head of an answer to a handshake.
	 * @return the status and the headers
	 * @throws IOException if there is none
	 */
	Answer readAnswer() throws IOException {
		String line = readLine();
		int status = Integer.parseInt(line.split(" ")[1]);
		Map<String, String> headers = new HashMap<>();
		for (line = readLine(); !line.isEmpty(); line = readLine()) {
			String[] header = line.split(":", 2);
			headers.put(header[0].toLowerCase(Locale.ROOT), header[1].trim());
		}
		return new Answer(status, headers);
	}

	private String readLine() throws IOException {
		StringBuilder line = new StringBuilder();
		for (int next = this.in.readUnsignedByte(); next != '\n'; next = this.in.readUnsignedByte()) {
			line.append((char) next);
		}
		return line.toString().trim();
	}

	/**
	 * Read a frame.
	 * @return the frame, or {@code null} if the server has hung up
	 * @throws IOException if nothing came in time
	 */
	@Nullable ServerFrame read() throws IOException {
		try {
			return ServerFrame.read(this.in);
		}
		catch (EOFException | SocketException | SSLException ex) {
			return null;
		}
	}

	static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.ISO_8859_1);
	}

	@Override
	public void close() throws IOException {
		this.tcp.close();
	}

	/**
	 * The head of an HTTP response.
	 *
	 * @param status the status
	 * @param headers the headers, by their names in lower case
	 */
	record Answer(int status, Map<String, String> headers) {

	}

}
