package io.github.mcpwss.autoconfigure;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Thrown at startup when settings that are not for production meet a production profile.
 */
final class InsecureProductionException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String profile;

	private final transient List<SecurityViolation> violations;

	InsecureProductionException(String profile, List<SecurityViolation> violations) {
		super("Refused under the production profile '%s': %s".formatted(profile,
				violations.stream()
					.map((violation) -> violation.property() + " (" + violation.description() + ")")
					.collect(Collectors.joining(", "))));
		this.profile = profile;
		this.violations = List.copyOf(violations);
	}

	String getProfile() {
		return this.profile;
	}

	List<SecurityViolation> getViolations() {
		return this.violations;
	}

}
