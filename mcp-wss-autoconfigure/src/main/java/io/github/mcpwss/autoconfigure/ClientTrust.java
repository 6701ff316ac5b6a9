package io.github.mcpwss.autoconfigure;

import java.security.KeyStore;

import javax.net.ssl.TrustManagerFactory;

import io.github.mcpwss.tls.PresentedKeys;
import io.github.mcpwss.tls.ServerTrustManagers;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslManagerBundle;

/**
 * The one place where a client's trust in servers is made, secure or not.
 */
final class ClientTrust {

	private final ClientTls tls;

	private final BundleGuard guard;

	/**
	 * Create a trust.
	 * @param tls what the properties ask for
	 * @param guard refuses what is not for production, whenever trust is made
	 */
	ClientTrust(ClientTls tls, BundleGuard guard) {
		this.tls = tls;
		this.guard = guard;
	}

	/**
	 * Return a bundle with the trust that the properties ask for.
	 * @param bundle the bundle with the client's identity and its authorities,
	 * {@code null} if there is neither
	 * @return the bundle
	 */
	SslBundle apply(@Nullable SslBundle bundle) {
		this.guard.check(bundle);
		SslBundle base = (bundle != null) ? bundle : SslBundle.of(null);
		PresentedKeys.requireMatch(base.getManagers());
		SslManagerBundle managers = SslManagerBundle.of(base.getManagers().getKeyManagerFactory(),
				ServerTrustManagers.forClient(this.tls.verification(), authorities(base)));
		return SslBundle.of(base.getStores(), base.getKey(), this.tls.options().apply(base.getOptions()),
				base.getProtocol(), managers);
	}

	/**
	 * Return the trust in the authorities of a bundle. One without a trust store trusts
	 * those of the system, if it has no trust manager of its own.
	 * @param bundle the bundle
	 * @return the trust
	 */
	private static TrustManagerFactory authorities(SslBundle bundle) {
		KeyStore trustStore = bundle.getStores().getTrustStore();
		if (trustStore != null) {
			ConfiguredBundle.requireAuthorities(trustStore);
		}
		return bundle.getManagers().getTrustManagerFactory();
	}

}
