package io.github.mcpwss.server.servlet;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLException;

import io.github.mcpwss.server.TlsFailureLog;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SecureNioChannel;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.apache.tomcat.util.res.StringManager;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's channel with TLS, that knows when its connection was made and reports failed
 * handshakes to a {@link TlsFailureLog}. Tomcat itself tells of them at debug level. A
 * connection that was closed before its first byte, as load balancers do to see whether a
 * server is there, is none.
 */
final class TlsChannel extends SecureNioChannel implements NewConnection.Channel {

	private static final String PLAIN_TEXT = StringManager.getManager(SecureNioChannel.class)
		.getString("channel.nio.ssl.foundHttp");

	private final HandshakeEndpoint endpoint;

	private final TlsFailureLog failureLog;

	private volatile @Nullable NewConnection connection;

	private boolean ready;

	private boolean reported;

	TlsChannel(SocketBufferHandler buffer, HandshakeEndpoint endpoint, TlsFailureLog failureLog) {
		super(buffer, endpoint);
		this.endpoint = endpoint;
		this.failureLog = failureLog;
	}

	@Override
	public @Nullable NewConnection newConnection() {
		return this.connection;
	}

	@Override
	public void reset(@Nullable SocketChannel channel, NioEndpoint.@Nullable NioSocketWrapper socketWrapper)
			throws IOException {
		super.reset(channel, socketWrapper);
		this.connection = (channel != null) ? new NewConnection(channel) : null;
		this.ready = false;
		this.reported = false;
	}

	@Override
	public int handshake(boolean read, boolean write) throws IOException {
		if (!this.ready && isOverdue()) {
			return -1;
		}
		try {
			int interest = super.handshake(read, write);
			return (interest == 0 && !this.ready) ? awaitRequest() : interest;
		}
		catch (SSLException ex) {
			this.reported = true;
			this.failureLog.failed(clientAddress(), ex);
			throw ex;
		}
		catch (IOException ex) {
			if (PLAIN_TEXT.equals(ex.getMessage())) {
				this.reported = true;
				this.failureLog.plainText(clientAddress());
			}
			throw ex;
		}
	}

	/**
	 * Return whether the handshake takes too long. Tomcat does not notice where something
	 * arrives now and then.
	 * @return whether the time is over
	 */
	private boolean isOverdue() {
		NewConnection connection = this.connection;
		long timeout = this.endpoint.getConnectionTimeout();
		if (connection == null || timeout <= 0
				|| System.nanoTime() - connection.startNanos() < TimeUnit.MILLISECONDS.toNanos(timeout)) {
			return false;
		}
		this.socketWrapper.setError(new SocketTimeoutException());
		return true;
	}

	/**
	 * Wait for the first byte of a request where it has not come with the end of the
	 * handshake. Tomcat would look for it at once, in vain, and give the connection
	 * another time to be silent then, HTTP/2 even without an end.
	 * @return what to wait for, zero for nothing
	 */
	private int awaitRequest() {
		this.ready = true;
		return (this.netInBuffer.position() == 0) ? SelectionKey.OP_READ : 0;
	}

	@Override
	public void rehandshake(long timeout) throws IOException {
		super.rehandshake(this.endpoint.getSilenceTimeout());
	}

	@Override
	public void close(boolean force) throws IOException {
		NewConnection connection = this.connection;
		if (connection != null && this.ready) {
			connection.closing(this.socketWrapper);
		}
		else if (!this.reported && this.endpoint.isRunning() && !this.closed) {
			this.reported = true;
			reportUnfinished();
		}
		super.close(force);
	}

	private void reportUnfinished() {
		if (NewConnection.hasTimedOut(this.socketWrapper)) {
			this.failureLog.timedOut(clientAddress(), Duration.ofMillis(this.endpoint.getConnectionTimeout()));
		}
		else if (this.sniComplete || this.netInBuffer.position() > 0) {
			this.failureLog.closed(clientAddress());
		}
	}

	private @Nullable SocketAddress clientAddress() {
		NewConnection connection = this.connection;
		return (connection != null) ? connection.clientAddress() : null;
	}

}
