package io.github.mcpwss.server;

import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.LongStream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

import com.sun.management.ThreadMXBean;
import io.github.mcpwss.testing.Hosting;
import io.github.mcpwss.testing.RawMcpClient;
import io.github.mcpwss.testing.RawWebSocket;
import io.github.mcpwss.testing.RawWebSocket.Frame;
import io.github.mcpwss.testing.TestServer;
import io.github.mcpwss.testing.TestTools;
import io.github.mcpwss.testing.WssServer;
import io.modelcontextprotocol.server.McpServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@code permessage-deflate}, byte by byte.
 */
@ParameterizedClass
@EnumSource(Hosting.class)
class CompressionTests {

	private static final String EXTENSIONS = "Sec-WebSocket-Extensions";

	private static final String OFFER = EXTENSIONS + ": permessage-deflate; client_max_window_bits";

	private static final String INITIALIZE = """
			{"jsonrpc":"2.0","id":"init","method":"initialize","params":{"protocolVersion":"2025-06-18",\
			"capabilities":{},"clientInfo":{"name":"raw","version":"1"}}}""";

	private static final String INITIALIZED = """
			{"jsonrpc":"2.0","method":"notifications/initialized"}""";

	private static final int LIMIT = 300_000;

	@Parameter
	Hosting hosting;

	private static TestServer server;

	@BeforeParameterizedClassInvocation
	static void start(Hosting hosting) {
		server = serve(hosting, true);
	}

	private static TestServer serve(Hosting hosting, boolean compression) {
		TestServer server = hosting.start(WssServer.settings().maxMessageSize(LIMIT).compression(compression).build());
		McpServer.sync(server.provider()).serverInfo("test", "1").tools(TestTools.echo()).build();
		return server;
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	@Test
	void isOffUnlessWanted() {
		try (TestServer plain = serve(this.hosting, false); RawWebSocket socket = RawWebSocket.open(plain, OFFER)) {
			assertThat(socket.headers()).doesNotContainKey(EXTENSIONS);
			socket.sendBytes(RawWebSocket.frame(0xC1, true, deflate("{}", new Deflater(6, true))));
			assertThat(socket.readClose()).isEqualTo(1002);
		}
	}

	@Test
	void isNotForcedOnWhoDoesNotOffer() {
		try (RawMcpClient client = RawMcpClient.initialized(server)) {
			assertThat(client.socket().headers()).doesNotContainKey(EXTENSIONS);
			client.call("1", "echo", "hello".repeat(1000));
			assertThat(RawMcpClient.text(client.response("1"))).isEqualTo("hello".repeat(1000));
		}
	}

	@Test
	void messagesAreCompressedBothWays() throws Exception {
		try (RawWebSocket socket = RawWebSocket.open(server, OFFER)) {
			assertThat(socket.headers().get(EXTENSIONS)).startsWith("permessage-deflate");
			Deflater deflater = new Deflater(6, true);
			Inflater inflater = new Inflater(true);
			send(socket, deflater, INITIALIZE);
			assertThat(receive(socket, inflater)).contains("\"serverInfo\"");
			send(socket, deflater, INITIALIZED);
			for (String text : new String[] { "é€🚀".repeat(20_000), "x", "", "é€🚀".repeat(20_000) }) {
				send(socket, deflater, RawMcpClient.toolCall("1", "echo", text));
				assertThat(receive(socket, inflater)).contains(text);
			}
			socket.sendText(RawMcpClient.toolCall("2", "echo", "plain"));
			assertThat(receive(socket, inflater)).contains("plain");
		}
	}

	@Test
	void fragmentsAreInflatedAsOneMessage() throws Exception {
		try (RawWebSocket socket = RawWebSocket.open(server, OFFER)) {
			Deflater deflater = new Deflater(6, true);
			byte[] message = deflate(INITIALIZE, deflater);
			for (int i = 0; i < message.length; i++) {
				boolean last = i == message.length - 1;
				socket.sendBytes(
						RawWebSocket.frame((last ? 0x80 : 0) | ((i == 0) ? 0x41 : 0), true, new byte[] { message[i] }));
			}
			assertThat(receive(socket, new Inflater(true))).contains("\"serverInfo\"");
		}
	}

	@Test
	void bombIsStoppedByTheLimit() {
		byte[] bomb = bomb(200 * 1024 * 1024);
		assertThat(bomb).hasSizeLessThan(LIMIT);
		long before = allocatedByOthers();
		try (RawWebSocket socket = RawWebSocket.open(server, OFFER)) {
			socket.sendBytes(RawWebSocket.frame(0xC1, true, bomb));
			assertThat(socket.readClose()).isEqualTo(1009);
		}
		assertThat(allocatedByOthers() - before).isLessThan(50L * 1024 * 1024);
	}

	@Test
	void bombInFragmentsIsStoppedByTheLimit() {
		try (RawWebSocket socket = RawWebSocket.open(server, OFFER)) {
			byte[] bomb = bomb(LIMIT + 1000);
			byte[] first = Arrays.copyOf(bomb, bomb.length / 2);
			byte[] second = Arrays.copyOfRange(bomb, first.length, bomb.length);
			socket.sendBytes(RawWebSocket.frame(0x41, true, first));
			socket.sendBytes(RawWebSocket.frame(0x80, true, second));
			assertThat(socket.readClose()).isEqualTo(1009);
		}
	}

	@Test
	void garbageCostsTheSocketOnly() {
		try (RawMcpClient other = RawMcpClient.initialized(server)) {
			try (RawWebSocket socket = RawWebSocket.open(server, OFFER)) {
				byte[] garbage = new byte[100];
				Arrays.fill(garbage, (byte) 0xFF);
				socket.sendBytes(RawWebSocket.frame(0xC1, true, garbage));
				assertThat(socket.readClose()).isIn(1002, 1007);
			}
			other.call("1", "echo", "still here");
			assertThat(RawMcpClient.text(other.response("1"))).isEqualTo("still here");
		}
	}

	@Test
	void malformedUtf8IsRefusedWhenInflated() {
		try (RawWebSocket socket = RawWebSocket.open(server, OFFER)) {
			socket.sendBytes(
					RawWebSocket.frame(0xC1, true, deflate(new byte[] { '"', (byte) 0xFF }, new Deflater(6, true))));
			assertThat(socket.readClose()).isEqualTo(1007);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 0xA1, 0x91, 0xE1, 0xC9, 0xCA })
	void otherReservedBitsAreRefused(int first) {
		try (RawWebSocket socket = RawWebSocket.open(server, OFFER)) {
			socket.sendBytes(RawWebSocket.frame(first, true, deflate("{}", new Deflater(6, true))));
			assertThat(socket.readClose()).isEqualTo(1002);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "permessage-deflate; server_max_window_bits=9", "permessage-deflate; unknown",
			"permessage-deflate; client_max_window_bits=99999999999", "x-webkit-deflate-frame", "permessage-bzip2" })
	void offerThatCannotBeMetIsDeclined(String offer) {
		try (RawWebSocket socket = RawWebSocket.open(server, EXTENSIONS + ": " + offer)) {
			assertThat(socket.headers()).doesNotContainKey(EXTENSIONS);
		}
		try (RawWebSocket socket = RawWebSocket.open(server, EXTENSIONS + ": " + offer + ", permessage-deflate")) {
			assertThat(socket.headers()).containsEntry(EXTENSIONS, "permessage-deflate");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { ";", "=", "permessage-deflate; @inflate_buffer_size=2000000000",
			"permessage-deflate; client_max_window_bits=\"" })
	void malformedOfferIsABadRequest(String offer) {
		try (RawWebSocket socket = RawWebSocket.handshake(server, EXTENSIONS + ": " + offer)) {
			assertThat(socket.status()).isEqualTo(400);
		}
	}

	private static void send(RawWebSocket socket, Deflater deflater, String text) {
		socket.sendBytes(RawWebSocket.frame(0xC1, true, deflate(text, deflater)));
	}

	private static byte[] deflate(String text, Deflater deflater) {
		return deflate(text.getBytes(StandardCharsets.UTF_8), deflater);
	}

	/**
	 * Deflate as RFC 7692, section 7.2.1, says: flushed, without the four bytes at the
	 * end.
	 */
	private static byte[] deflate(byte[] bytes, Deflater deflater) {
		deflater.setInput(bytes);
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		byte[] buffer = new byte[8192];
		int count;
		do {
			count = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
			out.write(buffer, 0, count);
		}
		while (count == buffer.length);
		return Arrays.copyOf(out.toByteArray(), out.size() - 4);
	}

	private static byte[] bomb(int size) {
		return deflate(new byte[size], new Deflater(9, true));
	}

	private static String receive(RawWebSocket socket, Inflater inflater) throws DataFormatException {
		ByteArrayOutputStream message = new ByteArrayOutputStream();
		Frame frame;
		boolean first = true;
		do {
			frame = socket.read();
			assertThat(frame.opcode()).isEqualTo(first ? RawWebSocket.TEXT : RawWebSocket.CONTINUATION);
			assertThat(frame.rsv()).isEqualTo(first ? 4 : 0);
			message.writeBytes(frame.payload());
			first = false;
		}
		while (!frame.fin());
		message.writeBytes(new byte[] { 0, 0, (byte) 0xFF, (byte) 0xFF });
		inflater.setInput(message.toByteArray());
		ByteArrayOutputStream text = new ByteArrayOutputStream();
		byte[] buffer = new byte[8192];
		for (int count = inflater.inflate(buffer); count > 0; count = inflater.inflate(buffer)) {
			text.write(buffer, 0, count);
		}
		return text.toString(StandardCharsets.UTF_8);
	}

	/**
	 * Return what the other threads that live have allocated so far, in bytes.
	 */
	private static long allocatedByOthers() {
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		long self = Thread.currentThread().getId();
		return LongStream.of(threads.getAllThreadIds())
			.filter((id) -> id != self)
			.map(threads::getThreadAllocatedBytes)
			.filter((bytes) -> bytes > 0)
			.sum();
	}

}
