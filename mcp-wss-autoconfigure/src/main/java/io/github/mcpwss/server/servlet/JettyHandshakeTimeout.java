package io.github.mcpwss.server.servlet;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes connections to Jetty whose first request is not complete in time, the TLS
 * handshake included. Jetty itself has a limit on the time between two bytes alone.
 */
public final class JettyHandshakeTimeout {

	private static final Logger logger = LoggerFactory.getLogger(JettyHandshakeTimeout.class);

	private final Duration timeout;

	/**
	 * Create a timeout.
	 * @param timeout the time from the TCP connection to the end of the first request's
	 * headers
	 */
	public JettyHandshakeTimeout(Duration timeout) {
		this.timeout = timeout;
	}

	/**
	 * Apply the timeout to the connectors of a server.
	 * @param server the server, which must not have been started
	 */
	public void customize(Server server) {
		for (Connector connector : server.getConnectors()) {
			connector.addEventListener(new Listener(connector.getScheduler(), this.timeout));
		}
	}

	private record Listener(Scheduler scheduler, Duration timeout,
			Map<Connection, Scheduler.Task> timeouts) implements Connection.Listener {

		Listener(Scheduler scheduler, Duration timeout) {
			this(scheduler, timeout, new ConcurrentHashMap<>());
		}

		@Override
		public void onOpened(Connection connection) {
			// What comes between TLS and HTTP where they agree on HTTP's version, and the
			// socket that it may become, are none.
			if (connection instanceof SslConnection || connection instanceof ConnectionMetaData) {
				long age = System.currentTimeMillis() - connection.getEndPoint().getCreatedTimeStamp();
				this.timeouts.put(connection, this.scheduler.schedule(() -> closeIfSilent(connection),
						Math.max(1, this.timeout.toMillis() - age), TimeUnit.MILLISECONDS));
			}
		}

		private void closeIfSilent(Connection connection) {
			this.timeouts.remove(connection);
			if (connection instanceof SslConnection tls) {
				if (JettyTlsFailures.isHandshaking(tls.getSslEndPoint())) {
					connection.close();
				}
			}
			else if (connection.getMessagesIn() == 0) {
				if (!JettyTlsFailures.isHandshaking(connection.getEndPoint())) {
					logger.info("Closing the connection of {}: no complete request within {}",
							connection.getEndPoint().getRemoteSocketAddress(), this.timeout);
				}
				connection.close();
			}
		}

		@Override
		public void onClosed(Connection connection) {
			Scheduler.Task task = this.timeouts.remove(connection);
			if (task != null) {
				task.cancel();
			}
		}

	}

}
