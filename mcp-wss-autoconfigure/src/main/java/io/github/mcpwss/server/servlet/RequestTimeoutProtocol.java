package io.github.mcpwss.server.servlet;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.apache.coyote.Adapter;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tomcat's HTTP/1.1 with a limit on the time that a request may take to arrive: the first
 * one of a connection from the TCP connection to the end of its headers, TLS included,
 * later ones from their first byte on. Tomcat itself has one on the time between two
 * bytes alone, so that a header that drips is never cut.
 * <p>
 * What {@code connectionTimeout} and {@code keepAliveTimeout} say holds for all the rest:
 * the body of a request, a response that is not read, a connection between two requests.
 */
public final class RequestTimeoutProtocol extends Http11NioProtocol {

	private static final Logger logger = LoggerFactory.getLogger(RequestTimeoutProtocol.class);

	private final HandshakeEndpoint endpoint;

	private volatile Duration requestTimeout = Duration.ZERO;

	/**
	 * Create a new protocol. Tomcat makes it by its name.
	 */
	public RequestTimeoutProtocol() {
		this(new HandshakeEndpoint());
	}

	private RequestTimeoutProtocol(HandshakeEndpoint endpoint) {
		super(endpoint);
		this.endpoint = endpoint;
	}

	/**
	 * Set the limit.
	 * @param requestTimeout the time that a request may take to arrive, zero for none
	 */
	public void setRequestTimeout(Duration requestTimeout) {
		this.requestTimeout = requestTimeout;
		this.endpoint.setHandshakeTimeout(requestTimeout);
	}

	@Override
	public int getConnectionTimeout() {
		return this.endpoint.getSilenceTimeout();
	}

	@Override
	protected Processor createProcessor() {
		return new RequestTimeoutProcessor(this, getAdapter(), this.requestTimeout.toNanos());
	}

	private static final class RequestTimeoutProcessor extends Http11Processor {

		private final RequestTimeoutProtocol protocol;

		private final long timeoutNanos;

		RequestTimeoutProcessor(RequestTimeoutProtocol protocol, Adapter adapter, long timeoutNanos) {
			super(protocol, adapter);
			this.protocol = protocol;
			this.timeoutNanos = timeoutNanos;
		}

		@Override
		public SocketState service(SocketWrapperBase<?> socket) throws IOException {
			NewConnection connection = NewConnection.of(socket);
			if (connection != null || isUnfinished()) {
				// What follows the headers has the time that it always has.
				socket.setReadTimeout(this.protocol.getConnectionTimeout());
				socket.setWriteTimeout(this.protocol.getConnectionTimeout());
			}
			int requests = getRequestCount();
			SocketState state = super.service(socket);
			boolean awaiting = !isAsync() && (state == SocketState.OPEN || state == SocketState.LONG);
			if (connection != null) {
				if (awaiting && getRequestCount() == requests) {
					return await(socket, connection.startNanos(), state);
				}
				connection.end();
			}
			return (awaiting && state == SocketState.LONG && isUnfinished())
					? await(socket, this.request.getStartTimeNanos(), state) : state;
		}

		private int getRequestCount() {
			return this.request.getRequestProcessor().getRequestCount();
		}

		private boolean isUnfinished() {
			return this.request.getStartTimeNanos() != -1;
		}

		private SocketState await(SocketWrapperBase<?> socket, long startNanos, SocketState state) {
			if (this.timeoutNanos <= 0) {
				return state;
			}
			long left = this.timeoutNanos - (System.nanoTime() - startNanos);
			if (left <= 0) {
				logger.info("Closing the connection of {}: no complete request within {}s", socket.getRemoteAddr(),
						TimeUnit.NANOSECONDS.toSeconds(this.timeoutNanos));
				return SocketState.CLOSED;
			}
			socket.setReadTimeout(readTimeout(TimeUnit.NANOSECONDS.toMillis(left) + 1));
			return state;
		}

		private long readTimeout(long millis) {
			int silence = this.protocol.getConnectionTimeout();
			// None is a negative one.
			return (silence > 0) ? Math.min(silence, millis) : millis;
		}

	}

}
