package io.github.mcpwss.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.ssl.SslProperties;

/**
 * Adds the TLS files as one more bundle to Spring Boot's own, which makes, watches and
 * reports on them.
 */
final class TlsMaterialBeanPostProcessor implements BeanPostProcessor {

	private final ObjectProvider<TlsMaterials> materials;

	TlsMaterialBeanPostProcessor(ObjectProvider<TlsMaterials> materials) {
		this.materials = materials;
	}

	@Override
	public @Nullable Object postProcessBeforeInitialization(Object bean, String beanName) {
		if (bean instanceof SslProperties sslProperties) {
			this.materials.getObject().bundles().forEach((bundle) -> add(sslProperties.getBundle(), bundle));
		}
		return bean;
	}

	private static void add(SslProperties.Bundles bundles, TlsMaterials.Bundle bundle) {
		String name = bundle.name();
		if (bundles.getPem().containsKey(name) || bundles.getJks().containsKey(name)) {
			String kind = bundles.getPem().containsKey(name) ? "pem" : "jks";
			throw new McpWebSocketConfigurationException(
					"spring.ssl.bundle.%s.%s has the name of the bundle that is made of the files below %s."
						.formatted(kind, name, bundle.endpoint().property("tls")),
					"Give it another name, or remove the files and set %s to '%s'."
						.formatted(bundle.endpoint().property("tls.bundle"), name));
		}
		bundles.getPem().put(name, bundle.properties());
	}

}
