package io.github.mcpwss.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches if there are named connections.
 */
final class OnConnectionsCondition extends SpringBootCondition {

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		int count = NamedConnectionBeans.names(context.getEnvironment()).size();
		return new ConditionOutcome(count > 0,
				ConditionMessage.forCondition("MCP over WebSocket").because(count + " named connections"));
	}

}
