package io.github.mcpwss.benchmarks;

import java.time.Duration;

import io.github.mcpwss.benchmarks.load.LoadResult;

/**
 * A server under a load.
 *
 * @param callsPerSecond responses in a second
 * @param p50 the median latency in microseconds
 * @param p99 the latency in microseconds below which 99 of 100 calls were
 * @param cpuMicros what a call cost the server's process in microseconds
 */
record Measurement(double callsPerSecond, double p50, double p99, double cpuMicros) {

	static Measurement of(LoadResult result, Duration cpuTime) {
		return new Measurement(result.callsPerSecond(), result.latencyMicros(50), result.latencyMicros(99),
				cpuTime.toNanos() / 1e3 / Math.max(1, result.calls()));
	}
}
