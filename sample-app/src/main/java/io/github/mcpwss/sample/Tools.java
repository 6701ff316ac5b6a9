package io.github.mcpwss.sample;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Tool;

/**
 * Makes tools that take named arguments and return text. A wrong argument is told to the
 * model as the tool's result, so that it can do better.
 */
final class Tools {

	private Tools() {
	}

	static SyncToolSpecification tool(String name, String description, Map<String, Object> schema,
			BiFunction<McpSyncServerExchange, Map<String, Object>, String> function) {
		return SyncToolSpecification.builder()
			.tool(Tool.builder(name, schema).description(description).build())
			.callHandler((exchange, request) -> {
				try {
					Map<String, Object> arguments = (request.arguments() != null) ? request.arguments() : Map.of();
					return CallToolResult.builder().addTextContent(function.apply(exchange, arguments)).build();
				}
				catch (IllegalArgumentException ex) {
					return CallToolResult.builder()
						.addTextContent(String.valueOf(ex.getMessage()))
						.isError(true)
						.build();
				}
			})
			.build();
	}

	static Map<String, Object> schema(Map<String, String> types) {
		Map<String, Object> properties = new LinkedHashMap<>();
		new TreeMap<>(types).forEach((name, type) -> properties.put(name, Map.of("type", type)));
		return Map.of("type", "object", "properties", properties, "required", List.copyOf(properties.keySet()));
	}

	static String string(Map<String, Object> arguments, String name) {
		if (arguments.get(name) instanceof String string) {
			return string;
		}
		throw new IllegalArgumentException("Argument '" + name + "' must be a string");
	}

	static BigDecimal decimal(Map<String, Object> arguments, String name) {
		if (arguments.get(name) instanceof Number number) {
			return new BigDecimal(number.toString());
		}
		throw new IllegalArgumentException("Argument '" + name + "' must be a number");
	}

	static int integer(Map<String, Object> arguments, String name, int min, int max) {
		BigDecimal value = decimal(arguments, name);
		if (value.stripTrailingZeros().scale() > 0 || value.compareTo(BigDecimal.valueOf(min)) < 0
				|| value.compareTo(BigDecimal.valueOf(max)) > 0) {
			throw new IllegalArgumentException(
					"Argument '" + name + "' must be an integer from " + min + " to " + max + ", not " + value);
		}
		return value.intValue();
	}

}
