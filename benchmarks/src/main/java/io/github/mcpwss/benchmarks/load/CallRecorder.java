package io.github.mcpwss.benchmarks.load;

import java.time.Duration;

import org.HdrHistogram.Histogram;

/**
 * Counts calls. Used by one event loop alone.
 */
final class CallRecorder {

	private static final long MAX_NANOS = Duration.ofMinutes(1).toNanos();

	private Histogram latencies = histogram();

	private long startedAt;

	private long calls;

	private boolean running = true;

	private static Histogram histogram() {
		return new Histogram(MAX_NANOS, 3);
	}

	void restart() {
		this.latencies = histogram();
		this.calls = 0;
		this.startedAt = System.nanoTime();
	}

	/**
	 * Count a call.
	 * @param sentAt when it was sent
	 * @return when it was answered
	 */
	long record(long sentAt) {
		long now = System.nanoTime();
		this.latencies.recordValue(Math.min(now - sentAt, MAX_NANOS));
		this.calls++;
		return now;
	}

	LoadResult result() {
		return new LoadResult(this.calls, Duration.ofNanos(System.nanoTime() - this.startedAt), this.latencies.copy());
	}

	void stop() {
		this.running = false;
	}

	boolean isRunning() {
		return this.running;
	}

}
