package io.github.mcpwss.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches where a server has a listener of its own, or where it has none.
 */
abstract class OnListenerCondition extends SpringBootCondition {

	private final boolean listener;

	OnListenerCondition(boolean listener) {
		this.listener = listener;
	}

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		boolean actual = ServerHosting.isListener(context.getEnvironment());
		return new ConditionOutcome(actual == this.listener, ConditionMessage.forCondition("MCP over WebSocket")
			.because(actual ? "the server has a listener of its own" : "the server has no listener of its own"));
	}

	static final class Own extends OnListenerCondition {

		Own() {
			super(true);
		}

	}

	static final class OfApplication extends OnListenerCondition {

		OfApplication() {
			super(false);
		}

	}

}
