package io.github.mcpwss.server.servlet;

import java.time.Duration;

import io.github.mcpwss.server.TlsFailureLog;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketBufferHandler;

/**
 * Tomcat's endpoint with a limit of its own on the time before a connection asks for
 * something. Tomcat gives its connection timeout to new connections and to all that
 * follows alike: here it is for what follows alone.
 */
final class HandshakeEndpoint extends NioEndpoint {

	private final TlsFailureLog failureLog = new TlsFailureLog();

	private volatile int handshakeTimeout;

	private volatile boolean keepAliveTimeoutSet;

	/**
	 * Set the limit.
	 * @param handshakeTimeout the time from the TCP connection to the end of the first
	 * request's headers, zero for none
	 */
	void setHandshakeTimeout(Duration handshakeTimeout) {
		this.handshakeTimeout = (int) Math.min(handshakeTimeout.toMillis(), Integer.MAX_VALUE);
	}

	/**
	 * Return the time that Tomcat gives to new connections.
	 * @return the time in milliseconds, none if it is not positive
	 */
	@Override
	public int getConnectionTimeout() {
		int silence = getSilenceTimeout();
		return (this.handshakeTimeout > 0 && (silence <= 0 || silence > this.handshakeTimeout)) ? this.handshakeTimeout
				: silence;
	}

	/**
	 * Return how long a connection may be silent, or not read, once it has asked for
	 * something.
	 * @return the time in milliseconds, none if it is not positive
	 */
	int getSilenceTimeout() {
		return super.getConnectionTimeout();
	}

	@Override
	public int getKeepAliveTimeout() {
		return this.keepAliveTimeoutSet ? super.getKeepAliveTimeout() : getSilenceTimeout();
	}

	@Override
	public void setKeepAliveTimeout(int keepAliveTimeout) {
		super.setKeepAliveTimeout(keepAliveTimeout);
		this.keepAliveTimeoutSet = true;
	}

	@Override
	protected NioChannel createChannel(SocketBufferHandler buffer) {
		return isSSLEnabled() ? new TlsChannel(buffer, this, this.failureLog) : new PlainChannel(buffer);
	}

}
