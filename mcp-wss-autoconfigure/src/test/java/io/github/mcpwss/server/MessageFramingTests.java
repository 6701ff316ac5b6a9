package io.github.mcpwss.server;

import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import io.github.mcpwss.testing.Hosting;
import io.github.mcpwss.testing.RawMcpClient;
import io.github.mcpwss.testing.RawWebSocket;
import io.github.mcpwss.testing.RawWebSocket.Frame;
import io.github.mcpwss.testing.TestServer;
import io.github.mcpwss.testing.TestTools;
import io.github.mcpwss.testing.WssServer;
import io.modelcontextprotocol.server.McpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Frames, fragments and sizes, byte by byte.
 */
@ParameterizedClass
@EnumSource(Hosting.class)
class MessageFramingTests {

	@Parameter
	Hosting hosting;

	private static final int LIMIT = 300_000;

	private static final Duration SOON = Duration.ofSeconds(10);

	private static TestServer server;

	private RawMcpClient client;

	@BeforeParameterizedClassInvocation
	static void start(Hosting hosting) {
		server = hosting.start(WssServer.settings().maxMessageSize(LIMIT).build());
		McpServer.sync(server.provider())
			.serverInfo("test", "1")
			.tools(TestTools.echo(),
					TestTools.sync("measure", (exchange, text) -> text.length() + " " + text.hashCode()))
			.build();
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	@BeforeEach
	void connect() {
		this.client = RawMcpClient.initialized(server);
	}

	@AfterEach
	void disconnect() {
		this.client.close();
	}

	private RawWebSocket socket() {
		return this.client.socket();
	}

	private static String fill(int bytes, String unit) {
		int unitBytes = unit.getBytes(StandardCharsets.UTF_8).length;
		return "x".repeat(bytes % unitBytes) + unit.repeat(bytes / unitBytes);
	}

	/**
	 * Make a call that is as long as a test wants.
	 */
	private static String callOfSize(int bytes, String unit) {
		int envelope = RawMcpClient.toolCall("m", "measure", "").length();
		return RawMcpClient.toolCall("m", "measure", fill(bytes - envelope, unit));
	}

	private void assertMeasured(String call) {
		String text = call.substring(call.lastIndexOf(":\"") + 2, call.length() - 4);
		assertThat(RawMcpClient.text(this.client.response("m"))).isEqualTo(text.length() + " " + text.hashCode());
	}

	private void assertStillServes() {
		this.client.call("after", "echo", "still here");
		assertThat(RawMcpClient.text(this.client.response("after"))).isEqualTo("still here");
	}

	@ParameterizedTest
	@ValueSource(strings = { "x", "é", "€", "🚀" })
	void twoHundredKibInOneFrameBothWays(String unit) {
		String text = fill(200 * 1024, unit);
		this.client.call("1", "echo", text);
		assertThat(RawMcpClient.text(this.client.response("1"))).isEqualTo(text);
		assertStillServes();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1021, 4093, 65536, 8192, 8191 })
	void fragmentsAreCutInsideCodePointsWithPingsBetween(int size) {
		String call = callOfSize(200 * 1024, "é€🚀");
		int[] pings = new int[1];
		socket().sendFragments(call.getBytes(StandardCharsets.UTF_8), size, () -> {
			if (pings[0]++ < 20) {
				socket().send(true, RawWebSocket.PING, new byte[] { (byte) pings[0] });
				Frame pong = socket().read();
				assertThat(pong.opcode()).isEqualTo(RawWebSocket.PONG);
				assertThat(pong.payload()).containsExactly(pings[0]);
			}
		});
		assertThat(pings[0]).isGreaterThan(2);
		assertMeasured(call);
	}

	@Test
	void fragmentsOfOneByteAndEmptyOnes() {
		byte[] call = RawMcpClient.toolCall("m", "measure", "é€🚀").getBytes(StandardCharsets.UTF_8);
		socket().send(false, RawWebSocket.TEXT, new byte[0]);
		for (byte b : call) {
			socket().send(false, RawWebSocket.CONTINUATION, new byte[] { b });
			socket().send(false, RawWebSocket.CONTINUATION, new byte[0]);
		}
		socket().send(true, RawWebSocket.CONTINUATION, new byte[0]);
		assertThat(RawMcpClient.text(this.client.response("m"))).isEqualTo("4 " + "é€🚀".hashCode());
	}

	static Stream<Arguments> sizes() {
		return Stream.of("x", "é", "€", "🚀")
			.flatMap((unit) -> Stream.of(Integer.MAX_VALUE, 7777, 65536).map((size) -> Arguments.of(unit, size)));
	}

	@ParameterizedTest
	@MethodSource("sizes")
	void messageOfTheLimitPasses(String unit, int fragment) {
		String call = callOfSize(LIMIT, unit);
		byte[] bytes = call.getBytes(StandardCharsets.UTF_8);
		assertThat(bytes).hasSize(LIMIT);
		socket().sendFragments(bytes, fragment(fragment), () -> {
		});
		assertMeasured(call);
		socket().sendFragments(bytes, fragment(fragment), () -> {
		});
		assertMeasured(call);
	}

	@ParameterizedTest
	@MethodSource("sizes")
	void messageOneByteOverTheLimitIsTooBig(String unit, int fragment) {
		byte[] bytes = callOfSize(LIMIT + 1, unit).getBytes(StandardCharsets.UTF_8);
		assertThat(bytes).hasSize(LIMIT + 1);
		assertClosedMeanwhile(() -> socket().sendFragments(bytes, fragment(fragment), () -> {
		}), 1009);
	}

	private static int fragment(int size) {
		return Math.min(size, LIMIT + 1);
	}

	@Test
	void messageFarOverTheLimitIsTooBigAndTheCloseFrameArrives() {
		byte[] bytes = callOfSize(20 * LIMIT, "x").getBytes(StandardCharsets.UTF_8);
		assertClosedMeanwhile(() -> socket().send(true, RawWebSocket.TEXT, bytes), 1009);
	}

	/**
	 * The server may hang up while its peer still writes; the close frame must arrive all
	 * the same.
	 */
	private void assertClosedMeanwhile(Runnable sends, int code) {
		ExecutorService sender = Executors.newSingleThreadExecutor();
		try {
			Future<?> sending = sender.submit(sends);
			assertThat(socket().readClose()).isEqualTo(code);
			assertThat(sending).satisfiesAnyOf((ended) -> assertThat(ended).succeedsWithin(SOON),
					(ended) -> assertThat(ended).failsWithin(SOON)
						.withThrowableOfType(ExecutionException.class)
						.withCauseInstanceOf(UncheckedIOException.class));
		}
		finally {
			sender.shutdownNow();
		}
	}

	@Test
	void endlessMessageIsTooBig() {
		byte[] part = new byte[50_000];
		Arrays.fill(part, (byte) ' ');
		socket().send(false, RawWebSocket.TEXT, part);
		assertClosedMeanwhile(() -> {
			for (int i = 0; i < 6; i++) {
				socket().send(false, RawWebSocket.CONTINUATION, part);
			}
		}, 1009);
	}

	@Test
	void responseOverTheLimitIsAnError() {
		TestServer small = this.hosting.start(WssServer.settings().maxMessageSize(10_000).build());
		McpServer.sync(small.provider())
			.serverInfo("test", "1")
			.tools(TestTools.sync("big", (exchange, text) -> "x".repeat(10_000)))
			.build();
		try (small; RawMcpClient raw = RawMcpClient.initialized(small)) {
			raw.call("1", "big");
			assertThat(raw.response("1").at("/error/message").asString()).contains("max-message-size");
			raw.ping("2");
			assertThat(raw.response("2").has("result")).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void binaryIsUnsupported(boolean fin) {
		assertClosedMeanwhile(() -> {
			socket().send(fin, RawWebSocket.BINARY, "{}".getBytes(StandardCharsets.UTF_8));
			if (!fin) {
				socket().send(true, RawWebSocket.CONTINUATION, new byte[20_000]);
			}
		}, 1003);
	}

	static Stream<byte[]> malformed() {
		return Stream.of(new byte[] { (byte) 0xFF }, new byte[] { (byte) 0xC3 },
				new byte[] { (byte) 0xC0, (byte) 0x80 }, new byte[] { (byte) 0xED, (byte) 0xA0, (byte) 0x80 },
				new byte[] { (byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80 },
				new byte[] { (byte) 0xE2, (byte) 0x82, 'x' });
	}

	@ParameterizedTest
	@MethodSource("malformed")
	void malformedUtf8IsRefused(byte[] malformed) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		bytes.writeBytes("{\"jsonrpc\":\"2.0\",\"method\":\"".getBytes(StandardCharsets.UTF_8));
		bytes.writeBytes(malformed);
		socket().send(true, RawWebSocket.TEXT, bytes.toByteArray());
		assertThat(socket().readClose()).isEqualTo(1007);
	}

	@ParameterizedTest
	@MethodSource("malformed")
	void malformedUtf8InFragmentsIsRefused(byte[] malformed) {
		socket().send(false, RawWebSocket.TEXT, new byte[] { '"' });
		assertClosedMeanwhile(() -> {
			for (byte b : malformed) {
				socket().send(false, RawWebSocket.CONTINUATION, new byte[] { b });
			}
			socket().send(true, RawWebSocket.CONTINUATION, new byte[0]);
		}, 1007);
	}

	static Stream<Arguments> protocolErrors() {
		byte[] text = "{}".getBytes(StandardCharsets.UTF_8);
		return Stream.of(Arguments.of("unmasked", RawWebSocket.frame(0x81, false, text)),
				Arguments.of("RSV1", RawWebSocket.frame(0xC1, true, text)),
				Arguments.of("RSV2", RawWebSocket.frame(0xA1, true, text)),
				Arguments.of("RSV3", RawWebSocket.frame(0x91, true, text)),
				Arguments.of("opcode 3", RawWebSocket.frame(0x83, true, text)),
				Arguments.of("opcode 11", RawWebSocket.frame(0x8B, true, text)),
				Arguments.of("long ping", RawWebSocket.frame(0x89, true, new byte[126])),
				Arguments.of("fragmented ping", RawWebSocket.frame(0x09, true, text)),
				Arguments.of("continuation of nothing", RawWebSocket.frame(0x80, true, text)),
				Arguments.of("text within a text",
						join(RawWebSocket.frame(0x01, true, text), RawWebSocket.frame(0x81, true, text))),
				Arguments.of("close with one byte", RawWebSocket.frame(0x88, true, new byte[1])),
				Arguments.of("close with 1005", RawWebSocket.frame(0x88, true, new byte[] { 0x03, (byte) 0xED })),
				Arguments.of("close with 999", RawWebSocket.frame(0x88, true, new byte[] { 0x03, (byte) 0xE7 })),
				Arguments.of("close with 1015", RawWebSocket.frame(0x88, true, new byte[] { 0x03, (byte) 0xF7 })));
	}

	private static byte[] negativeLength() {
		byte[] length = new byte[12];
		Arrays.fill(length, (byte) 0xFF);
		return length;
	}

	private static byte[] join(byte[]... parts) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		List.of(parts).forEach(bytes::writeBytes);
		return bytes.toByteArray();
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("protocolErrors")
	void protocolErrorIsAnsweredWithItsCloseCode(String name, byte[] bytes) {
		socket().sendBytes(bytes);
		assertThat(socket().readClose()).isEqualTo(1002);
	}

	/**
	 * Jetty takes a length of which the highest bit is set for too big.
	 */
	@Test
	void negativeLengthIsRefused() {
		socket().sendBytes(join(new byte[] { (byte) 0x81, (byte) 0xFF }, negativeLength()));
		assertThat(socket().readClose()).isEqualTo((this.hosting == Hosting.JETTY) ? 1009 : 1002);
	}

	@Test
	void closeIsEchoed() {
		socket().sendClose(4321);
		assertThat(socket().readClose()).isEqualTo(4321);
	}

	/**
	 * Of the codes that came after RFC 6455, the APIs of servlet containers know none.
	 */
	@ParameterizedTest
	@ValueSource(ints = { 1012, 1013, 1014, 3000, 4999 })
	void whateverItsCodeACloseFrameEndsTheConnection(int code) {
		int before = server.provider().getConnectionCount();
		RawMcpClient other = RawMcpClient.initialized(server);
		other.socket().sendClose(code);
		assertThat(other.socket().readClose()).isEqualTo((this.hosting == Hosting.TOMCAT && code < 3000) ? 1002 : code);
		await().untilAsserted(() -> assertThat(server.provider().getConnectionCount()).isEqualTo(before));
		other.close();
	}

	/**
	 * Tomcat takes it for a wrong frame.
	 */
	@ParameterizedTest
	@ValueSource(ints = { 0x80, 0xC3, 0xE2, 0xFF })
	void closeReasonThatIsNotTextIsRefused(int last) {
		byte[] payload = { 0x03, (byte) 0xE8, 'b', 'y', 'e', (byte) last };
		socket().send(true, RawWebSocket.CLOSE, payload);
		assertThat(socket().readClose()).isEqualTo((this.hosting == Hosting.TOMCAT) ? 1002 : 1007);
	}

	@Test
	void pingIsAnsweredWithItsPayload() {
		byte[] payload = "are you there?".getBytes(StandardCharsets.UTF_8);
		socket().send(true, RawWebSocket.PING, payload);
		Frame pong = socket().read();
		assertThat(pong.opcode()).isEqualTo(RawWebSocket.PONG);
		assertThat(pong.payload()).isEqualTo(payload);
		socket().send(true, RawWebSocket.PONG, payload);
		assertStillServes();
	}

}
