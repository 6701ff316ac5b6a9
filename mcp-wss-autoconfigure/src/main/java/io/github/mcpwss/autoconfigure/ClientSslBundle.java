package io.github.mcpwss.autoconfigure;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/**
 * Supplies the bundle that a client connects with, and follows its updates. It is the
 * same instance until there is an update, and one that cannot be used changes nothing.
 */
final class ClientSslBundle implements Supplier<@Nullable SslBundle>, TlsDecision {

	private static final Logger logger = LoggerFactory.getLogger(ClientSslBundle.class);

	private final ClientTrust trust;

	private final @Nullable String serverName;

	private volatile @Nullable SslBundle current;

	private ClientSslBundle(ClientTrust trust, @Nullable String serverName) {
		this.trust = trust;
		this.serverName = serverName;
	}

	static ClientSslBundle get(EndpointProperties properties, TlsMaterial material, BundleGuard guard,
			SslBundles sslBundles) {
		ClientSslBundle clientBundle = new ClientSslBundle(new ClientTrust(ClientTls.get(properties.tls()), guard),
				properties.tls().serverName());
		if (!properties.isTls()) {
			return clientBundle;
		}
		String name = material.bundleName();
		SslBundle bundle = (name != null) ? ConfiguredBundle.get(name, properties, sslBundles) : null;
		clientBundle.current = clientBundle.trust.apply(bundle);
		if (name != null) {
			sslBundles.addBundleUpdateHandler(name, (updated) -> clientBundle.update(name, updated));
		}
		return clientBundle;
	}

	private void update(String name, SslBundle updated) {
		try {
			this.current = this.trust.apply(updated);
			logger.info("SSL bundle '{}' was updated: new connections use it", name);
		}
		catch (RuntimeException ex) {
			logger.error("SSL bundle '{}' was updated and cannot be used: connections go on with the one before", name,
					ex);
		}
	}

	/**
	 * Return the name that is sent to the server.
	 * @return the name, {@code null} for the host of the URL
	 */
	@Nullable String serverName() {
		return this.serverName;
	}

	@Override
	public @Nullable SslBundle get() {
		return this.current;
	}

}
