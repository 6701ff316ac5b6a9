package io.github.mcpwss.autoconfigure;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.mcpwss.client.ClientSettings;
import io.github.mcpwss.client.ReconnectSettings;
import io.github.mcpwss.server.FrameRules;
import io.github.mcpwss.server.ServerSettings;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is made of properties.
 */
class DecisionsTests {

	private static final Duration PHASE = Duration.ofSeconds(30);

	@Test
	void serverHasDefaults() {
		McpWebSocketProperties properties = TestProperties.bind("server-mode=true");
		assertThat(ServerDecisions.settings(properties, PHASE))
			.isEqualTo(new ServerSettings(100, new FrameRules(16 * 1024 * 1024, false), 64L * 1024 * 1024, 1024,
					Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(27)));
		assertThat(ServerDecisions.path(properties)).isEqualTo("/mcp");
		assertThat(properties.isTls()).isTrue();
	}

	@Test
	void serverFollowsProperties() {
		McpWebSocketProperties properties = TestProperties.bind("server-mode=true", "max-connections=5",
				"max-message-size=2KB", "compression=true", "max-send-buffer-size=3KB", "max-in-flight-requests=7",
				"heartbeat-interval=11", "initialization-timeout=0", "path=/tools");
		assertThat(ServerDecisions.settings(properties, Duration.ofSeconds(4))).isEqualTo(new ServerSettings(5,
				new FrameRules(2048, true), 3072, 7, Duration.ofSeconds(11), Duration.ZERO, Duration.ofSeconds(2)));
		assertThat(ServerDecisions.path(properties)).isEqualTo("/tools");
	}

	@Test
	void clientHasDefaults() {
		assertThat(ClientDecisions.settings(TestProperties.bindEndpoint("url=wss://host")))
			.isEqualTo(new ClientSettings(URI.create("wss://host/mcp"), Duration.ofSeconds(30), 16 * 1024 * 1024,
					Duration.ofSeconds(30), new HttpHeaders()));
	}

	@Test
	void clientFollowsProperties() {
		ClientSettings settings = ClientDecisions.settings(TestProperties.bindEndpoint("url=wss://host", "timeout=5",
				"max-message-size=4096", "heartbeat-interval=500ms", "max-send-buffer-size=8192",
				"max-reconnect-attempts=-1", "reconnect-delay=7", "reconnect-wait=8",
				"headers.Authorization=Bearer token", "headers.X-Api-Key=key", "headers.X-Empty="));
		assertThat(settings.timeout()).hasSeconds(5);
		assertThat(settings.maxMessageSize()).isEqualTo(4096);
		assertThat(settings.maxSendBufferSize()).isEqualTo(8192);
		assertThat(settings.reconnect())
			.isEqualTo(new ReconnectSettings(-1, Duration.ofSeconds(7), Duration.ofSeconds(8)));
		assertThat(settings.heartbeatInterval()).hasMillis(500);
		assertThat(settings.headers().toSingleValueMap())
			.containsExactlyInAnyOrderEntriesOf(Map.of("Authorization", "Bearer token", "X-Api-Key", "key"));
	}

	@Test
	void secretsAreNotTold() {
		McpWebSocketProperties properties = TestProperties.bind("url=wss://user:hunter1@host",
				"headers.Authorization=hunter2", "tls.key-password=hunter3", "tls.key-path=hunter4");
		assertThat(properties.toString()).contains("headers", "tls.key-password").doesNotContain("hunter");
		assertThat(properties.tls().toString()).contains("key-password").doesNotContain("hunter");
		assertThat(new TlsMaterial.Files("cert", "hunter", "hunter", null, null).toString()).doesNotContain("hunter");
	}

	@Test
	void everyPropertyIsAmongTheValues() {
		McpWebSocketProperties properties = TestProperties.bind("server-mode=true", "url=a", "path=a", "use-tls=true",
				"timeout=1", "heartbeat-interval=1", "max-message-size=1", "compression=true", "max-send-buffer-size=1",
				"max-connections=1", "max-in-flight-requests=1", "initialization-timeout=1", "allowed-origins=a",
				"allowed-hosts=a", "headers.a=b", "connections.a.url=a", "max-reconnect-attempts=1",
				"reconnect-delay=1", "reconnect-wait=1", "production-profiles=a", "tls.cert-path=a", "tls.key-path=a",
				"tls.key-password=a", "tls.ca-cert-path=a", "tls.bundle=a", "tls.verify-server=true",
				"tls.accept-invalid-certs=true", "tls.server-name=a", "tls.pinned-keys=a", "tls.revocation=hard",
				"tls.crl-paths=a", "tls.enabled-protocols=a", "tls.ciphers=a", "tls.client-auth=need",
				"tls.reload-on-update=true", "tls.dev-certificate=true", "tls.dev-certificate-directory=a",
				"tls.offloaded=true", "proxy.type=http", "proxy.host=a", "proxy.port=1", "proxy.username=a",
				"proxy.password=a", "proxy.non-proxy-hosts=a");
		assertThat(properties.values()).doesNotContainValue(null)
			.hasSize(McpWebSocketProperties.class.getRecordComponents().length - 2
					+ McpWebSocketProperties.Tls.class.getRecordComponents().length
					+ McpWebSocketProperties.Proxy.class.getRecordComponents().length);
	}

	@Test
	void dedicatedMapperIsPreferred() {
		JsonMapper plain = JsonMapper.builder().build();
		JsonMapper indenting = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
		assertThat(write(List.of(indenting), List.of(plain))).contains("\n");
		assertThat(write(List.of(), List.of(indenting))).contains("\n");
		assertThat(write(List.of(), List.of())).doesNotContain("\n");
		assertThat(write(List.of(), List.of(indenting, indenting))).doesNotContain("\n");
	}

	private static String write(List<JsonMapper> dedicated, List<JsonMapper> general) {
		return new String(JsonRpcCodecs.get(new TestProvider<>(dedicated), new TestProvider<>(general))
			.write(new JSONRPCNotification("m", Map.of("a", "b"))));
	}

	private record TestProvider<T>(List<T> beans) implements ObjectProvider<T> {

		@Override
		public Stream<T> stream() {
			return this.beans.stream();
		}

		@Override
		public T getIfUnique() {
			return (this.beans.size() == 1) ? this.beans.get(0) : null;
		}

	}

}
