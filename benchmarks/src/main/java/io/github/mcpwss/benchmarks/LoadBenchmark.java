package io.github.mcpwss.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

import io.github.mcpwss.benchmarks.load.LoadDriver;
import io.github.mcpwss.benchmarks.load.LoadResult;
import io.github.mcpwss.benchmarks.load.Scenario;
import io.github.mcpwss.benchmarks.server.ServerTlsFiles;
import io.github.mcpwss.benchmarks.server.Subject;

import org.springframework.util.FileSystemUtils;

/**
 * Measures the servers by turns and prints the tables. See {@code benchmarks/README.md}.
 */
public final class LoadBenchmark {

	private static final Duration WARM_UP_SLICE = Duration.ofMillis(500);

	private static final Duration MAX_WARM_UP = Duration.ofMinutes(1);

	private final Options options;

	private final Results results = new Results();

	private LoadBenchmark(Options options) {
		this.options = options;
	}

	/**
	 * Run the benchmark.
	 * @param arguments the options
	 * @throws Exception if a server does not start, or a call fails
	 */
	public static void main(String[] arguments) throws Exception {
		Options options = Options.parse(arguments);
		LoadBenchmark benchmark = new LoadBenchmark(options);
		Path directory = Files.createTempDirectory("mcp-wss-benchmark");
		try {
			ServerTlsFiles.write(directory);
			benchmark.run(directory);
		}
		finally {
			FileSystemUtils.deleteRecursively(directory);
		}
		System.out.println();
		System.out.print(benchmark.results.toMarkdown(options.subjects().get(0)));
	}

	private void run(Path directory) throws Exception {
		Map<Subject, ServerProcess> servers = new EnumMap<>(Subject.class);
		try (LoadDriver driver = new LoadDriver(directory.resolve(ServerTlsFiles.CERTIFICATE).toFile())) {
			for (Subject subject : this.options.subjects()) {
				servers.put(subject, ServerProcess.start(subject, directory, this.options.jvmArguments()));
			}
			for (Subject subject : this.options.subjects()) {
				warmUp(driver, subject, server(servers, subject));
			}
			for (int round = 1; round <= this.options.rounds(); round++) {
				for (Scenario scenario : this.options.scenarios()) {
					for (Subject subject : this.options.subjects()) {
						measure(driver, subject, server(servers, subject), scenario);
					}
				}
				System.err.printf("Round %d of %d is done%n", round, this.options.rounds());
			}
		}
		finally {
			close(servers);
		}
	}

	private static ServerProcess server(Map<Subject, ServerProcess> servers, Subject subject) {
		ServerProcess server = servers.get(subject);
		if (server == null) {
			throw new IllegalArgumentException("Not started: " + subject.id());
		}
		return server;
	}

	private void warmUp(LoadDriver driver, Subject subject, ServerProcess server) throws Exception {
		// The JVM compiles what matters in CPU time, of which a busy machine gives
		// little.
		long end = System.nanoTime() + MAX_WARM_UP.toNanos();
		while (server.cpuTime().compareTo(this.options.firstWarmUp()) < 0 && System.nanoTime() < end) {
			for (Scenario scenario : this.options.scenarios()) {
				driver.run(subject, server.port(), scenario, WARM_UP_SLICE, Duration.ZERO, () -> {
				});
			}
		}
	}

	private void measure(LoadDriver driver, Subject subject, ServerProcess server, Scenario scenario) throws Exception {
		Duration[] cpuTimes = new Duration[2];
		LoadResult result = driver.run(subject, server.port(), scenario, this.options.warmUp(), this.options.duration(),
				() -> cpuTimes[(cpuTimes[0] != null) ? 1 : 0] = server.cpuTime());
		Measurement measurement = Measurement.of(result, cpuTimes[1].minus(cpuTimes[0]));
		this.results.add(scenario, subject, measurement);
		System.err.printf("%s, %s: %,.0f calls/s, p50 %,.0f µs, p99 %,.0f µs, %.1f µs of CPU%n", scenario,
				subject.title(), measurement.callsPerSecond(), measurement.p50(), measurement.p99(),
				measurement.cpuMicros());
	}

	private static void close(Map<Subject, ServerProcess> servers) throws IOException {
		for (ServerProcess server : servers.values()) {
			server.close();
		}
	}

}
