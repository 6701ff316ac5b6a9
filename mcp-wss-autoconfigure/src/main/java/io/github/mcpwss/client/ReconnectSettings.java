package io.github.mcpwss.client;

import java.time.Duration;

/**
 * How a client comes back to a server that it lost.
 *
 * @param maxAttempts the number of attempts after which it gives up; 0 for none at all,
 * -1 for no limit
 * @param delay the longest time before the second attempt; it doubles with each attempt,
 * and the time that is waited is a random part of it
 * @param callWait the time that calls wait for the server to come back; zero makes them
 * fail at once
 */
public record ReconnectSettings(int maxAttempts, Duration delay, Duration callWait) {

	/**
	 * Five attempts, the second within five seconds, and no call waits.
	 */
	public static final ReconnectSettings DEFAULT = new ReconnectSettings(5, Duration.ofSeconds(5), Duration.ZERO);

}
