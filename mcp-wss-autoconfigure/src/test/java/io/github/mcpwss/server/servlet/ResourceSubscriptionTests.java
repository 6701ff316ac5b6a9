package io.github.mcpwss.server.servlet;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.github.mcpwss.testing.RawMcpClient;
import io.github.mcpwss.testing.TestTools;
import io.github.mcpwss.testing.WssClient;
import io.github.mcpwss.testing.WssServer;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.SyncResourceSpecification;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceResult;
import io.modelcontextprotocol.spec.McpSchema.Resource;
import io.modelcontextprotocol.spec.McpSchema.ResourcesUpdatedNotification;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import io.modelcontextprotocol.spec.McpSchema.SubscribeRequest;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Updates of a resource reach the sessions that asked for them, and no other.
 */
@Timeout(30)
class ResourceSubscriptionTests {

	private static final String URI = "test://weather";

	private WssServer server;

	private McpSyncServer mcpServer;

	@BeforeEach
	void start() {
		this.server = new WssServer();
		SyncResourceSpecification weather = new SyncResourceSpecification(
				Resource.builder(URI, "weather").mimeType("text/plain").build(),
				(exchange, request) -> ReadResourceResult
					.builder(List.of(TextResourceContents.builder(URI, "sunny").mimeType("text/plain").build()))
					.build());
		this.mcpServer = McpServer.sync(this.server.provider())
			.serverInfo("test", "1")
			.capabilities(ServerCapabilities.builder().resources(true, false).tools(false).build())
			.resources(weather)
			.tools(TestTools.echo())
			.build();
	}

	@AfterEach
	void stop() {
		this.server.close();
	}

	private static void request(RawMcpClient client, String id, String method) {
		client.send("{\"jsonrpc\":\"2.0\",\"id\":\"%s\",\"method\":\"%s\",\"params\":{\"uri\":\"%s\"}}".formatted(id,
				method, URI));
		assertThat(client.response(id).has("result")).isTrue();
	}

	private void update() {
		this.mcpServer.notifyResourcesUpdated(new ResourcesUpdatedNotification(URI));
	}

	private static void assertUpdated(RawMcpClient client) {
		JsonNode notification = client.next();
		assertThat(notification.path("method").asString(null)).isEqualTo("notifications/resources/updated");
		assertThat(notification.at("/params/uri").asString()).isEqualTo(URI);
		assertThat(notification.has("id")).isFalse();
	}

	private static void assertNothingCame(RawMcpClient client) {
		client.ping("nothing");
		assertThat(client.next().path("id").asString(null)).isEqualTo("nothing");
	}

	@Test
	void onlySubscribersAreNotified() {
		try (RawMcpClient subscriber = RawMcpClient.initialized(this.server);
				RawMcpClient other = RawMcpClient.initialized(this.server)) {
			update();
			assertNothingCame(subscriber);
			request(subscriber, "1", "resources/subscribe");
			update();
			assertUpdated(subscriber);
			assertNothingCame(other);
			request(subscriber, "2", "resources/unsubscribe");
			update();
			assertNothingCame(subscriber);
		}
	}

	@Test
	void subscriberThatIsGoneIsForgotten() {
		try (RawMcpClient other = RawMcpClient.initialized(this.server)) {
			request(other, "1", "resources/subscribe");
			RawMcpClient gone = RawMcpClient.initialized(this.server);
			request(gone, "1", "resources/subscribe");
			gone.close();
			await().atMost(Duration.ofSeconds(5)).until(() -> this.server.provider().getConnectionCount() == 1);
			update();
			assertUpdated(other);
		}
	}

	@Test
	void clientOfTheSdkReadsWhatWasUpdated() throws Exception {
		BlockingQueue<String> updates = new LinkedBlockingQueue<>();
		try (WssClient clients = new WssClient(this.server.tls());
				McpSyncClient client = McpClient.sync(clients.transport(this.server.uri()))
					.resourcesUpdateConsumer((contents) -> contents
						.forEach((content) -> updates.add(((TextResourceContents) content).text())))
					.build()) {
			client.initialize();
			client.subscribeResource(new SubscribeRequest(URI, null));
			update();
			assertThat(updates.poll(10, TimeUnit.SECONDS)).isEqualTo("sunny");
		}
	}

}
