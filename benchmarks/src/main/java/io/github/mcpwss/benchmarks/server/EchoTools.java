package io.github.mcpwss.benchmarks.server;

import java.util.List;
import java.util.Map;

import io.modelcontextprotocol.server.McpServerFeatures.AsyncToolSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import reactor.core.publisher.Mono;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The tool that every server offers: returns its argument.
 */
@Configuration(proxyBeanMethods = false)
class EchoTools {

	@Bean
	List<SyncToolSpecification> syncEchoTools() {
		return List.of(SyncToolSpecification.builder()
			.tool(tool())
			.callHandler((exchange, request) -> result(request))
			.build());
	}

	@Bean
	List<AsyncToolSpecification> asyncEchoTools() {
		return List.of(AsyncToolSpecification.builder()
			.tool(tool())
			.callHandler((exchange, request) -> Mono.fromSupplier(() -> result(request)))
			.build());
	}

	private static Tool tool() {
		return Tool
			.builder("echo", Map.of("type", "object", "properties", Map.of("text", Map.of("type", "string")),
					"required", List.of("text")))
			.description("Return the text")
			.build();
	}

	private static CallToolResult result(CallToolRequest request) {
		String text = String.valueOf(request.arguments().get("text"));
		return CallToolResult.builder().content(List.of(TextContent.builder(text).build())).build();
	}

}
