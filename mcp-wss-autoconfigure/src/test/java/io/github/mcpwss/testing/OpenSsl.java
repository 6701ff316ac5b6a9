package io.github.mcpwss.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Assumptions;

/**
 * The {@code openssl} command, where it is installed.
 */
public final class OpenSsl {

	private OpenSsl() {
	}

	/**
	 * Skip the test where there is no such command.
	 */
	public static void assumeInstalled() {
		boolean installed;
		try {
			installed = run("", "version").output().startsWith("OpenSSL ");
		}
		catch (UncheckedIOException ex) {
			installed = false;
		}
		Assumptions.assumeTrue(installed, "the openssl command is not installed");
	}

	/**
	 * Run the command to its end.
	 * @param input what it reads
	 * @param arguments the arguments
	 * @return what became of it
	 */
	public static Result run(String input, String... arguments) {
		Process process = start(arguments);
		try (OutputStream stdin = process.getOutputStream(); InputStream stdout = process.getInputStream()) {
			try {
				stdin.write(input.getBytes(StandardCharsets.US_ASCII));
				stdin.close();
			}
			catch (IOException ex) {
				// it may have ended before
			}
			String output = new String(stdout.readAllBytes(), StandardCharsets.ISO_8859_1);
			if (!process.waitFor(20, TimeUnit.SECONDS)) {
				throw new IllegalStateException("openssl does not end");
			}
			return new Result(process.exitValue(), output);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
		finally {
			process.destroyForcibly();
		}
	}

	/**
	 * Start the command.
	 * @param arguments the arguments
	 * @return the process, which the caller ends
	 */
	public static Process start(String... arguments) {
		List<String> command = new ArrayList<>(List.of("openssl"));
		command.addAll(List.of(arguments));
		try {
			return new ProcessBuilder(command).redirectErrorStream(true).start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Start a TLS server on a random port of the loopback interface.
	 * @param arguments further arguments of {@code s_server}
	 * @return the server
	 */
	public static Server serve(String... arguments) {
		List<String> command = new ArrayList<>(List.of("s_server", "-accept", "127.0.0.1:0"));
		command.addAll(List.of(arguments));
		Process process = start(command.toArray(String[]::new));
		try {
			BufferedReader output = process.inputReader();
			String line = output.readLine();
			while (line != null && !line.startsWith("ACCEPT")) {
				line = output.readLine();
			}
			if (line == null) {
				throw new IllegalStateException("openssl s_server does not start");
			}
			return new Server(process, Integer.parseInt(line.substring(line.lastIndexOf(':') + 1)));
		}
		catch (IOException ex) {
			process.destroyForcibly();
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * A TLS server.
	 *
	 * @param process the process
	 * @param port the port
	 */
	public record Server(Process process, int port) implements AutoCloseable {

		@Override
		public void close() {
			this.process.destroyForcibly();
		}

	}

	/**
	 * What became of a command.
	 *
	 * @param status the exit status
	 * @param output what it wrote
	 */
	public record Result(int status, String output) {

	}

}
