package io.github.mcpwss.autoconfigure;

import java.time.Clock;
import java.time.Duration;

import io.github.mcpwss.tls.TlsAudit;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;
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
			ResourceLoader resourceLoader, Environment environment) {
		guard.check(properties);
		Duration interval = Binder.get(environment)
			.bind("spring.ssl.bundle.watch.file.quiet-period", Duration.class)
			.orElse(Duration.ofSeconds(10));
		return TlsMaterials.get(properties, resourceLoader, interval);
	}

	@Bean
	ClientTargets mcpWebSocketClientTargets(McpWebSocketProperties properties, ProductionGuard guard,
			ObjectProvider<McpWebSocketConnectionDetails> details) {
		return new ClientTargets(properties, guard, details);
	}

	@Bean
	TlsAuditor mcpWebSocketTlsAuditor(McpWebSocketProperties properties, TlsMaterials materials, ClientTargets targets,
			ObjectProvider<SslBundles> sslBundles, ObjectProvider<WebServerTlsCheck> webServerTls,
			Environment environment, ConfigurableListableBeanFactory beanFactory) {
		Duration threshold = Binder.get(environment)
			.bind("management.health.ssl.certificate-validity-warning-threshold", Duration.class)
			.orElse(Duration.ofDays(14));
		return new TlsAuditor(properties, materials, targets, sslBundles.getIfAvailable(DefaultSslBundleRegistry::new),
				webServerTls, TlsEngine.of(properties, environment, beanFactory),
				new TlsReports(Clock.systemUTC(), threshold));
	}

	@Bean
	TlsAudit mcpWebSocketTlsAudit(TlsAuditor auditor) {
		return new TlsAudit(auditor::reports);
	}

}
