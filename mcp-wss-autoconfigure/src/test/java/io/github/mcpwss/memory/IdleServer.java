package io.github.mcpwss.memory;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import io.github.mcpwss.testing.Hosting;
import io.github.mcpwss.testing.TestServer;
import io.github.mcpwss.testing.TestTools;
import io.github.mcpwss.testing.WssServer;
import io.modelcontextprotocol.server.McpServer;

/**
 * A server in a process of its own. It tells its port, and then, for each line that
 * comes, the bytes of heap that are in use after garbage collection and the number of
 * open sessions.
 */
public final class IdleServer {

	private IdleServer() {
	}

	public static void main(String[] args) throws Exception {
		PrintStream answers = System.out;
		// Logs would fill the pipe that nobody reads.
		System.setOut(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
		TestServer server = Hosting.valueOf(args[0])
			.start(WssServer.settings().maxConnections(20_000).heartbeatInterval(Duration.ZERO).build());
		McpServer.sync(server.provider()).serverInfo("idle", "1").tools(TestTools.echo()).build();
		answers.println("PORT " + server.port());
		answer(server, answers);
		System.exit(0);
	}

	private static void answer(TestServer server, PrintStream answers) throws IOException, InterruptedException {
		BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		while (in.readLine() != null) {
			answers.println("HEAP " + usedHeap() + " " + server.provider().getConnectionCount());
		}
	}

	private static long usedHeap() throws InterruptedException {
		long used = Long.MAX_VALUE;
		for (int i = 0; i < 3; i++) {
			System.gc();
			Thread.sleep(200);
			used = Math.min(used, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
		}
		return used;
	}

}
