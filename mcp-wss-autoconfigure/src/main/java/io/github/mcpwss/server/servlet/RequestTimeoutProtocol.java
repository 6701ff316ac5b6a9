package io.github.mcpwss.server.servlet;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.apache.coyote.Adapter;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tomcat's HTTP/1.1 with a limit on the time from the first byte of a request to the end
 * of its headers. Tomcat itself has one on the time between two bytes alone, so that a
 * header that drips is never cut.
 */
public final class RequestTimeoutProtocol extends Http11NioProtocol {

	private static final Logger logger = LoggerFactory.getLogger(RequestTimeoutProtocol.class);

	private volatile Duration requestTimeout = Duration.ZERO;

	/**
	 * Create a new protocol. Tomcat makes it by its name.
	 */
	public RequestTimeoutProtocol() {
		super(new TlsFailureEndpoint());
	}

	/**
	 * Set the limit.
	 * @param requestTimeout the time from the first byte of a request to the end of its
	 * headers, zero for none
	 */
	public void setRequestTimeout(Duration requestTimeout) {
		this.requestTimeout = requestTimeout;
	}

	@Override
	protected Processor createProcessor() {
		return new RequestTimeoutProcessor(this, getAdapter(), this.requestTimeout.toNanos());
	}

	private static final class RequestTimeoutProcessor extends Http11Processor {

		private final AbstractHttp11Protocol<?> protocol;

		private final long timeoutNanos;

		RequestTimeoutProcessor(AbstractHttp11Protocol<?> protocol, Adapter adapter, long timeoutNanos) {
			super(protocol, adapter);
			this.protocol = protocol;
			this.timeoutNanos = timeoutNanos;
		}

		@Override
		public SocketState service(SocketWrapperBase<?> socket) throws IOException {
			boolean unfinished = isUnfinished();
			if (unfinished) {
				// What follows the headers has the time that it always has.
				socket.setReadTimeout(this.protocol.getConnectionTimeout());
			}
			SocketState state = super.service(socket);
			return (state == SocketState.LONG && !isAsync() && isUnfinished()) ? await(socket) : state;
		}

		private boolean isUnfinished() {
			return this.timeoutNanos > 0 && this.request.getStartTimeNanos() != -1;
		}

		private SocketState await(SocketWrapperBase<?> socket) {
			long left = this.timeoutNanos - (System.nanoTime() - this.request.getStartTimeNanos());
			if (left <= 0) {
				logger.info("Closing the connection of {}: no complete request within {}s", socket.getRemoteAddr(),
						TimeUnit.NANOSECONDS.toSeconds(this.timeoutNanos));
				return SocketState.CLOSED;
			}
			socket.setReadTimeout(readTimeout(TimeUnit.NANOSECONDS.toMillis(left) + 1));
			return SocketState.LONG;
		}

		private long readTimeout(long millis) {
			int silence = this.protocol.getConnectionTimeout();
			// None is a negative one.
			return (silence > 0) ? Math.min(silence, millis) : millis;
		}

	}

}
