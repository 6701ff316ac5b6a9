package io.github.mcpwss.server;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When a message in parts counts as one that never ends.
 */
class MessageProgressTests {

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	private final MessageProgress progress = new MessageProgress(Duration.ofSeconds(10));

	@Test
	void idleSocketNeverStalls() {
		assertThat(this.progress.isStalled(0)).isFalse();
		assertThat(this.progress.isStalled(1000 * SECOND)).isFalse();
	}

	@Test
	void silenceWithinAMessageStalls() {
		this.progress.onPart(100_000, false);
		assertThat(this.progress.isStalled(0)).isFalse();
		assertThat(this.progress.isStalled(9 * SECOND)).isFalse();
		assertThat(this.progress.isStalled(10 * SECOND)).isTrue();
	}

	@Test
	void drippingWithinAMessageStalls() {
		this.progress.onPart(1, false);
		assertThat(this.progress.isStalled(0)).isFalse();
		this.progress.onPart(MessageProgress.MIN_BYTES - 1, false);
		assertThat(this.progress.isStalled(10 * SECOND)).isTrue();
	}

	@Test
	void slowMessageGoesOn() {
		this.progress.onPart(1, false);
		for (int i = 0; i < 100; i++) {
			assertThat(this.progress.isStalled(i * 10 * SECOND)).isFalse();
			this.progress.onPart(MessageProgress.MIN_BYTES, false);
		}
		this.progress.onPart(1, true);
		assertThat(this.progress.isStalled(1010 * SECOND)).isFalse();
	}

	@Test
	void everyMessageHasItsOwnTime() {
		for (int i = 0; i < 100; i++) {
			this.progress.onPart(1, false);
			assertThat(this.progress.isStalled(i * 10 * SECOND)).isFalse();
			this.progress.onPart(1, true);
			this.progress.onPart(1, true);
		}
	}

	@Test
	void windowIsHalfAMinuteWhateverTheHeartbeat() {
		for (Duration heartbeat : new Duration[] { Duration.ZERO, Duration.ofMinutes(10) }) {
			MessageProgress slow = new MessageProgress(heartbeat);
			slow.onPart(1, false);
			assertThat(slow.isStalled(0)).isFalse();
			assertThat(slow.isStalled(29 * SECOND)).isFalse();
			assertThat(slow.isStalled(30 * SECOND)).isTrue();
		}
	}

}
