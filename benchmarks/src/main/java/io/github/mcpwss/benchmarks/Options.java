package io.github.mcpwss.benchmarks;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import io.github.mcpwss.benchmarks.load.Scenario;
import io.github.mcpwss.benchmarks.server.Subject;

import org.springframework.core.env.SimpleCommandLinePropertySource;

/**
 * What the command line says.
 *
 * @param subjects the servers to measure; the first one is what others are compared with
 * @param scenarios the loads
 * @param rounds the number of measurements of each server under each load
 * @param duration the time of a measurement
 * @param warmUp the time before one
 * @param firstWarmUp the CPU time that a server uses before the first one
 * @param jvmArguments further arguments of the servers' JVMs
 */
record Options(List<Subject> subjects, List<Scenario> scenarios, int rounds, Duration duration, Duration warmUp,
		Duration firstWarmUp, List<String> jvmArguments) {

	static Options parse(String[] arguments) {
		SimpleCommandLinePropertySource source = new SimpleCommandLinePropertySource(arguments);
		return new Options(values(source, "subjects", all()).map(Subject::of).toList(),
				values(source, "scenarios", "64x1x1,64x100x1,64x100x8,32768x1x1,32768x100x1,32768x100x8")
					.map(Options::scenario)
					.toList(),
				Integer.parseInt(value(source, "rounds", "3")), millis(source, "duration", "1000"),
				millis(source, "warm-up", "200"), millis(source, "first-warm-up", "12000"),
				values(source, "jvm", "").toList());
	}

	private static String all() {
		return String.join(",", Arrays.stream(Subject.values()).map(Subject::id).toList());
	}

	private static Scenario scenario(String name) {
		String[] parts = name.split("x", 3);
		return new Scenario(Integer.parseInt(parts[1]), Integer.parseInt(parts[2]), Integer.parseInt(parts[0]));
	}

	private static Duration millis(SimpleCommandLinePropertySource source, String name, String defaultValue) {
		return Duration.ofMillis(Long.parseLong(value(source, name, defaultValue)));
	}

	private static Stream<String> values(SimpleCommandLinePropertySource source, String name, String defaultValue) {
		return Arrays.stream(value(source, name, defaultValue).split(",")).filter((part) -> !part.isEmpty());
	}

	private static String value(SimpleCommandLinePropertySource source, String name, String defaultValue) {
		String value = source.getProperty(name);
		return (value != null) ? value : defaultValue;
	}
}
