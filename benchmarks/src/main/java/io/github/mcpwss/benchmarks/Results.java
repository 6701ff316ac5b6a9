package io.github.mcpwss.benchmarks;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

import io.github.mcpwss.benchmarks.load.Scenario;
import io.github.mcpwss.benchmarks.server.Subject;

/**
 * The measurements so far, and the tables of their medians.
 */
final class Results {

	private final Map<Scenario, Map<Subject, List<Measurement>>> measurements = new LinkedHashMap<>();

	void add(Scenario scenario, Subject subject, Measurement measurement) {
		this.measurements.computeIfAbsent(scenario, (key) -> new EnumMap<>(Subject.class))
			.computeIfAbsent(subject, (key) -> new ArrayList<>())
			.add(measurement);
	}

	/**
	 * Return a table for each load.
	 * @param baseline the server that others are compared with
	 * @return the tables in Markdown
	 */
	String toMarkdown(Subject baseline) {
		StringBuilder text = new StringBuilder();
		this.measurements.forEach((scenario, subjects) -> {
			text.append("### ").append(scenario).append("\n\n");
			text.append("| server | calls/s | ratio | p50 µs | p99 µs | server CPU µs/call |\n");
			text.append("|---|---:|---:|---:|---:|---:|\n");
			double reference = median(subjects.getOrDefault(baseline, List.of()), Measurement::callsPerSecond);
			subjects.forEach((subject, rounds) -> {
				double rate = median(rounds, Measurement::callsPerSecond);
				text.append(String.format(Locale.ROOT, "| %s | %,.0f | %.2f | %,.0f | %,.0f | %.1f |%n",
						subject.title(), rate, rate / reference, median(rounds, Measurement::p50),
						median(rounds, Measurement::p99), median(rounds, Measurement::cpuMicros)));
			});
			text.append('\n');
		});
		return text.toString();
	}

	private static double median(List<Measurement> rounds, ToDoubleFunction<Measurement> value) {
		double[] sorted = rounds.stream().mapToDouble(value).sorted().toArray();
		if (sorted.length == 0) {
			return Double.NaN;
		}
		int middle = sorted.length / 2;
		return (sorted.length % 2 != 0) ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
	}

}
