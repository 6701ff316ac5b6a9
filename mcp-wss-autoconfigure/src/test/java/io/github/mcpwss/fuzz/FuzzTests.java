package io.github.mcpwss.fuzz;

import java.io.IOException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Random;

import javax.net.ssl.SSLSocketFactory;

import io.github.mcpwss.fuzz.FuzzConnection.Answer;
import io.github.mcpwss.fuzz.HandshakeGenerator.Handshake;
import io.github.mcpwss.testing.Hosting;
import io.github.mcpwss.testing.RawMcpClient;
import io.github.mcpwss.testing.TestServer;
import io.github.mcpwss.testing.TestTools;
import io.github.mcpwss.testing.WssServer;
import io.modelcontextprotocol.server.McpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Random frames, messages and handshakes, against a model of what the server has to do
 * with each. {@code -Dfuzz.seed=SEED} repeats the case that a failure names.
 */
@ParameterizedClass
@EnumSource(Hosting.class)
class FuzzTests {

	private static final int LIMIT = 20_000;

	private static final Long ONE_SEED = Long.getLong("fuzz.seed");

	@Parameter
	Hosting hosting;

	private static TestServer server;

	private static SSLSocketFactory sockets;

	private static RawMcpClient bystander;

	@BeforeParameterizedClassInvocation
	static void start(Hosting hosting) {
		server = hosting.start(WssServer.settings().maxMessageSize(LIMIT).maxConnections(1000).build());
		McpServer.sync(server.provider())
			.serverInfo("test", "1")
			.immediateExecution(true)
			.tools(TestTools.echo())
			.build();
		sockets = server.tls().clientContext().getSocketFactory();
		bystander = RawMcpClient.initialized(server);
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		bystander.close();
		server.close();
	}

	@AfterEach
	void othersAreServed() {
		bystander.call("1", "echo", "still here");
		assertThat(RawMcpClient.text(bystander.response("1"))).isEqualTo("still here");
		await().untilAsserted(() -> assertThat(server.provider().getConnectionCount()).isOne());
	}

	@Test
	void conversations() {
		fuzz(100, this::converse);
	}

	@Test
	void handshakes() {
		fuzz(100, this::shakeHands);
	}

	@Test
	@Tag("soak")
	void manyConversations() {
		fuzz(3000, this::converse);
	}

	@Test
	@Tag("soak")
	void manyHandshakes() {
		fuzz(2000, this::shakeHands);
	}

	private void fuzz(int cases, Case test) {
		if (ONE_SEED != null) {
			run(ONE_SEED, test);
			return;
		}
		for (long seed = 1; seed <= cases; seed++) {
			run(seed, test);
		}
	}

	private void run(long seed, Case test) {
		// Seeds that are close to each other begin alike.
		Random random = new Random(seed * 0x9E3779B97F4A7C15L);
		StringBuilder transcript = new StringBuilder();
		try (FuzzConnection connection = new FuzzConnection(sockets, server.port(), random)) {
			test.run(connection, random, transcript);
		}
		catch (AssertionError | Exception ex) {
			throw new AssertionError("Case of seed %d failed on %s, repeat it with -Dfuzz.seed=%d: %s%n%s"
				.formatted(seed, this.hosting, seed, ex, transcript), ex);
		}
	}

	private void converse(FuzzConnection connection, Random random, StringBuilder transcript) throws Exception {
		Handshake handshake = new HandshakeGenerator(random).next(server.port(), 0);
		assertThat(shakeHands(connection, handshake).status()).isEqualTo(101);
		FuzzSession session = new FuzzSession(connection, random, this.hosting, LIMIT);
		try {
			session.run();
		}
		finally {
			transcript.append(session.transcript());
		}
	}

	private void shakeHands(FuzzConnection connection, Random random, StringBuilder transcript) throws Exception {
		Handshake handshake = new HandshakeGenerator(random).next(server.port(), 2);
		transcript.append(handshake);
		Answer answer = shakeHands(connection, handshake);
		assertThat(answer.status()).isIn(handshake.statuses());
		if (answer.status() == 101) {
			byte[] accepted = MessageDigest.getInstance("SHA-1")
				.digest(FuzzConnection.ascii(handshake.key() + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"));
			assertThat(answer.headers()).containsEntry("sec-websocket-accept",
					Base64.getEncoder().encodeToString(accepted));
		}
		else {
			assertThat(answer.headers()).doesNotContainKey("sec-websocket-accept");
		}
	}

	private static Answer shakeHands(FuzzConnection connection, Handshake handshake) throws IOException {
		byte[] request = FuzzConnection.ascii(handshake.request());
		if (handshake.isRight()) {
			connection.write(request);
		}
		else {
			// A server may answer and hang up before it has all the pieces.
			connection.writeWhole(request);
		}
		return connection.readAnswer();
	}

	@FunctionalInterface
	private interface Case {

		void run(FuzzConnection connection, Random random, StringBuilder transcript) throws Exception;

	}

}
