package io.github.mcpwss.server;

import java.time.Duration;

import io.github.mcpwss.server.LogThrottle.Permit;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LogThrottle}.
 */
class LogThrottleTests {

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	private long now = Long.MAX_VALUE - SECOND;

	private final LogThrottle<String> throttle = new LogThrottle<>(Duration.ofSeconds(60), 3, () -> this.now);

	@Test
	void oneLinePerKeyAndInterval() {
		assertThat(this.throttle.request("a")).isEqualTo(new Permit(0, 0));
		this.now += 59 * SECOND;
		assertThat(this.throttle.request("a")).isNull();
		assertThat(this.throttle.request("a")).isNull();
		assertThat(this.throttle.request("b")).isEqualTo(new Permit(0, 0));
		this.now += SECOND;
		assertThat(this.throttle.request("a")).isEqualTo(new Permit(2, 0));
		assertThat(this.throttle.request("a")).isNull();
		this.now += 60 * SECOND;
		assertThat(this.throttle.request("a")).isEqualTo(new Permit(1, 0));
	}

	@Test
	void moreKeysThanFitAreCounted() {
		this.throttle.request("a");
		this.throttle.request("a");
		this.now += SECOND;
		this.throttle.request("b");
		this.throttle.request("c");
		assertThat(this.throttle.request("d")).isNull();
		assertThat(this.throttle.request("e")).isNull();
		this.now += 59 * SECOND;
		// takes the place of a, whose second line was left out
		assertThat(this.throttle.request("d")).isEqualTo(new Permit(0, 3));
		assertThat(this.throttle.request("a")).isNull();
	}

	@Test
	void whatWasLeftOutIsTold() {
		assertThat(new Permit(0, 0).describe()).isEmpty();
		assertThat(new Permit(2, 3).describe())
			.isEqualTo(" (2 more of this address since the last line) (3 more of other addresses)");
	}

}
