package io.github.mcpwss.autoconfigure;

import java.security.KeyStore;

import io.github.mcpwss.tls.PresentedKeys;
import io.github.mcpwss.tls.TrustedAuthorities;

import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/**
 * Gets SSL bundles that are known to work.
 */
final class ConfiguredBundle {

	private ConfiguredBundle() {
	}

	/**
	 * Return a bundle whose stores can be loaded, which Spring Boot does only when they
	 * are used.
	 * @param name the name of the bundle
	 * @param properties what names the bundle
	 * @param sslBundles the SSL bundles
	 * @return the bundle
	 */
	static SslBundle get(String name, EndpointProperties properties, SslBundles sslBundles) {
		try {
			SslBundle bundle = sslBundles.getBundle(name);
			bundle.createSslContext();
			PresentedKeys.requireMatch(bundle.getManagers());
			KeyStore trustStore = bundle.getStores().getTrustStore();
			if (trustStore != null) {
				requireAuthorities(trustStore);
			}
			return bundle;
		}
		catch (NoSuchSslBundleException ex) {
			throw new McpWebSocketConfigurationException(
					"There is no SSL bundle '%s' (%s). Those that there are: %s.".formatted(name,
							property(name, properties), sslBundles.getBundleNames()),
					"Define it below spring.ssl.bundle.pem.%s or spring.ssl.bundle.jks.%s, or correct the name."
						.formatted(name, name),
					ex);
		}
		catch (RuntimeException ex) {
			throw new McpWebSocketConfigurationException("The SSL bundle '%s' (%s) cannot be loaded: %s".formatted(name,
					property(name, properties), reason(ex)), "Correct what is below spring.ssl.bundle for it.", ex);
		}
	}

	/**
	 * Refuse a trust store in which nothing can be trusted.
	 * @param trustStore the trust store
	 */
	static void requireAuthorities(KeyStore trustStore) {
		if (!TrustedAuthorities.isAnyIn(TrustedAuthorities.of(trustStore))) {
			throw new IllegalStateException("There is no certificate of an authority in its trust store");
		}
	}

	private static String property(String name, EndpointProperties properties) {
		return properties.property(properties.bundleName().equals(name) ? "tls" : "tls.bundle");
	}

	private static String reason(Throwable failure) {
		Throwable root = failure;
		while (root.getCause() != null) {
			root = root.getCause();
		}
		return (root != failure) ? failure.getMessage() + " (" + root.getMessage() + ")"
				: String.valueOf(failure.getMessage());
	}

}
