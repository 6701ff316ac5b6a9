package io.github.mcpwss.autoconfigure;

import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Thrown at startup when the properties cannot take effect as they are.
 */
final class McpWebSocketConfigurationException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final transient List<ConfigurationProblem> problems;

	McpWebSocketConfigurationException(String description, String action) {
		this(description, action, null);
	}

	McpWebSocketConfigurationException(String description, String action, @Nullable Throwable cause) {
		this(List.of(new ConfigurationProblem(description, action)), cause);
	}

	McpWebSocketConfigurationException(List<ConfigurationProblem> problems) {
		this(problems, null);
	}

	private McpWebSocketConfigurationException(List<ConfigurationProblem> problems, @Nullable Throwable cause) {
		super(problems.stream().map(ConfigurationProblem::description).collect(Collectors.joining(" ")), cause);
		this.problems = List.copyOf(problems);
	}

	List<ConfigurationProblem> getProblems() {
		return this.problems;
	}

}
