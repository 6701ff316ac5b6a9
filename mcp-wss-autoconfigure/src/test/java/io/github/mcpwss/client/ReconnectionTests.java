package io.github.mcpwss.client;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When a server that was lost is tried again, on a clock of the test's own.
 */
class ReconnectionTests {

	private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

	private final AtomicReference<Instant> now = new AtomicReference<>(START);

	private ClientSettings settings(int maxAttempts) {
		return new ClientSettings(URI.create("wss://host/mcp"), Duration.ofSeconds(1), 1024, Duration.ZERO,
				new HttpHeaders())
			.withReconnect(new ReconnectSettings(maxAttempts, Duration.ofSeconds(5), Duration.ZERO));
	}

	private Reconnection lost(int maxAttempts, Duration up) {
		Reconnection reconnection = new Reconnection(settings(maxAttempts), this.now::get, () -> 1.0);
		reconnection.connected();
		pass(up);
		reconnection.dropped();
		return reconnection;
	}

	private void pass(Duration duration) {
		this.now.updateAndGet((instant) -> instant.plus(duration));
	}

	private McpWebSocketConnectException refused() {
		return new McpWebSocketConnectException(settings(1), ConnectStep.TCP_CONNECT, "Connection refused", null);
	}

	private McpWebSocketConnectException answered(int status, Duration retryAfter) {
		return McpWebSocketConnectException.ofAnswer(settings(1), ConnectStep.WEBSOCKET_HANDSHAKE, "HTTP " + status,
				status, retryAfter, new IllegalStateException());
	}

	@Test
	void firstAttemptIsAtOnceAndTheNextTakeTwiceAsLongEach() {
		Reconnection reconnection = lost(-1, Duration.ofSeconds(1));
		for (int expected : new int[] { 5, 10, 20, 40, 60, 60 }) {
			assertThat(reconnection.tryStart()).isTrue();
			reconnection.failed(refused());
			assertThat(reconnection.untilNextAttempt()).hasSeconds(expected);
			pass(Duration.ofSeconds(expected).minusMillis(1));
			assertThat(reconnection.tryStart()).isFalse();
			pass(Duration.ofMillis(1));
		}
		assertThat(reconnection.isGivenUp()).isFalse();
	}

	@Test
	void connectionThatStayedUpStartsAnew() {
		Reconnection reconnection = lost(-1, Duration.ofSeconds(1));
		for (int i = 0; i < 3; i++) {
			reconnection.tryStart();
			reconnection.failed(refused());
			pass(Duration.ofMinutes(1));
		}
		reconnection.tryStart();
		reconnection.connected();
		pass(Duration.ofSeconds(5));
		assertThat(reconnection.tryStart()).as("notices the drop by itself").isTrue();
		reconnection.failed(refused());
		assertThat(reconnection.untilNextAttempt()).hasSeconds(5);
	}

	@Test
	void connectionThatDiesSoonCountsAsAnAttemptThatFailed() {
		Reconnection reconnection = lost(3, Duration.ofSeconds(1));
		for (int expected : new int[] { 5, 10 }) {
			assertThat(reconnection.tryStart()).isTrue();
			reconnection.connected();
			pass(Duration.ofSeconds(1));
			reconnection.dropped();
			assertThat(reconnection.untilNextAttempt()).hasSeconds(expected);
			pass(Duration.ofSeconds(expected));
		}
		assertThat(reconnection.isGivenUp()).isFalse();
		reconnection.tryStart();
		reconnection.connected();
		reconnection.dropped();
		assertThat(reconnection.isGivenUp()).isTrue();
	}

	@Test
	void callsTellSinceWhenAndWhenNext() {
		Reconnection reconnection = lost(-1, Duration.ofSeconds(1));
		reconnection.tryStart();
		reconnection.failed(refused());
		assertThat(reconnection.away()).hasMessage("Could not connect to wss://host/mcp: no connection since "
				+ "2026-01-01T00:00:01Z, 1 attempt failed, at last: Connection refused; the next attempt is at "
				+ "2026-01-01T00:00:06Z; this call was not sent");
		assertThat(reconnection.away().getNextAttempt()).contains(START.plusSeconds(6));
	}

	@Test
	void afterTheLastAttemptOnlyCallsTryAgain() {
		Reconnection reconnection = lost(2, Duration.ofSeconds(1));
		reconnection.tryStart();
		reconnection.failed(refused());
		assertThat(reconnection.untilAutomaticAttempt()).hasValue(Duration.ofSeconds(5));
		pass(Duration.ofSeconds(5));
		reconnection.tryStart();
		reconnection.failed(refused());
		assertThat(reconnection.untilAutomaticAttempt()).isEmpty();
		assertThat(reconnection.away()).hasMessageContaining("mcp.websocket.max-reconnect-attempts are used up")
			.hasMessageContaining("the next call tries again, not before 2026-01-01T00:00:16Z");
		pass(Duration.ofSeconds(10));
		assertThat(reconnection.tryStart()).isTrue();
	}

	@Test
	void noAttemptIsMadeWhereThereShallBeNone() {
		Reconnection reconnection = lost(0, Duration.ofHours(1));
		assertThat(reconnection.untilAutomaticAttempt()).isEmpty();
		assertThat(reconnection.tryStart()).isFalse();
		assertThat(reconnection.away()).hasMessageContaining("mcp.websocket.max-reconnect-attempts is 0");
		assertThat(reconnection.away().getNextAttempt()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "301", "400", "401", "403", "404" })
	void answerThatDoesNotPassByItselfIsNotTriedAgain(int status) {
		Reconnection reconnection = lost(-1, Duration.ofSeconds(1));
		reconnection.tryStart();
		reconnection.failed(answered(status, null));
		assertThat(reconnection.untilAutomaticAttempt()).isEmpty();
		assertThat(reconnection.away()).hasMessageContaining("that does not pass by itself");
		pass(Duration.ofSeconds(5));
		assertThat(reconnection.tryStart()).as("a call that follows").isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "429", "500", "502", "503" })
	void serverSaysWhenToComeBack(int status) {
		Reconnection reconnection = lost(-1, Duration.ofSeconds(1));
		reconnection.tryStart();
		reconnection.failed(answered(status, Duration.ofSeconds(100)));
		assertThat(reconnection.untilAutomaticAttempt()).hasValue(Duration.ofSeconds(100));
	}

	@ParameterizedTest
	@CsvSource({ "120, 120", "0, 0", "99999999, 86400", "'Thu, 01 Jan 2026 00:00:30 GMT', 30",
			"'Wed, 01 Jan 2025 00:00:30 GMT', 0" })
	void retryAfterIsRead(String value, long seconds) {
		assertThat(RetryAfter.parse(value, START)).hasSeconds(seconds);
	}

	@ParameterizedTest
	@CsvSource({ "''", "-1", "soon", "1.5", "9999999999999" })
	void retryAfterThatIsNoneIsIgnored(String value) {
		assertThat(RetryAfter.parse(value, START)).isNull();
	}

	@Test
	void longestDelayAndManyAttemptsDoNotOverflow() {
		ClientSettings settings = settings(-1)
			.withReconnect(new ReconnectSettings(-1, Duration.ofDays(24), Duration.ZERO));
		Reconnection reconnection = new Reconnection(settings, this.now::get, () -> 1.0);
		reconnection.connected();
		for (int i = 0; i < 100; i++) {
			reconnection.tryStart();
			reconnection.failed(refused());
			assertThat(reconnection.untilNextAttempt()).hasDays(24);
			pass(Duration.ofDays(24));
		}
	}

}
