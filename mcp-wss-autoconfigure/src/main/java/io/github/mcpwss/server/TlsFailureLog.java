package io.github.mcpwss.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.function.Function;

import io.github.mcpwss.tls.ClientTlsFailures;
import io.github.mcpwss.tls.TlsFailure;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs why TLS with clients failed and with whom: at most one line per minute for an
 * address, and for a limited number of addresses. What is left out is counted, and told
 * with the next line. Safe for use by several threads.
 */
public final class TlsFailureLog {

	private static final Logger logger = LoggerFactory.getLogger(TlsFailureLog.class);

	private static final Duration INTERVAL = Duration.ofMinutes(1);

	private static final int MAX_ADDRESSES = 256;

	private final LogThrottle<InetAddress> throttle = new LogThrottle<>(INTERVAL, MAX_ADDRESSES, System::nanoTime);

	/**
	 * Log a failure.
	 * @param client the client's address, {@code null} where it is not known
	 * @param failure the failure
	 */
	public void failed(@Nullable SocketAddress client, Throwable failure) {
		log(client, (address) -> ClientTlsFailures.classify(failure, address));
	}

	/**
	 * Log that a client does not speak TLS.
	 * @param client the client's address, {@code null} where it is not known
	 */
	public void plainText(@Nullable SocketAddress client) {
		log(client, ClientTlsFailures::plainText);
	}

	/**
	 * Log that a client did not finish the handshake in time.
	 * @param client the client's address, {@code null} where it is not known
	 * @param timeout the time that it had
	 */
	public void timedOut(@Nullable SocketAddress client, Duration timeout) {
		log(client, (address) -> ClientTlsFailures.timeout(address, timeout));
	}

	/**
	 * Log that a client closed the connection in the middle of the handshake.
	 * @param client the client's address, {@code null} where it is not known
	 */
	public void closed(@Nullable SocketAddress client) {
		log(client, ClientTlsFailures::closed);
	}

	private void log(@Nullable SocketAddress client, Function<String, TlsFailure> classifier) {
		InetAddress address = (client instanceof InetSocketAddress internet) ? internet.getAddress() : null;
		LogThrottle.Permit permit = this.throttle
			.request((address != null) ? address : InetAddress.getLoopbackAddress());
		if (permit != null) {
			TlsFailure failure = classifier.apply(describe(client));
			if (isNoise(failure.reason())) {
				logger.info("{}{}", failure.message(), permit.describe());
			}
			else {
				logger.warn("{}{}", failure.message(), permit.describe());
			}
		}
	}

	private static String describe(@Nullable SocketAddress client) {
		if (client instanceof InetSocketAddress internet && internet.getAddress() != null) {
			String host = internet.getAddress().getHostAddress();
			return "client " + (host.contains(":") ? "[" + host + "]" : host) + ":" + internet.getPort();
		}
		return "a client";
	}

	/**
	 * Return whether a failure comes from whatever scans ports, and tells nothing of this
	 * server.
	 * @param reason the kind of failure
	 * @return whether there is nothing to do about it
	 */
	private static boolean isNoise(TlsFailure.Reason reason) {
		return switch (reason) {
			case NOT_TLS, TIMEOUT, CONNECTION_CLOSED -> true;
			default -> false;
		};
	}

}
