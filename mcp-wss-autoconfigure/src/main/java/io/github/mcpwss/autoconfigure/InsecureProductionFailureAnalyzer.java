package io.github.mcpwss.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains an {@link InsecureProductionException}.
 */
final class InsecureProductionFailureAnalyzer extends AbstractFailureAnalyzer<InsecureProductionException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InsecureProductionException cause) {
		StringBuilder description = new StringBuilder(
				"The profile '%s' is a production profile, and MCP over WebSocket is not secure:%n"
					.formatted(cause.getProfile()));
		StringBuilder action = new StringBuilder("Change each of them:%n".formatted());
		for (SecurityViolation violation : cause.getViolations()) {
			description.append("%n    - %s: %s".formatted(violation.property(), violation.description()));
			action.append("%n    - %s: %s".formatted(violation.property(), violation.change()));
		}
		action
			.append("%n%nSettings for development belong in a file of a profile that is not active here.".formatted());
		return new FailureAnalysis(description.toString(), action.toString(), cause);
	}

}
