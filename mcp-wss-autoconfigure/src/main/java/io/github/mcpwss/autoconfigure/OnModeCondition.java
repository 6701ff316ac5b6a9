package io.github.mcpwss.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches in one mode.
 */
abstract class OnModeCondition extends SpringBootCondition {

	private final Mode mode;

	OnModeCondition(Mode mode) {
		this.mode = mode;
	}

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		Mode actual = Mode.of(context.getEnvironment());
		return new ConditionOutcome(actual == this.mode,
				ConditionMessage.forCondition("MCP over WebSocket").because("mode is " + actual));
	}

	static final class Server extends OnModeCondition {

		Server() {
			super(Mode.SERVER);
		}

	}

	static final class Client extends OnModeCondition {

		Client() {
			super(Mode.CLIENT);
		}

	}

}
