package io.github.mcpwss.testing;

import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

import io.modelcontextprotocol.server.McpAsyncServerExchange;
import io.modelcontextprotocol.server.McpServerFeatures.AsyncToolSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.CreateMessageRequest;
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import io.modelcontextprotocol.spec.McpSchema.Role;
import io.modelcontextprotocol.spec.McpSchema.SamplingMessage;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import reactor.core.publisher.Mono;

/**
 * Tools that take a text and return one.
 */
public final class TestTools {

	private static final Map<String, Object> SCHEMA = Map.of("type", "object");

	private TestTools() {
	}

	public static SyncToolSpecification echo() {
		return sync("echo", (exchange, text) -> text);
	}

	public static SyncToolSpecification sync(String name, BiFunction<McpSyncServerExchange, String, String> tool) {
		return SyncToolSpecification.builder()
			.tool(Tool.builder(name, SCHEMA).build())
			.callHandler((exchange,
					request) -> result(tool.apply(exchange, String.valueOf(request.arguments().get("text")))))
			.build();
	}

	public static AsyncToolSpecification async(String name,
			BiFunction<McpAsyncServerExchange, String, Mono<String>> tool) {
		return AsyncToolSpecification.builder()
			.tool(Tool.builder(name, SCHEMA).build())
			.callHandler((exchange, request) -> tool.apply(exchange, String.valueOf(request.arguments().get("text")))
				.map(TestTools::result))
			.build();
	}

	private static CallToolResult result(String text) {
		return CallToolResult.builder().addTextContent(text).build();
	}

	public static ProgressNotification progress(String token, int progress, String message) {
		return ProgressNotification.builder(token, progress).message(message).build();
	}

	public static CreateMessageRequest question() {
		return CreateMessageRequest
			.builder(List.of(new SamplingMessage(Role.USER, TextContent.builder("?").build())), 10)
			.build();
	}

}
