package io.github.mcpwss.server;

import java.time.Duration;

import io.github.mcpwss.server.Heartbeat.Action;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When a peer is pinged, and when it is given up. Time is what the test says.
 */
class HeartbeatTests {

	private final Heartbeat heartbeat = new Heartbeat(Duration.ofNanos(10), 0);

	@Test
	void pongInTimeKeepsThePeer() {
		assertThat(this.heartbeat.tick(9)).isEqualTo(Action.NONE);
		for (long now = 10; now < 100; now += 10) {
			assertThat(this.heartbeat.tick(now)).isEqualTo(Action.PING);
			this.heartbeat.onPinged(now);
			this.heartbeat.onAlive();
		}
	}

	@Test
	void peerThatOwesAPongIsGivenUp() {
		this.heartbeat.tick(10);
		this.heartbeat.onPinged(12);
		this.heartbeat.onProgress();
		assertThat(this.heartbeat.tick(21)).isEqualTo(Action.NONE);
		assertThat(this.heartbeat.tick(22)).isEqualTo(Action.GIVE_UP);
		assertThat(this.heartbeat.isPinged()).isTrue();
	}

	@Test
	void pingThatWaitsBehindAMessageIsNoReasonWhileThePeerReads() {
		assertThat(this.heartbeat.tick(10)).isEqualTo(Action.PING);
		for (long now = 20; now < 100; now += 10) {
			this.heartbeat.onProgress();
			assertThat(this.heartbeat.tick(now)).isEqualTo(Action.NONE);
		}
		this.heartbeat.onPinged(100);
		assertThat(this.heartbeat.tick(110)).isEqualTo(Action.GIVE_UP);
	}

	@Test
	void peerThatReadsNothingIsGivenUpThoughThePingIsNotWritten() {
		this.heartbeat.tick(10);
		assertThat(this.heartbeat.tick(20)).isEqualTo(Action.GIVE_UP);
		assertThat(this.heartbeat.isPinged()).isFalse();
	}

	@Test
	void peerThatSpeaksWhileThePingWaitsIsKept() {
		this.heartbeat.tick(10);
		this.heartbeat.onAlive();
		assertThat(this.heartbeat.tick(20)).isEqualTo(Action.NONE);
		assertThat(this.heartbeat.tick(30)).isEqualTo(Action.GIVE_UP);
	}

	@Test
	void zeroTurnsItOff() {
		assertThat(new Heartbeat(Duration.ZERO, 0).tick(Long.MAX_VALUE)).isEqualTo(Action.NONE);
	}

}
