package io.github.mcpwss.client;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.DoubleSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Decides when a server that was lost is tried again: exponential backoff with full
 * jitter, so that many clients do not come back at the same moment. A connection that
 * stayed up for the reconnect delay starts anew.
 *
 * @see <a href=
 * "https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/">Exponential
 * Backoff And Jitter</a>
 */
final class Reconnection {

	private static final Duration LONGEST_STEP = Duration.ofMinutes(1);

	private static final int MOST_DOUBLINGS = 20;

	private final ClientSettings settings;

	private final InstantSource clock;

	private final DoubleSupplier random;

	private int attempts;

	private @Nullable Instant upSince;

	private @Nullable Instant downSince;

	private Instant nextAttempt = Instant.EPOCH;

	private @Nullable McpWebSocketConnectException lastFailure;

	Reconnection(ClientSettings settings, InstantSource clock, DoubleSupplier random) {
		this.settings = settings;
		this.clock = clock;
		this.random = random;
	}

	/**
	 * Note that the server is there.
	 */
	synchronized void connected() {
		this.upSince = this.clock.instant();
		this.downSince = null;
		this.lastFailure = null;
	}

	/**
	 * Note that the server is lost, which is allowed to be noticed twice.
	 */
	synchronized void dropped() {
		Instant upSince = this.upSince;
		if (upSince == null) {
			return;
		}
		Instant now = this.clock.instant();
		if (Duration.between(upSince, now).compareTo(this.settings.reconnect().delay()) >= 0) {
			this.attempts = 0;
		}
		this.upSince = null;
		this.downSince = now;
		this.nextAttempt = (this.attempts == 0) ? now : now.plus(backoff());
	}

	/**
	 * Start an attempt if it is time for one.
	 * @return whether there may be an attempt now
	 */
	synchronized boolean tryStart() {
		dropped();
		if (this.settings.reconnect().maxAttempts() == 0 || this.clock.instant().isBefore(this.nextAttempt)) {
			return false;
		}
		this.attempts++;
		return true;
	}

	/**
	 * Note that an attempt failed.
	 * @param failure why
	 */
	synchronized void failed(McpWebSocketConnectException failure) {
		Instant now = this.clock.instant();
		this.lastFailure = failure;
		if (this.downSince == null) {
			this.downSince = now;
		}
		Duration backoff = backoff();
		Duration retryAfter = failure.getRetryAfter().orElse(Duration.ZERO);
		this.nextAttempt = now.plus((retryAfter.compareTo(backoff) > 0) ? retryAfter : backoff);
	}

	private Duration backoff() {
		Duration delay = this.settings.reconnect().delay();
		Duration longest = (delay.compareTo(LONGEST_STEP) > 0) ? delay : LONGEST_STEP;
		int doublings = Math.min(Math.max(this.attempts - 1, 0), MOST_DOUBLINGS);
		Duration step = delay.multipliedBy(1L << doublings);
		Duration bounded = (step.compareTo(longest) > 0) ? longest : step;
		return Duration.ofMillis((long) (bounded.toMillis() * this.random.getAsDouble()));
	}

	/**
	 * Return when the next attempt is due without a call that needs it.
	 * @return the time until then, or empty if the client has given up
	 */
	synchronized Optional<Duration> untilAutomaticAttempt() {
		if (isGivenUp()) {
			return Optional.empty();
		}
		// The first attempt is for the next call to make at once, and for others soon.
		return Optional.of((this.attempts == 0) ? backoff() : untilNextAttempt());
	}

	/**
	 * Return when the next attempt may be made.
	 * @return the time until then
	 */
	synchronized Duration untilNextAttempt() {
		Duration remaining = Duration.between(this.clock.instant(), this.nextAttempt);
		return remaining.isNegative() ? Duration.ZERO : remaining;
	}

	/**
	 * Return whether there are no more attempts but those of calls.
	 * @return {@code true} if the client has given up
	 */
	synchronized boolean isGivenUp() {
		int maxAttempts = this.settings.reconnect().maxAttempts();
		McpWebSocketConnectException lastFailure = this.lastFailure;
		return (maxAttempts >= 0 && this.attempts >= maxAttempts)
				|| (lastFailure != null && !lastFailure.isTemporary());
	}

	/**
	 * Say why there is no connection.
	 * @return the error for a call that was not sent
	 */
	synchronized McpWebSocketConnectException away() {
		McpWebSocketConnectException failure = this.lastFailure;
		Instant downSince = this.downSince;
		StringBuilder message = new StringBuilder("no connection since ")
			.append(((downSince != null) ? downSince : this.clock.instant()).truncatedTo(ChronoUnit.MILLIS));
		if (failure != null) {
			message.append(", ")
				.append(this.attempts)
				.append((this.attempts == 1) ? " attempt" : " attempts")
				.append(" failed, at last: ")
				.append(failure.getReason());
		}
		ConnectStep step = (failure != null) ? failure.getStep() : ConnectStep.TCP_CONNECT;
		String property = this.settings.property("max-reconnect-attempts");
		if (this.settings.reconnect().maxAttempts() == 0) {
			message.append("; it is not opened again, since ").append(property).append(" is 0");
			return new McpWebSocketConnectException(this.settings, step, message + "; this call was not sent", failure);
		}
		if (isGivenUp()) {
			message.append("; ")
				.append((failure != null && !failure.isTemporary()) ? "that does not pass by itself"
						: property + " are used up")
				.append(", correct it: the next call tries again, not before ");
		}
		else {
			message.append("; the next attempt is at ");
		}
		message.append(this.nextAttempt.truncatedTo(ChronoUnit.MILLIS)).append("; this call was not sent");
		return new McpWebSocketConnectException(this.settings, step, message.toString(), failure)
			.withNextAttempt(this.nextAttempt);
	}

}
