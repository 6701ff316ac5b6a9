package io.github.mcpwss.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Stands between clients and a server on the loopback interface, and cuts, splits and
 * delays what they say to each other, wherever a random number tells it to.
 */
public final class FaultProxy implements AutoCloseable {

	/**
	 * The ways in which a connection ends.
	 */
	public enum Cut {

		/**
		 * Both sides get a reset.
		 */
		RESET,

		/**
		 * Both sides see the end of the stream.
		 */
		END,

		/**
		 * The receiver sees the end of the stream, the sender nothing.
		 */
		HALF

	}

	private final int target;

	private final long seed;

	private final ServerSocket serverSocket;

	private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

	private final AtomicLong streams = new AtomicLong();

	private final Object monitor = new Object();

	private Cut cut = Cut.RESET;

	private long bytesUntilCut = -1;

	private volatile long cutAt;

	private volatile long lastCutAt;

	private volatile int maxWrite = 64 * 1024;

	private volatile int maxDelayMicros;

	public FaultProxy(int target, long seed) {
		this.target = target;
		this.seed = seed;
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
	 * Cut the connection over which a number of further bytes, of all connections and
	 * both directions together, is reached.
	 * @param bytes the number of bytes that still pass
	 * @param cut how to cut
	 */
	public void cutAfter(int bytes, Cut cut) {
		synchronized (this.monitor) {
			this.cut = cut;
			this.bytesUntilCut = bytes;
			this.cutAt = 0;
		}
	}

	/**
	 * Return when the last cut was made.
	 * @return the reading of {@link System#nanoTime()}, or 0 if the cut is still to come
	 */
	public long cutAt() {
		return this.cutAt;
	}

	/**
	 * Return when a cut was last made, while the next one is still to come, too.
	 * @return the reading of {@link System#nanoTime()}, or 0 if there was none
	 */
	public long lastCutAt() {
		return this.lastCutAt;
	}

	/**
	 * Split what is passed on.
	 * @param maxBytes the size of the largest piece; pieces are of random sizes
	 */
	public void split(int maxBytes) {
		this.maxWrite = maxBytes;
	}

	/**
	 * Delay each piece.
	 * @param maxMicros the longest delay in microseconds; delays are random
	 */
	public void delay(int maxMicros) {
		this.maxDelayMicros = maxMicros;
	}

	private void accept() {
		while (!this.serverSocket.isClosed()) {
			try {
				Socket client = this.serverSocket.accept();
				Socket server = new Socket(InetAddress.getLoopbackAddress(), this.target);
				client.setTcpNoDelay(true);
				server.setTcpNoDelay(true);
				Connection connection = new Connection(client, server);
				this.connections.add(connection);
				start(() -> copy(connection, client, server));
				start(() -> copy(connection, server, client));
			}
			catch (IOException ex) {
				// The proxy is closed.
			}
		}
	}

	private void copy(Connection connection, Socket from, Socket to) {
		Random random = new Random(this.seed + this.streams.incrementAndGet());
		byte[] buffer = new byte[16 * 1024];
		try {
			InputStream in = from.getInputStream();
			OutputStream out = to.getOutputStream();
			for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
				for (int sent = 0; sent < read;) {
					int size = Math.min(read - sent, random.nextInt(this.maxWrite) + 1);
					pause(random);
					int allowed = allow(size);
					out.write(buffer, sent, allowed);
					if (allowed < size) {
						cut(connection, from, to);
						return;
					}
					sent += size;
				}
			}
			close(connection);
		}
		catch (IOException ex) {
			close(connection);
		}
	}

	private void pause(Random random) {
		int maxDelay = this.maxDelayMicros;
		if (maxDelay > 0) {
			LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(maxDelay)));
		}
	}

	private int allow(int size) {
		synchronized (this.monitor) {
			if (this.bytesUntilCut < 0) {
				return size;
			}
			if (size <= this.bytesUntilCut) {
				this.bytesUntilCut -= size;
				return size;
			}
			int allowed = (int) this.bytesUntilCut;
			this.bytesUntilCut = -1;
			return allowed;
		}
	}

	private void cut(Connection connection, Socket from, Socket to) throws IOException {
		Cut cut;
		synchronized (this.monitor) {
			cut = this.cut;
		}
		long now = System.nanoTime();
		this.lastCutAt = now;
		this.cutAt = now;
		if (cut == Cut.HALF) {
			to.shutdownOutput();
			from.getInputStream().transferTo(OutputStream.nullOutputStream());
			close(connection);
			return;
		}
		if (cut == Cut.RESET) {
			connection.client().setSoLinger(true, 0);
			connection.server().setSoLinger(true, 0);
		}
		close(connection);
	}

	private void close(Connection connection) {
		this.connections.remove(connection);
		for (Socket socket : new Socket[] { connection.client(), connection.server() }) {
			try {
				socket.close();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

	private static void start(Runnable task) {
		Thread thread = new Thread(task, "fault-proxy");
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
		this.connections.forEach(this::close);
	}

	private record Connection(Socket client, Socket server) {

	}

}
