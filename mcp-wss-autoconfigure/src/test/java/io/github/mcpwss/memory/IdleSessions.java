package io.github.mcpwss.memory;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import javax.net.ssl.SSLContext;

/**
 * Measures the heap that idle sessions cost a server, and what is left of it after their
 * end. See {@code benchmarks/memory}.
 */
public final class IdleSessions {

	private IdleSessions() {
	}

	public static void main(String[] args) throws Exception {
		String hosting = args[0];
		int sessions = Integer.parseInt(args[1]);
		int cycles = Integer.parseInt(args[2]);
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xmx2g", "-cp", System.getProperty("java.class.path"), IdleServer.class.getName(), hosting)
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		try {
			new IdleSessions().measure(process, hosting, sessions, cycles);
		}
		finally {
			process.destroy();
		}
	}

	private void measure(Process process, String hosting, int sessions, int cycles) throws Exception {
		BufferedReader out = new BufferedReader(
				new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
		PrintStream in = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
		int port = Integer.parseInt(readLine(out, "PORT")[1]);
		SSLContext context = IdleClient.context();
		cycle(context, port, 200);
		// The first round fills the container's pools, which it keeps.
		long closed = round(in, out, context, port, hosting, sessions, heap(in, out, 0));
		closed = round(in, out, context, port, hosting, sessions, closed);
		if (cycles > 0) {
			cycle(context, port, cycles);
			long after = heap(in, out, 0);
			System.out.printf("%s, after %d connects and disconnects: %.3f KiB each%n", hosting, cycles,
					(after - closed) / 1024.0 / cycles);
		}
	}

	private static long round(PrintStream in, BufferedReader out, SSLContext context, int port, String hosting,
			int sessions, long start) throws Exception {
		List<IdleClient> clients = new ArrayList<>();
		for (int i = 0; i < sessions; i++) {
			clients.add(new IdleClient(context, port));
		}
		long open = heap(in, out, sessions);
		System.out.printf("%s, %d idle sessions: %.1f KiB of heap each%n", hosting, sessions,
				(open - start) / 1024.0 / sessions);
		for (IdleClient client : clients) {
			client.close();
		}
		long closed = heap(in, out, 0);
		System.out.printf("%s, after their close: %.2f KiB each%n", hosting, (closed - start) / 1024.0 / sessions);
		return closed;
	}

	private static void cycle(SSLContext context, int port, int times) throws IOException {
		for (int i = 0; i < times; i++) {
			new IdleClient(context, port).close();
		}
	}

	private static long heap(PrintStream in, BufferedReader out, int expected) throws Exception {
		for (int attempt = 0; attempt < 60; attempt++) {
			in.println("heap");
			String[] answer = readLine(out, "HEAP");
			if (Integer.parseInt(answer[2]) == expected) {
				// What ends with sockets ends a little later than they.
				Thread.sleep(3000);
				in.println("heap");
				return Long.parseLong(readLine(out, "HEAP")[1]);
			}
			Thread.sleep(500);
		}
		throw new IllegalStateException("The server does not have " + expected + " sessions");
	}

	private static String[] readLine(BufferedReader out, String kind) throws IOException {
		for (String line = out.readLine(); line != null; line = out.readLine()) {
			if (line.startsWith(kind)) {
				return line.split(" ");
			}
		}
		throw new IOException("The server has ended");
	}

}
