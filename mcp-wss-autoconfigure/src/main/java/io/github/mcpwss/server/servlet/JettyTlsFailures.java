package io.github.mcpwss.server.servlet;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import javax.net.ssl.SSLEngine;

import io.github.mcpwss.server.TlsFailureLog;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;

/**
 * Reports failed TLS handshakes of Jetty to a {@link TlsFailureLog}. A connection that
 * was closed before its first byte, as load balancers do to see whether a server is
 * there, is none.
 */
public final class JettyTlsFailures {

	private final Duration timeout;

	/**
	 * Create a new instance.
	 * @param timeout the time that a connection has for its handshake
	 */
	public JettyTlsFailures(Duration timeout) {
		this.timeout = timeout;
	}

	/**
	 * Report the handshakes of the connectors of a server.
	 * @param server the server, which must not have been started
	 */
	public void customize(Server server) {
		TlsFailureLog failureLog = new TlsFailureLog();
		for (Connector connector : server.getConnectors()) {
			if (connector instanceof AbstractConnector container) {
				Listener listener = new Listener(container, failureLog, this.timeout.toMillis(),
						new ConcurrentHashMap<>());
				container.addBean(listener);
				container.addEventListener(listener);
			}
		}
	}

	/**
	 * Return whether the TLS of a connection is not ready yet.
	 * @param endPoint what the connection reads from and writes to
	 * @return whether there is TLS and its handshake is not done
	 */
	static boolean isHandshaking(EndPoint endPoint) {
		return endPoint instanceof SslConnection.SslEndPoint tls
				&& "NONE".equals(tls.getSslConnection().getSSLEngine().getSession().getProtocol());
	}

	/**
	 * Keeps the addresses of connections until their handshakes are done.
	 */
	private record Listener(AbstractConnector connector, TlsFailureLog failureLog, long timeoutMillis,
			Map<SSLEngine, SocketAddress> handshakes) implements SslHandshakeListener, Connection.Listener {

		@Override
		public void onOpened(Connection connection) {
			if (connection instanceof SslConnection tls) {
				this.handshakes.put(tls.getSSLEngine(), tls.getEndPoint().getRemoteSocketAddress());
			}
		}

		@Override
		public void handshakeSucceeded(Event event) {
			this.handshakes.remove(event.getSSLEngine());
		}

		@Override
		public void handshakeFailed(Event event, Throwable failure) {
			SocketAddress address = this.handshakes.remove(event.getSSLEngine());
			if (address != null) {
				this.failureLog.failed(address, failure);
			}
		}

		@Override
		public void onClosed(Connection connection) {
			SocketAddress address = (connection instanceof SslConnection tls)
					? this.handshakes.remove(tls.getSSLEngine()) : null;
			if (address != null && this.connector.isRunning()) {
				EndPoint endPoint = connection.getEndPoint();
				long age = System.currentTimeMillis() - endPoint.getCreatedTimeStamp();
				if (age >= Math.min(this.timeoutMillis, endPoint.getIdleTimeout())) {
					this.failureLog.timedOut(address, Duration.ofMillis(age));
				}
				else if (connection.getBytesIn() > 0) {
					this.failureLog.closed(address);
				}
			}
		}

	}

}
