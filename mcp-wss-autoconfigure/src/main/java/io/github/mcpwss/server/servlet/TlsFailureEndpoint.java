package io.github.mcpwss.server.servlet;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.time.Duration;

import javax.net.ssl.SSLException;

import io.github.mcpwss.server.TlsFailureLog;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SecureNioChannel;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.apache.tomcat.util.res.StringManager;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's endpoint that reports failed TLS handshakes to a {@link TlsFailureLog}. Tomcat
 * itself tells of them at debug level. A connection that was closed before its first
 * byte, as load balancers do to see whether a server is there, is none.
 */
final class TlsFailureEndpoint extends NioEndpoint {

	private static final String PLAIN_TEXT = StringManager.getManager(SecureNioChannel.class)
		.getString("channel.nio.ssl.foundHttp");

	private final TlsFailureLog failureLog = new TlsFailureLog();

	@Override
	protected NioChannel createChannel(SocketBufferHandler buffer) {
		return isSSLEnabled() ? new ReportingChannel(buffer, this) : super.createChannel(buffer);
	}

	private static final class ReportingChannel extends SecureNioChannel {

		private final TlsFailureEndpoint endpoint;

		private boolean reported;

		private ReportingChannel(SocketBufferHandler buffer, TlsFailureEndpoint endpoint) {
			super(buffer, endpoint);
			this.endpoint = endpoint;
		}

		@Override
		public void reset(@Nullable SocketChannel channel, NioEndpoint.@Nullable NioSocketWrapper socketWrapper)
				throws IOException {
			super.reset(channel, socketWrapper);
			this.reported = false;
		}

		@Override
		public int handshake(boolean read, boolean write) throws IOException {
			try {
				return super.handshake(read, write);
			}
			catch (SSLException ex) {
				this.reported = true;
				this.endpoint.failureLog.failed(clientAddress(), ex);
				throw ex;
			}
			catch (IOException ex) {
				if (PLAIN_TEXT.equals(ex.getMessage())) {
					this.reported = true;
					this.endpoint.failureLog.plainText(clientAddress());
				}
				throw ex;
			}
		}

		@Override
		public void close(boolean force) throws IOException {
			if (!this.handshakeComplete && !this.reported && this.endpoint.isRunning() && !this.closed) {
				this.reported = true;
				reportEnd();
			}
			super.close(force);
		}

		private void reportEnd() {
			if (this.socketWrapper != null && this.socketWrapper.getError() instanceof SocketTimeoutException) {
				this.endpoint.failureLog.timedOut(clientAddress(),
						Duration.ofMillis(this.endpoint.getConnectionTimeout()));
			}
			else if (this.sniComplete || this.netInBuffer.position() > 0) {
				this.endpoint.failureLog.closed(clientAddress());
			}
		}

		private @Nullable SocketAddress clientAddress() {
			try {
				return this.sc.getRemoteAddress();
			}
			catch (IOException ex) {
				return null;
			}
		}

	}

}
