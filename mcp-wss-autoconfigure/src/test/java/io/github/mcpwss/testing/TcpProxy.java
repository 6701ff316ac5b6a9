package io.github.mcpwss.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between a client and a server on the loopback interface, and fails on demand.
 */
public final class TcpProxy implements AutoCloseable {

	private volatile int target;

	private final ServerSocket serverSocket;

	private final List<Socket> sockets = new CopyOnWriteArrayList<>();

	private final AtomicInteger accepted = new AtomicInteger();

	private volatile boolean refusing;

	private volatile boolean dropping;

	public TcpProxy(int target) {
		this.target = target;
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
	 * Return how many connections were accepted.
	 * @return the number of connections
	 */
	public int accepted() {
		return this.accepted.get();
	}

	/**
	 * Pass new connections to another server.
	 * @param target the port of the server
	 */
	public void retarget(int target) {
		this.target = target;
	}

	/**
	 * Reset every connection.
	 */
	public void cut() {
		for (Socket socket : this.sockets) {
			this.sockets.remove(socket);
			try {
				socket.setSoLinger(true, 0);
			}
			catch (IOException ex) {
				// Closed by the other side.
			}
			close(socket);
		}
	}

	/**
	 * Reset new connections as soon as they are there.
	 * @param refusing whether to do so
	 */
	public void refuse(boolean refusing) {
		this.refusing = refusing;
	}

	/**
	 * Take bytes and pass none on, as a network does that drops packets.
	 * @param dropping whether to do so
	 */
	public void drop(boolean dropping) {
		this.dropping = dropping;
	}

	private void accept() {
		while (!this.serverSocket.isClosed()) {
			try {
				Socket client = this.serverSocket.accept();
				this.accepted.incrementAndGet();
				this.sockets.add(client);
				if (this.refusing) {
					cut();
					continue;
				}
				Socket server = new Socket(InetAddress.getLoopbackAddress(), this.target);
				this.sockets.add(server);
				start(() -> copy(client, server));
				start(() -> copy(server, client));
			}
			catch (IOException ex) {
				// The proxy is closed, or its target is away.
				cut();
			}
		}
	}

	private void copy(Socket from, Socket to) {
		byte[] buffer = new byte[16 * 1024];
		try (InputStream in = from.getInputStream(); OutputStream out = to.getOutputStream()) {
			int read = in.read(buffer);
			while (read >= 0) {
				if (!this.dropping) {
					out.write(buffer, 0, read);
				}
				read = in.read(buffer);
			}
		}
		catch (IOException ex) {
			// The other direction, or the test, closed the socket.
		}
		finally {
			close(from);
			close(to);
		}
	}

	private void close(Socket socket) {
		this.sockets.remove(socket);
		try {
			socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void start(Runnable task) {
		Thread thread = new Thread(task, "tcp-proxy");
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

}
