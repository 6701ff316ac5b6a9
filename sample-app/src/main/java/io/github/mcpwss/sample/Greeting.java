package io.github.mcpwss.sample;

import java.util.List;
import java.util.Map;

import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema.ElicitFormRequest;
import io.modelcontextprotocol.spec.McpSchema.ElicitResult;

/**
 * Asks the client back while it waits for the result of a tool.
 */
final class Greeting {

	private Greeting() {
	}

	static String ask(McpSyncServerExchange exchange) {
		if (exchange.getClientCapabilities() == null || exchange.getClientCapabilities().elicitation() == null) {
			throw new IllegalArgumentException("This client does not support elicitation");
		}
		ElicitResult answer = exchange.createElicitation(
				ElicitFormRequest
					.builder("What is your name?", Map.of("type", "object", "properties",
							Map.of("name", Map.of("type", "string")), "required", List.of("name")))
					.build());
		if (answer.action() != ElicitResult.Action.ACCEPT || answer.content() == null) {
			return "Hello, whoever you are!";
		}
		return "Hello, " + answer.content().get("name") + "!";
	}

}
