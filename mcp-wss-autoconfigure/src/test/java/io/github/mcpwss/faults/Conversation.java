package io.github.mcpwss.faults;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.mcpwss.testing.FaultProxy;
import io.github.mcpwss.testing.WssClient;
import io.modelcontextprotocol.client.McpAsyncClient;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ClientCapabilities;
import io.modelcontextprotocol.spec.McpSchema.CreateMessageResult;
import io.modelcontextprotocol.spec.McpSchema.Role;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import reactor.core.publisher.Mono;

/**
 * A client that calls tools, several at a time, some of which ask it back.
 */
final class Conversation implements AutoCloseable {

	private static final String[] TOOLS = { "echo", "ask", "slow" };

	private static final int CALLS_AT_A_TIME = 4;

	private static final int LONGEST_TEXT = 3000;

	private final String prefix;

	private final Random random;

	private final McpAsyncClient client;

	Conversation(WssClient clients, FaultProxy proxy, Random random, String prefix) {
		this.prefix = prefix;
		this.random = random;
		this.client = McpClient.async(clients.transport(URI.create("wss://localhost:" + proxy.port() + "/mcp")))
			.requestTimeout(Duration.ofSeconds(30))
			.initializationTimeout(Duration.ofSeconds(30))
			.capabilities(ClientCapabilities.builder().sampling().build())
			.sampling((request) -> Mono.just(
					CreateMessageResult.builder(Role.ASSISTANT, TextContent.builder("fine").build(), "model").build()))
			.build();
		this.client.initialize().block(Duration.ofSeconds(30));
	}

	/**
	 * Start calls and wait until each has ended.
	 * @return the calls
	 * @throws Exception if one does not end
	 */
	List<Call> exchange() throws Exception {
		List<Call> calls = new ArrayList<>();
		for (int i = 0; i < CALLS_AT_A_TIME; i++) {
			calls.add(call(TOOLS[this.random.nextInt(TOOLS.length)],
					this.prefix + "x".repeat(this.random.nextInt(LONGEST_TEXT))));
		}
		for (Call call : calls) {
			call.ended().get(20, TimeUnit.SECONDS);
		}
		return calls;
	}

	private Call call(String tool, String text) {
		long start = System.nanoTime();
		CompletableFuture<Outcome> ended = new CompletableFuture<>();
		this.client.callTool(CallToolRequest.builder(tool).arguments(Map.of("text", text)).build())
			.subscribe((result) -> ended.complete(new Outcome(System.nanoTime(), describe(result, text), null)),
					(ex) -> ended.complete(new Outcome(System.nanoTime(), null, ex)));
		return new Call(tool, start, ended);
	}

	private static String describe(CallToolResult result, String text) {
		String answer = ((TextContent) result.content().get(0)).text();
		if (Boolean.TRUE.equals(result.isError())) {
			return "error";
		}
		return answer.equals(text) ? "right" : "wrong";
	}

	@Override
	public void close() {
		this.client.closeGracefully().block(Duration.ofSeconds(10));
	}

	/**
	 * One call.
	 *
	 * @param tool the tool's name
	 * @param start when it was made
	 * @param ended its outcome
	 */
	record Call(String tool, long start, CompletableFuture<Outcome> ended) {

		Outcome outcome() {
			return this.ended.getNow(null);
		}

	}

	/**
	 * How a call ended.
	 *
	 * @param end when it ended
	 * @param result what came back
	 * @param failure why nothing came back
	 */
	record Outcome(long end, String result, Throwable failure) {

	}

}
