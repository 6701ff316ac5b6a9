package io.github.mcpwss.server.servlet;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to Tomcat until its first request is complete.
 */
final class NewConnection {

	private static final Logger logger = LoggerFactory.getLogger(NewConnection.class);

	private final SocketChannel socket;

	private final long startNanos = System.nanoTime();

	private volatile boolean over;

	NewConnection(SocketChannel socket) {
		this.socket = socket;
	}

	/**
	 * Return whether a connection is new.
	 * @param connection the connection
	 * @return what is known of it, {@code null} once it has asked for something
	 */
	static @Nullable NewConnection of(SocketWrapperBase<?> connection) {
		NewConnection found = (connection.getSocket() instanceof Channel channel) ? channel.newConnection() : null;
		return (found == null || found.over) ? null : found;
	}

	long startNanos() {
		return this.startNanos;
	}

	/**
	 * Note that it has asked for something.
	 */
	void end() {
		this.over = true;
	}

	/**
	 * Log that it is closed for its silence, if that is so.
	 * @param connection the connection
	 */
	void closing(@Nullable SocketWrapperBase<?> connection) {
		if (!this.over && hasTimedOut(connection)) {
			this.over = true;
			logger.info("Closing the connection of {}: no complete request within {}s", clientAddress(),
					TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - this.startNanos));
		}
	}

	static boolean hasTimedOut(@Nullable SocketWrapperBase<?> connection) {
		return connection != null && connection.getError() instanceof SocketTimeoutException;
	}

	/**
	 * Return where it comes from.
	 * @return the address, {@code null} if it is closed
	 */
	@Nullable SocketAddress clientAddress() {
		try {
			return this.socket.getRemoteAddress();
		}
		catch (IOException ex) {
			return null;
		}
	}

	/**
	 * A channel that knows its connection. Tomcat uses channels again for other
	 * connections.
	 */
	interface Channel {

		@Nullable NewConnection newConnection();

	}

}
