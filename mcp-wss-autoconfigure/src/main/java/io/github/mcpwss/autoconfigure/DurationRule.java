package io.github.mcpwss.autoconfigure;

import java.time.Duration;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * Which durations timers can do.
 */
final class DurationRule {

	private DurationRule() {
	}

	static Optional<ConfigurationProblem> check(String property, @Nullable Duration duration, boolean zeroAllowed) {
		if (duration == null || !(duration.isNegative() || (duration.isZero() && !zeroAllowed)
				|| duration.compareTo(Duration.ofDays(24)) > 0)) {
			return Optional.empty();
		}
		return Optional.of(new ConfigurationProblem("%s is %s.".formatted(property, duration),
				"Set it to %s than zero and at most 24 days.".formatted(zeroAllowed ? "zero or more" : "more")));
	}

}
