package io.github.mcpwss.autoconfigure;

import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.autoconfigure.ssl.PropertiesSslBundle;
import org.springframework.boot.autoconfigure.ssl.SslProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.io.ApplicationResourceLoader;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.env.Environment;

/**
 * The SSL bundles that properties define, for whoever has to know them before there are
 * beans.
 */
final class PropertiesSslBundles {

	private static final Logger logger = LoggerFactory.getLogger(PropertiesSslBundles.class);

	private PropertiesSslBundles() {
	}

	/**
	 * Return the bundles below {@code spring.ssl.bundle}.
	 * @param environment the properties
	 * @return the bundles, without those that cannot be made: that is told where they are
	 * used
	 */
	static SslBundles of(Environment environment) {
		DefaultSslBundleRegistry registry = new DefaultSslBundleRegistry();
		SslProperties.Bundles bundles = Binder.get(environment)
			.bindOrCreate("spring.ssl", SslProperties.class)
			.getBundle();
		bundles.getPem()
			.forEach((name, properties) -> register(registry, name,
					() -> PropertiesSslBundle.get(properties, ApplicationResourceLoader.get())));
		bundles.getJks()
			.forEach((name, properties) -> register(registry, name,
					() -> PropertiesSslBundle.get(properties, ApplicationResourceLoader.get())));
		return registry;
	}

	private static void register(DefaultSslBundleRegistry registry, String name, Supplier<SslBundle> bundle) {
		try {
			registry.registerBundle(name, bundle.get());
		}
		catch (RuntimeException ex) {
			logger.debug("SSL bundle '{}' could not be made", name, ex);
		}
	}

}
