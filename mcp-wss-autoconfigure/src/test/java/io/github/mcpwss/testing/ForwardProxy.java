package io.github.mcpwss.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.jspecify.annotations.Nullable;

/**
 * A proxy that speaks HTTP CONNECT, SOCKS 4a and SOCKS 5, whichever it is asked for.
 * Every host is this machine to it, so that hosts work that only it can look up.
 */
public final class ForwardProxy implements AutoCloseable {

	private final ServerSocket serverSocket;

	private final List<Socket> sockets = new CopyOnWriteArrayList<>();

	private final List<String> targets = new CopyOnWriteArrayList<>();

	private volatile @Nullable String credentials;

	private volatile @Nullable Refusal refusal;

	public ForwardProxy() {
		try {
			this.serverSocket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		start(this::accept);
	}

	public int port() {
		return this.serverSocket.getLocalPort();
	}

	/**
	 * Demand credentials.
	 * @param credentials user name and password with a colon between, as in HTTP; for
	 * SOCKS 4 the user name
	 */
	public void require(String credentials) {
		this.credentials = credentials;
	}

	/**
	 * Do something else than to connect.
	 * @param refusal what to do
	 */
	public void refuse(Refusal refusal) {
		this.refusal = refusal;
	}

	/**
	 * Return what the proxy was asked to connect to.
	 * @return host and port, with a colon between
	 */
	public List<String> targets() {
		return this.targets;
	}

	/**
	 * Reset every connection.
	 */
	public void cut() {
		for (Socket socket : this.sockets) {
			this.sockets.remove(socket);
			try {
				socket.setSoLinger(true, 0);
				socket.close();
			}
			catch (IOException ex) {
				// Closed by the other side.
			}
		}
	}

	private void accept() {
		while (!this.serverSocket.isClosed()) {
			try {
				Socket client = this.serverSocket.accept();
				client.setSoTimeout(20_000);
				this.sockets.add(client);
				start(() -> serve(client));
			}
			catch (IOException ex) {
				return;
			}
		}
	}

	private void serve(Socket client) {
		try (client) {
			DataInputStream in = new DataInputStream(client.getInputStream());
			OutputStream out = client.getOutputStream();
			Refusal refusal = this.refusal;
			if (refusal != null && refusal.bytes() == null) {
				refusal.await(in);
				return;
			}
			int port = connect(in, out, refusal);
			if (port > 0) {
				pass(client, port);
			}
		}
		catch (IOException ex) {
			// The client is gone, which tests do on purpose.
		}
	}

	private int connect(DataInputStream in, OutputStream out, @Nullable Refusal refusal) throws IOException {
		int first = in.readUnsignedByte();
		return switch (first) {
			case 4 -> connectBySocks4(in, out, refusal);
			case 5 -> connectBySocks5(in, out, refusal);
			default -> connectByHttp(in, out, refusal);
		};
	}

	private int connectByHttp(DataInputStream in, OutputStream out, @Nullable Refusal refusal) throws IOException {
		List<String> lines = new ArrayList<>();
		for (String line = readUntil(in, '\n').trim(); !line.isEmpty(); line = readUntil(in, '\n').trim()) {
			lines.add(line);
		}
		String target = lines.get(0).split(" ")[1];
		this.targets.add(target);
		String expected = this.credentials;
		if (expected != null && lines.stream()
			.noneMatch((line) -> line.equalsIgnoreCase("proxy-authorization: Basic "
					+ Base64.getEncoder().encodeToString(expected.getBytes(StandardCharsets.UTF_8))))) {
			return answer(out, "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
				.getBytes(StandardCharsets.US_ASCII));
		}
		if (refusal != null) {
			return answer(out, refusal.bytes());
		}
		out.write("HTTP/1.1 200 Connection established\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		return Integer.parseInt(target.substring(target.lastIndexOf(':') + 1));
	}

	private int connectBySocks4(DataInputStream in, OutputStream out, @Nullable Refusal refusal) throws IOException {
		in.readUnsignedByte();
		int port = in.readUnsignedShort();
		in.readInt();
		String username = readUntil(in, 0);
		this.targets.add(readUntil(in, 0) + ":" + port);
		if (this.credentials != null && !username.equals(this.credentials)) {
			return answer(out, new byte[] { 0, 93, 0, 0, 0, 0, 0, 0 });
		}
		if (refusal != null) {
			return answer(out, refusal.bytes());
		}
		out.write(new byte[] { 0, 90, 0, 0, 0, 0, 0, 0 });
		return port;
	}

	private int connectBySocks5(DataInputStream in, OutputStream out, @Nullable Refusal refusal) throws IOException {
		byte[] methods = in.readNBytes(in.readUnsignedByte());
		String expected = this.credentials;
		byte method = (byte) ((expected != null) ? 2 : 0);
		if (new String(methods, StandardCharsets.ISO_8859_1).indexOf(method) < 0) {
			return answer(out, new byte[] { 5, (byte) 0xff });
		}
		out.write(new byte[] { 5, method });
		if (expected != null) {
			in.readUnsignedByte();
			String username = new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.US_ASCII);
			String password = new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.US_ASCII);
			boolean known = expected.equals(username + ":" + password);
			out.write(new byte[] { 1, (byte) (known ? 0 : 1) });
			if (!known) {
				return 0;
			}
		}
		in.readNBytes(4);
		String host = new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.US_ASCII);
		int port = in.readUnsignedShort();
		this.targets.add(host + ":" + port);
		if (refusal != null) {
			return answer(out, refusal.bytes());
		}
		out.write(new byte[] { 5, 0, 0, 1, 0, 0, 0, 0, 0, 0 });
		return port;
	}

	private static int answer(OutputStream out, byte[] answer) throws IOException {
		out.write(answer);
		out.flush();
		return 0;
	}

	private static String readUntil(DataInputStream in, int end) throws IOException {
		ByteArrayOutputStream text = new ByteArrayOutputStream();
		for (int c = in.readUnsignedByte(); c != end; c = in.readUnsignedByte()) {
			text.write(c);
		}
		return text.toString(StandardCharsets.ISO_8859_1);
	}

	private void pass(Socket client, int port) throws IOException {
		try (Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
			this.sockets.add(server);
			start(() -> copy(server, client));
			copy(client, server);
		}
	}

	private static void copy(Socket from, Socket to) {
		try {
			from.getInputStream().transferTo(to.getOutputStream());
			to.close();
		}
		catch (IOException ex) {
			// The other direction, or the test, closed the socket.
		}
	}

	private static void start(Runnable task) {
		Thread thread = new Thread(task, "forward-proxy");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() {
		try {
			this.serverSocket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		cut();
	}

	/**
	 * What the proxy does instead of connecting.
	 */
	public static final class Refusal {

		/**
		 * Close the connection.
		 */
		public static final Refusal CLOSE = new Refusal(null, false);

		/**
		 * Say nothing.
		 */
		public static final Refusal HANG = new Refusal(null, true);

		private final byte @Nullable [] bytes;

		private final boolean hanging;

		private Refusal(byte @Nullable [] bytes, boolean hanging) {
			this.bytes = bytes;
			this.hanging = hanging;
		}

		/**
		 * Answer something.
		 * @param answer the bytes
		 * @return the refusal
		 */
		public static Refusal of(byte... answer) {
			return new Refusal(answer, false);
		}

		public static Refusal of(String answer) {
			return of(answer.getBytes(StandardCharsets.US_ASCII));
		}

		byte[] bytes() {
			return this.bytes;
		}

		void await(DataInputStream in) throws IOException {
			if (this.hanging) {
				in.transferTo(OutputStream.nullOutputStream());
			}
			else {
				in.readUnsignedByte();
			}
		}

	}

}
