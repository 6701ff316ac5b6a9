package io.github.mcpwss.server.servlet;

import java.io.IOException;
import java.nio.channels.SocketChannel;

import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's channel without TLS, that knows when its connection was made.
 */
final class PlainChannel extends NioChannel implements NewConnection.Channel {

	private volatile @Nullable NewConnection connection;

	PlainChannel(SocketBufferHandler buffer) {
		super(buffer);
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
	}

	@Override
	public void close(boolean force) throws IOException {
		NewConnection connection = this.connection;
		if (connection != null) {
			connection.closing(this.socketWrapper);
		}
		super.close(force);
	}

}
