package io.github.mcpwss.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.ssl.PemSslBundleProperties;
import org.springframework.boot.autoconfigure.ssl.SslProperties;
import org.springframework.context.ApplicationContext;

/**
 * Adds the TLS files as one more bundle to Spring Boot's own, which makes, watches and
 * reports on them.
 */
final class TlsMaterialBeanPostProcessor implements BeanPostProcessor {

	private final ObjectProvider<TlsMaterial> material;

	private final ApplicationContext applicationContext;

	TlsMaterialBeanPostProcessor(ObjectProvider<TlsMaterial> material, ApplicationContext applicationContext) {
		this.material = material;
		this.applicationContext = applicationContext;
	}

	@Override
	public @Nullable Object postProcessBeforeInitialization(Object bean, String beanName) {
		if (bean instanceof SslProperties sslProperties) {
			PemSslBundleProperties bundle = this.material.getObject().toBundleProperties(this.applicationContext);
			if (bundle != null) {
				add(sslProperties.getBundle(), bundle);
			}
		}
		return bean;
	}

	private static void add(SslProperties.Bundles bundles, PemSslBundleProperties bundle) {
		String name = TlsMaterial.BUNDLE_NAME;
		if (bundles.getPem().containsKey(name) || bundles.getJks().containsKey(name)) {
			String kind = bundles.getPem().containsKey(name) ? "pem" : "jks";
			throw new McpWebSocketConfigurationException(
					"spring.ssl.bundle.%s.%s has the name of the bundle that is made of the files below %s."
						.formatted(kind, name, McpWebSocketProperties.Tls.PREFIX),
					"Give it another name, or remove the files and set %s.bundle to '%s'."
						.formatted(McpWebSocketProperties.Tls.PREFIX, name));
		}
		bundles.getPem().put(name, bundle);
	}

}
