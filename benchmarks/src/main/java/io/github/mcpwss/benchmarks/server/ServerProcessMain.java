package io.github.mcpwss.benchmarks.server;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * Runs one server until its standard input ends: {@code SUBJECT DIRECTORY}, where the
 * directory has the certificate and its key.
 */
public final class ServerProcessMain {

	/**
	 * What stands before the port in the line that says that the server is ready.
	 */
	public static final String READY = "READY ";

	private ServerProcessMain() {
	}

	/**
	 * Run a server.
	 * @param arguments the subject and the directory of the certificate
	 * @throws IOException if standard input cannot be read
	 */
	public static void main(String[] arguments) throws IOException {
		Subject subject = Subject.of(arguments[0]);
		Path directory = Path.of(arguments[1]);
		int port = subject.isMcp() ? McpApplication.start(subject, directory)
				: new BareEchoServer(directory).start().port();
		System.out.println(READY + port);
		System.in.transferTo(OutputStream.nullOutputStream());
		System.exit(0);
	}

}
