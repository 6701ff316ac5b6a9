package io.github.mcpwss.benchmarks.load;

import java.time.Duration;

import org.HdrHistogram.Histogram;

/**
 * What one measurement gave.
 *
 * @param calls the number of responses
 * @param elapsed the time in which they came
 * @param latencies the time of each in nanoseconds
 */
public record LoadResult(long calls, Duration elapsed, Histogram latencies) {

	/**
	 * Return the rate.
	 * @return calls in a second
	 */
	public double callsPerSecond() {
		return this.calls / (this.elapsed.toNanos() / 1e9);
	}

	/**
	 * Return the time below which a share of the calls was.
	 * @param percentile the share in per cent
	 * @return microseconds
	 */
	public double latencyMicros(double percentile) {
		return this.latencies.getValueAtPercentile(percentile) / 1e3;
	}
}
