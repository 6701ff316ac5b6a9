package io.github.mcpwss.autoconfigure;

import java.util.List;
import java.util.function.Function;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains a {@link McpWebSocketConfigurationException}.
 */
final class McpWebSocketConfigurationFailureAnalyzer
		extends AbstractFailureAnalyzer<McpWebSocketConfigurationException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, McpWebSocketConfigurationException cause) {
		List<ConfigurationProblem> problems = cause.getProblems();
		if (problems.size() == 1) {
			return new FailureAnalysis(problems.get(0).description(), problems.get(0).action(), cause);
		}
		return new FailureAnalysis(
				"MCP over WebSocket cannot be configured:%n%s"
					.formatted(list(problems, ConfigurationProblem::description)),
				"Correct each of them:%n%s".formatted(list(problems, ConfigurationProblem::action)), cause);
	}

	private static String list(List<ConfigurationProblem> problems, Function<ConfigurationProblem, String> text) {
		StringBuilder list = new StringBuilder();
		problems.stream().map(text).distinct().forEach((line) -> list.append("%n    - %s".formatted(line)));
		return list.toString();
	}

}
