package io.github.mcpwss.client;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.github.mcpwss.testing.WssClient;
import io.github.mcpwss.testing.WssServer;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Requests and what comes back for them.
 */
class ClientExchangeTests {

	private final List<JSONRPCMessage> delivered = new ArrayList<>();

	private final ClientExchange exchange = new ClientExchange(WssClient.settings(URI.create("wss://localhost:1/mcp")),
			WssServer.codec(), Schedulers.immediate(), this.delivered::add);

	@ParameterizedTest
	@ValueSource(strings = { "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":}",
			"{\"jsonrpc\":\"2.0\",\"result\":DEEP,\"id\":%s}", "{\"jsonrpc\":\"1.0\",\"result\":{},\"id\":%s}",
			"{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{},\"error\":{}}" })
	void callOfWhichTheResponseCannotBeReadFails(String template) {
		List<byte[]> sent = new ArrayList<>();
		this.exchange.write(new JSONRPCRequest("tools/call", "sdk-1", null), sent::add);
		String id = new String(sent.get(0), StandardCharsets.UTF_8).replaceAll(".*\"id\":(\\d+).*", "$1");
		String deep = "[".repeat(10_000) + "]".repeat(10_000);
		this.exchange.read(template.formatted(id).replace("DEEP", deep).getBytes(StandardCharsets.UTF_8));
		assertThat(this.delivered).singleElement().isInstanceOfSatisfying(JSONRPCResponse.class, (response) -> {
			assertThat(response.id()).isEqualTo("sdk-1");
			assertThat(response.error().code()).isIn(-32700, -32600);
		});
	}

	@Test
	void brokenMessageThatNobodyWaitsForIsIgnored() {
		this.exchange.read("{\"jsonrpc\":\"2.0\",\"id\":9,\"result\":}".getBytes(StandardCharsets.UTF_8));
		this.exchange.read("{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":}".getBytes(StandardCharsets.UTF_8));
		assertThat(this.delivered).isEmpty();
	}

}
