package io.github.mcpwss.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;

import javax.net.ssl.SSLSocketFactory;

import io.github.mcpwss.testing.RawMcpClient;
import io.github.mcpwss.testing.TestServer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A client that speaks MCP in frames of random sizes and masks, with pings between, and
 * never answers one of the server's pings.
 */
final class FuzzClient implements AutoCloseable {

	/**
	 * What {@link #readClose()} returns where there is no close frame.
	 */
	static final int ABNORMAL = 1006;

	private static final JsonMapper JSON = JsonMapper.shared();

	private final FuzzConnection connection;

	private final FrameGenerator frames;

	private final int status;

	FuzzClient(TestServer server, SSLSocketFactory sockets, Random random) throws IOException {
		this.connection = new FuzzConnection(sockets, server.port(), random);
		this.frames = new FrameGenerator(random, 100_000);
		this.connection.write(FuzzConnection.ascii(new HandshakeGenerator(random).next(server.port(), 0).request()));
		this.status = this.connection.readAnswer().status();
	}

	/**
	 * Return how the handshake was answered.
	 * @return the HTTP status
	 */
	int status() {
		return this.status;
	}

	FuzzClient initialize() throws IOException {
		send("""
				{"jsonrpc":"2.0","id":"init","method":"initialize","params":{"protocolVersion":"2025-06-18",\
				"capabilities":{"sampling":{}},"clientInfo":{"name":"fuzz","version":"1"}}}""");
		if (!response("init").has("result")) {
			throw new AssertionError("initialize failed");
		}
		send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
		return this;
	}

	void call(String id, String tool) throws IOException {
		send(RawMcpClient.toolCall(id, tool, id));
	}

	void ping(String id) throws IOException {
		send("{\"jsonrpc\":\"2.0\",\"id\":\"%s\",\"method\":\"ping\"}".formatted(id));
	}

	void send(String json) throws IOException {
		for (ClientFrame frame : this.frames.message(json)) {
			this.connection.write(frame.encode());
		}
	}

	/**
	 * Skip messages up to the response to a request.
	 * @param id the request's id
	 * @return the response
	 * @throws IOException if it does not come in time
	 */
	JsonNode response(String id) throws IOException {
		JsonNode message = next();
		while (message.has("method") || !id.equals(message.path("id").asString(null))) {
			message = next();
		}
		return message;
	}

	/**
	 * Read the next message.
	 * @return the message
	 * @throws IOException if it does not come in time
	 */
	JsonNode next() throws IOException {
		ByteArrayOutputStream message = new ByteArrayOutputStream();
		while (true) {
			ServerFrame frame = this.connection.read();
			if (frame == null || frame.opcode() == ClientFrame.CLOSE) {
				throw new AssertionError("Socket ended with " + ((frame != null) ? frame.closeCode() : ABNORMAL));
			}
			if (frame.opcode() < ClientFrame.CLOSE) {
				message.writeBytes(frame.payload());
				if (frame.fin()) {
					return JSON.readTree(message.toString(StandardCharsets.UTF_8));
				}
			}
		}
	}

	/**
	 * Skip frames up to the end of the socket.
	 * @return the code of the close frame
	 * @throws IOException if the end does not come in time
	 */
	int readClose() throws IOException {
		ServerFrame frame = this.connection.read();
		while (frame != null && frame.opcode() != ClientFrame.CLOSE) {
			frame = this.connection.read();
		}
		return (frame != null) ? frame.closeCode() : ABNORMAL;
	}

	@Override
	public void close() throws IOException {
		this.connection.close();
	}

}
