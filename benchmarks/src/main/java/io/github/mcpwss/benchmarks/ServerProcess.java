package io.github.mcpwss.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.mcpwss.benchmarks.server.ServerProcessMain;
import io.github.mcpwss.benchmarks.server.Subject;

/**
 * A server in a process of its own, which ends with this one.
 */
final class ServerProcess implements AutoCloseable {

	private final Process process;

	private final int port;

	private ServerProcess(Process process, int port) {
		this.process = process;
		this.port = port;
	}

	static ServerProcess start(Subject subject, Path directory, List<String> jvmArguments) throws IOException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of("-Xms512m", "-Xmx512m", "-XX:+UseG1GC"));
		if (subject.tls() != Subject.Tls.BORINGSSL) {
			command.add("-Dio.netty.handler.ssl.noOpenSsl=true");
		}
		jvmArguments.forEach((argument) -> command.add(argument.replace("%s", subject.id())));
		command.addAll(List.of("-cp", System.getProperty("java.class.path"), ServerProcessMain.class.getName(),
				subject.id(), directory.toString()));
		Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
		BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
		String line = output.readLine();
		while (line != null && !line.startsWith(ServerProcessMain.READY)) {
			System.err.println(line);
			line = output.readLine();
		}
		if (line == null) {
			throw new IOException("The server did not start: " + subject.id());
		}
		return new ServerProcess(process, Integer.parseInt(line.substring(ServerProcessMain.READY.length())));
	}

	int port() {
		return this.port;
	}

	/**
	 * Return what the process has used so far.
	 * @return the time of all its threads, those of the JVM among them
	 */
	Duration cpuTime() {
		return this.process.info().totalCpuDuration().orElseThrow();
	}

	@Override
	public void close() throws IOException {
		this.process.getOutputStream().close();
		try {
			if (!this.process.waitFor(10, TimeUnit.SECONDS)) {
				this.process.destroyForcibly();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
