package io.github.mcpwss.autoconfigure;

import io.modelcontextprotocol.spec.McpServerTransportProviderBase;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches if there is another transport beside that over WebSocket, which gives way to it
 * where one server is made of one transport.
 */
final class OnSecondServerCondition extends SpringBootCondition implements ConfigurationCondition {

	@Override
	public ConfigurationPhase getConfigurationPhase() {
		return ConfigurationPhase.REGISTER_BEAN;
	}

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConfigurableListableBeanFactory beanFactory = context.getBeanFactory();
		int count = (beanFactory != null)
				? beanFactory.getBeanNamesForType(McpServerTransportProviderBase.class, true, false).length : 0;
		return new ConditionOutcome(count > 1,
				ConditionMessage.forCondition("MCP over WebSocket").because(count + " server transports"));
	}

}
