package io.github.mcpwss.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextAware;
import org.springframework.core.env.Environment;

/**
 * Refuses insecure settings under a production profile. It looks before any bean is made,
 * and is asked again wherever a decision about security is made, since properties and
 * profiles may have changed in between: what once was production stays production.
 */
final class ProductionGuard implements BeanFactoryPostProcessor, ApplicationContextAware {

	private static final Logger logger = LoggerFactory.getLogger(ProductionGuard.class);

	private static final List<String> PRODUCTION_PROFILES = List.of("prod", "production");

	private final Environment environment;

	private volatile List<Environment> parents = List.of();

	private final Set<SecurityViolation> warnings = ConcurrentHashMap.newKeySet();

	private volatile @Nullable String productionProfile;

	ProductionGuard(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void setApplicationContext(ApplicationContext applicationContext) {
		this.parents = Stream.iterate(applicationContext.getParent(), Objects::nonNull, ApplicationContext::getParent)
			.map(ApplicationContext::getEnvironment)
			.toList();
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		Activation.requireOwnBeans(beanFactory);
		McpWebSocketProperties properties = Binder.get(this.environment)
			.bindOrCreate(McpWebSocketProperties.PREFIX, McpWebSocketProperties.class);
		List<SecurityViolation> violations = new ArrayList<>(SecurityViolation.find(properties, this.environment));
		violations.addAll(ConfiguredCertificates.violations(properties, this.environment));
		check(properties, violations);
	}

	private void warn(SecurityViolation violation) {
		if (this.warnings.add(violation)) {
			logger.warn("{}. Startup is refused in production; before that, {}.", violation, violation.change());
		}
	}

	/**
	 * Refuse violations under a production profile.
	 * @param properties the properties that are about to take effect
	 * @throws InsecureProductionException if there are any
	 */
	void check(McpWebSocketProperties properties) {
		refuse(properties, SecurityViolation.find(properties, this.environment));
	}

	/**
	 * Refuse violations under a production profile, and warn of them otherwise.
	 * @param properties the properties that are about to take effect
	 * @param violations what was found besides them
	 * @throws InsecureProductionException if there are any
	 */
	void check(McpWebSocketProperties properties, List<SecurityViolation> violations) {
		refuse(properties, violations);
		violations.forEach(this::warn);
	}

	/**
	 * Return the guard of the TLS material of one server or client.
	 * @param properties the properties that are about to take effect
	 * @param endpoint the server or client
	 * @return the guard
	 */
	BundleGuard of(McpWebSocketProperties properties, EndpointProperties endpoint) {
		return (bundle) -> {
			check(properties);
			check(properties, SecurityViolation.ofBundle(endpoint, bundle));
		};
	}

	/**
	 * Return the guard of an SSL bundle that {@code server.ssl} names.
	 * @param properties the properties that are about to take effect
	 * @return the guard
	 */
	BundleGuard ofWebServer(McpWebSocketProperties properties) {
		return (bundle) -> {
			if (bundle != null) {
				check(properties, WebServerTls.violations(WebServerTls.BUNDLE, bundle));
			}
		};
	}

	private void refuse(McpWebSocketProperties properties, List<SecurityViolation> violations) {
		String profile = findProductionProfile(properties).orElse(this.productionProfile);
		this.productionProfile = profile;
		if (profile == null) {
			return;
		}
		if (!violations.isEmpty()) {
			throw new InsecureProductionException(profile, violations);
		}
	}

	private Optional<String> findProductionProfile(McpWebSocketProperties properties) {
		return Stream.concat(Stream.of(this.environment), this.parents.stream())
			.flatMap(ProductionGuard::profiles)
			.filter((profile) -> isProduction(profile, properties.productionProfiles()))
			.findFirst();
	}

	private static Stream<String> profiles(Environment environment) {
		String[] active = environment.getActiveProfiles();
		if (active.length > 0) {
			return Stream.of(active);
		}
		// Set too late for Spring Boot to activate it, and meant nevertheless.
		String[] late = Binder.get(environment).bind("spring.profiles.active", String[].class).orElse(new String[0]);
		return Stream.concat(Stream.of(environment.getDefaultProfiles()), Stream.of(late));
	}

	private static boolean isProduction(String profile, List<String> furtherProfiles) {
		String name = profile.trim().toLowerCase(Locale.ROOT);
		return PRODUCTION_PROFILES.stream()
			.anyMatch((production) -> name.equals(production) || name.startsWith(production + "-"))
				|| furtherProfiles.stream().anyMatch((further) -> name.equalsIgnoreCase(further.trim()));
	}

}
