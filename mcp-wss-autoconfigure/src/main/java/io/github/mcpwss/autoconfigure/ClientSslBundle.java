package io.github.mcpwss.autoconfigure;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

import io.github.mcpwss.client.TlsHandshake;
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

	private final TlsHandshake handshake;

	private final List<Runnable> updateListeners = new CopyOnWriteArrayList<>();

	private volatile @Nullable SslBundle current;

	private ClientSslBundle(ClientTrust trust, TlsHandshake handshake) {
		this.trust = trust;
		this.handshake = handshake;
	}

	static ClientSslBundle get(ClientTarget target, TlsMaterial material, BundleGuard guard, SslBundles sslBundles) {
		EndpointProperties properties = target.endpoint();
		ClientTls tls = ClientTls.get(properties, material.revocation());
		ClientSslBundle clientBundle = new ClientSslBundle(new ClientTrust(tls, guard),
				new TlsHandshake(properties.tls().serverName(), material.revocation().isEnabled()));
		if (!properties.isTls()) {
			return clientBundle;
		}
		if (target.sslBundle() != null) {
			clientBundle.current = clientBundle.trust.apply(target.sslBundle());
			return clientBundle;
		}
		String name = material.bundleName();
		SslBundle bundle = (name != null) ? ConfiguredBundle.get(name, properties, sslBundles) : null;
		clientBundle.current = clientBundle.trust.apply(bundle);
		if (name != null) {
			sslBundles.addBundleUpdateHandler(name,
					(updated) -> clientBundle.update(name, updated, () -> material.load(properties)));
		}
		return clientBundle;
	}

	private void update(String name, SslBundle updated, Runnable fileCheck) {
		try {
			// Spring Boot takes what is whole of a file that was cut off
			fileCheck.run();
			this.current = this.trust.apply(updated);
			logger.info("SSL bundle '{}' was updated: new connections use it", name);
			this.updateListeners.forEach(Runnable::run);
		}
		catch (RuntimeException ex) {
			logger.error("SSL bundle '{}' was updated and cannot be used: connections go on with the one before", name,
					ex);
		}
	}

	/**
	 * Add what is to be run when there is another bundle.
	 * @param listener the listener
	 */
	void onUpdate(Runnable listener) {
		this.updateListeners.add(listener);
	}

	TlsHandshake handshake() {
		return this.handshake;
	}

	@Override
	public @Nullable SslBundle get() {
		return this.current;
	}

}
