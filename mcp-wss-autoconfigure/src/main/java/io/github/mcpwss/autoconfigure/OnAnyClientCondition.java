package io.github.mcpwss.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches if there is a client, with a name or without.
 */
final class OnAnyClientCondition extends SpringBootCondition {

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		Environment environment = context.getEnvironment();
		boolean any = Mode.of(environment) == Mode.CLIENT || !NamedConnectionBeans.names(environment).isEmpty();
		return new ConditionOutcome(any,
				ConditionMessage.forCondition("MCP over WebSocket").because(any ? "there is a client" : "no client"));
	}

}
