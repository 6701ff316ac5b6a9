package io.github.mcpwss.server;

import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.mcpwss.testing.Hosting;
import io.github.mcpwss.testing.RawMcpClient;
import io.github.mcpwss.testing.ServerSetup;
import io.github.mcpwss.testing.TestServer;
import io.github.mcpwss.testing.TestTools;
import io.modelcontextprotocol.server.McpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Threads are shared: no client can take them all, and none waits for what nobody wants
 * any more.
 */
@ParameterizedClass
@EnumSource(Hosting.class)
class FairnessWireTests {

	@Parameter
	Hosting hosting;

	private final CountDownLatch release = new CountDownLatch(1);

	private final Queue<String> started = new ConcurrentLinkedQueue<>();

	private TestServer server;

	private void serve(int threads, int waiting) {
		this.server = this.hosting
			.start(ServerSetup.defaults().withSchedulers(ServerSchedulers.ofPlatformThreads(threads, waiting)));
		McpServer.sync(this.server.provider())
			.serverInfo("test", "1")
			.immediateExecution(true)
			.tools(TestTools.sync("echo", (exchange, text) -> {
				this.started.add(text);
				return text;
			}), TestTools.sync("block", (exchange, text) -> {
				this.started.add(text);
				return awaitRelease();
			}), TestTools.sync("broken", (exchange, text) -> {
				throw new NoClassDefFoundError("com/example/Missing");
			}))
			.build();
	}

	private String awaitRelease() {
		try {
			return this.release.await(20, TimeUnit.SECONDS) ? "released" : "gave up";
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return "interrupted";
		}
	}

	@AfterEach
	void stop() {
		this.release.countDown();
		this.server.close();
	}

	private static String error(RawMcpClient client, String id) {
		return client.response(id).at("/error/message").asString("no error");
	}

	@Test
	void clientWithAllTheCallsThatItMayHaveLeavesThreadsToOthers() {
		serve(16, 2000);
		try (RawMcpClient greedy = RawMcpClient.initialized(this.server);
				RawMcpClient other = RawMcpClient.initialized(this.server)) {
			int calls = 1024;
			Set<String> unanswered = new HashSet<>();
			for (int i = 0; i < calls; i++) {
				greedy.call("g" + i, "block", "greedy");
				unanswered.add("g" + i);
			}
			greedy.call("too many", "echo");
			assertThat(error(greedy, "too many")).contains("Too many requests in flight");
			await().untilAsserted(() -> assertThat(this.started).hasSize(8));
			for (int i = 0; i < 20; i++) {
				other.call("o" + i, "echo", "quick");
				assertThat(RawMcpClient.text(other.response("o" + i))).isEqualTo("quick");
			}
			assertThat(this.release.getCount()).isOne();
			assertThat(this.started.stream().filter("greedy"::equals)).hasSize(8);
			this.release.countDown();
			for (int i = 0; i < calls; i++) {
				assertThat(unanswered.remove(greedy.next().path("id").asString())).isTrue();
			}
		}
	}

	@Test
	void clientsTakeTurnsWhereNoThreadIsFree() {
		serve(1, 100);
		try (RawMcpClient first = RawMcpClient.initialized(this.server);
				RawMcpClient second = RawMcpClient.initialized(this.server)) {
			first.call("1", "block", "block");
			await().untilAsserted(() -> assertThat(this.started).hasSize(1));
			for (int i = 0; i < 20; i++) {
				first.call("f" + i, "echo", "first");
			}
			first.send("[]");
			assertThat(first.next().at("/error/code").asInt()).isEqualTo(-32600);
			second.call("s", "echo", "second");
			second.send("[]");
			assertThat(second.next().at("/error/code").asInt()).isEqualTo(-32600);
			this.release.countDown();
			assertThat(RawMcpClient.text(second.response("s"))).isEqualTo("second");
			first.response("f19");
			assertThat(List.copyOf(this.started).indexOf("second")).isOne();
		}
	}

	@Test
	void cancelledRequestThatWaitsLeavesItsPlaceAtOnce() {
		serve(1, 2);
		try (RawMcpClient client = RawMcpClient.initialized(this.server);
				RawMcpClient other = RawMcpClient.initialized(this.server)) {
			client.call("1", "block", "1");
			await().untilAsserted(() -> assertThat(this.started).hasSize(1));
			client.call("2", "echo", "2");
			client.send("[]");
			client.next();
			other.call("3", "echo", "3");
			other.call("4", "echo", "4");
			assertThat(error(other, "4")).contains("busy");
			for (int i = 0; i < 10; i++) {
				other.cancel("3");
				other.call("3", "echo", "again");
				client.cancel("2");
				client.call("2", "echo", "again");
			}
			other.send("[]");
			assertThat(other.next().at("/error/code").asInt()).isEqualTo(-32600);
			client.send("[]");
			assertThat(client.next().at("/error/code").asInt()).isEqualTo(-32600);
			this.release.countDown();
			assertThat(RawMcpClient.text(client.response("1"))).isEqualTo("released");
			assertThat(RawMcpClient.text(client.response("2"))).isEqualTo("again");
			assertThat(RawMcpClient.text(other.response("3"))).isEqualTo("again");
			assertThat(this.started).containsExactlyInAnyOrder("1", "again", "again");
		}
	}

	@Test
	void toolThatMissesAClassIsAnError() {
		serve(1, 1);
		try (RawMcpClient client = RawMcpClient.initialized(this.server)) {
			for (int i = 0; i < 3; i++) {
				client.call("1", "broken");
				assertThat(error(client, "1")).contains("com/example/Missing");
			}
			client.call("2", "echo", "still here");
			assertThat(RawMcpClient.text(client.response("2"))).isEqualTo("still here");
		}
	}

}
