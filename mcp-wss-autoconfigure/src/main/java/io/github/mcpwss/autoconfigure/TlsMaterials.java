package io.github.mcpwss.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.springframework.boot.autoconfigure.ssl.PemSslBundleProperties;
import org.springframework.core.io.ResourceLoader;

/**
 * The TLS material of everything that the properties name.
 *
 * @param endpoint the material of the server or of the client without a name
 * @param named the material of the named connections by their names
 * @param bundles the bundles to make
 */
record TlsMaterials(TlsMaterial endpoint, Map<String, TlsMaterial> named,
		List<Bundle> bundles) implements TlsDecision, AutoCloseable {

	/**
	 * Return the material for the properties. Files are read to see that they can be
	 * used, and the development certificate is made if it is missing.
	 * @param properties the properties
	 * @param resourceLoader the resource loader that resolves locations
	 * @param interval the time between two looks at files that are not part of a bundle
	 * @return the material
	 */
	static TlsMaterials get(McpWebSocketProperties properties, ResourceLoader resourceLoader, Duration interval) {
		List<Bundle> bundles = new ArrayList<>();
		EndpointProperties endpoint = EndpointProperties.of(properties);
		TlsMaterial material = get(endpoint, resourceLoader, interval, bundles);
		Map<String, TlsMaterial> named = new LinkedHashMap<>();
		for (EndpointProperties connection : EndpointProperties.named(properties)) {
			named.put(String.valueOf(connection.name()), get(connection, resourceLoader, interval, bundles));
		}
		return new TlsMaterials(material, named, bundles);
	}

	private static TlsMaterial get(EndpointProperties endpoint, ResourceLoader resourceLoader, Duration interval,
			List<Bundle> bundles) {
		TlsMaterial material = TlsMaterial.get(endpoint, resourceLoader);
		if (!Boolean.FALSE.equals(endpoint.tls().reloadOnUpdate())) {
			material.follow(interval);
		}
		PemSslBundleProperties bundle = material.toBundleProperties(endpoint, resourceLoader);
		if (bundle != null) {
			bundles.add(new Bundle(endpoint, bundle));
		}
		return material;
	}

	TlsMaterial named(String name) {
		TlsMaterial material = this.named.get(name);
		if (material == null) {
			throw new IllegalArgumentException("No connection '%s'".formatted(name));
		}
		return material;
	}

	@Override
	public void close() {
		this.endpoint.close();
		this.named.values().forEach(TlsMaterial::close);
	}

	/**
	 * A bundle to make.
	 *
	 * @param endpoint what it is made for
	 * @param properties what it is made of
	 */
	record Bundle(EndpointProperties endpoint, PemSslBundleProperties properties) {

		String name() {
			return this.endpoint.bundleName();
		}

	}

}
