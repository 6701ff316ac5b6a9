package io.github.mcpwss.kit;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

import io.github.mcpwss.client.ClientSettings;
import io.github.mcpwss.testing.ScriptedServer;
import io.github.mcpwss.testing.ScriptedServer.Frame;
import io.github.mcpwss.testing.ScriptedServer.Peer;
import io.github.mcpwss.testing.TestTls;
import io.github.mcpwss.testing.WssClient;
import io.modelcontextprotocol.spec.McpClientTransport;

import org.springframework.http.HttpHeaders;

/**
 * The reference server of the MCP project, which speaks stdio: each socket over wss has a
 * process of its own.
 */
final class EverythingServer implements AutoCloseable {

	/**
	 * Names the directory into which npm has installed the server.
	 */
	static final String DIRECTORY = "test.everything-server";

	static final String MISSING = "-D" + DIRECTORY + "=DIRECTORY does not tell where 'npm install --prefix DIRECTORY"
			+ " @modelcontextprotocol/server-everything@2025.12.18' has installed the server";

	private static final String SCRIPT = "node_modules/@modelcontextprotocol/server-everything/dist/index.js";

	private final TestTls tls = new TestTls();

	private final ScriptedServer server = ScriptedServer.overTls(this.tls, this::serve);

	private final WssClient clients = new WssClient(this.tls);

	McpClientTransport transport() {
		return this.clients.transport(new ClientSettings(this.server.uri(), Duration.ofSeconds(10), 16 * 1024 * 1024,
				Duration.ofSeconds(30), new HttpHeaders()));
	}

	private void serve(Peer peer) throws IOException {
		peer.upgrade("Sec-WebSocket-Protocol: mcp\r\n");
		Process process = new ProcessBuilder("node", Path.of(System.getProperty(DIRECTORY), SCRIPT).toString(), "stdio")
			.redirectError(ProcessBuilder.Redirect.DISCARD)
			.start();
		try (BufferedWriter in = process.outputWriter(StandardCharsets.UTF_8)) {
			Thread output = new Thread(() -> copyOutput(process, peer), "everything-server");
			output.setDaemon(true);
			output.start();
			for (Frame frame = peer.read(); frame.opcode() != 8; frame = peer.read()) {
				if (frame.opcode() == 1) {
					in.write(frame.text());
					in.write('\n');
					in.flush();
				}
				else if (frame.opcode() == 9) {
					send(peer, 0x8a, frame.payload());
				}
			}
			send(peer, 0x88, new byte[] { 3, (byte) 0xe8 });
		}
		finally {
			process.destroyForcibly();
		}
	}

	private static void copyOutput(Process process, Peer peer) {
		try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
			for (String line = out.readLine(); line != null; line = out.readLine()) {
				send(peer, 0x81, line.getBytes(StandardCharsets.UTF_8));
			}
		}
		catch (IOException ex) {
			// The client or the process is gone.
		}
	}

	private static void send(Peer peer, int firstByte, byte[] payload) throws IOException {
		synchronized (peer) {
			peer.sendFrame(firstByte, payload);
		}
	}

	@Override
	public void close() {
		this.clients.close();
		this.server.close();
	}

}
