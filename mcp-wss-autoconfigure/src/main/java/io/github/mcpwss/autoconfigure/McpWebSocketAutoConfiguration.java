package io.github.mcpwss.autoconfigure;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} of what servers and clients have in common: checks of the
 * configuration, and the SSL bundle.
 */
@AutoConfiguration(after = SslAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "mcp.websocket.enabled", matchIfMissing = true)
@EnableConfigurationProperties(McpWebSocketProperties.class)
public final class McpWebSocketAutoConfiguration {

	@Bean
	static UnknownProperties mcpWebSocketUnknownProperties(Environment environment) {
		return new UnknownProperties(environment);
	}

	@Bean
	static ProductionGuard mcpWebSocketProductionGuard(Environment environment) {
		return new ProductionGuard(environment);
	}

	@Bean
	static StartupCheck mcpWebSocketStartupCheck(Environment environment) {
		return new StartupCheck(environment);
	}

	@Bean
	static TlsMaterialBeanPostProcessor mcpWebSocketTlsMaterialBeanPostProcessor(
			ObjectProvider<TlsMaterials> materials) {
		return new TlsMaterialBeanPostProcessor(materials);
	}

	@Bean
	static LazyInitializationExcludeFilter mcpWebSocketLazyInitializationExcludeFilter() {
		return LazyInitializationExcludeFilter.forBeanTypes(TlsDecision.class);
	}

	@Bean
	TlsMaterials mcpWebSocketTlsMaterials(McpWebSocketProperties properties, ProductionGuard guard,
			ResourceLoader resourceLoader) {
		guard.check(properties);
		return TlsMaterials.get(properties, resourceLoader);
	}

}
