package io.github.mcpwss.autoconfigure;

import java.util.List;

import javax.net.ssl.TrustManagerFactory;

import io.github.mcpwss.autoconfigure.McpWebSocketProperties.Tls;
import io.github.mcpwss.tls.ServerTrust;
import io.github.mcpwss.tls.ServerTrustManagers;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslManagerBundle;

/**
 * The one place where a client's trust in servers is made, secure or not.
 */
final class ClientTrust {

	private final Tls tls;

	private final Runnable guard;

	/**
	 * Create a trust.
	 * @param tls what the properties ask for
	 * @param guard refuses what is not for production, whenever trust is made
	 */
	ClientTrust(Tls tls, Runnable guard) {
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
		this.guard.run();
		SslBundle base = (bundle != null) ? bundle : SslBundle.of(null);
		TrustManagerFactory trust = trustManagerFactory(base);
		SslManagerBundle managers = SslManagerBundle.of(base.getManagers().getKeyManagerFactory(), trust);
		return SslBundle.of(base.getStores(), base.getKey(), base.getOptions(), base.getProtocol(), managers);
	}

	private TrustManagerFactory trustManagerFactory(SslBundle base) {
		if (!this.tls.isVerifyServer()) {
			return ServerTrustManagers.trustManagerFactory(ServerTrust.NONE, List.of());
		}
		if (this.tls.isAcceptInvalidCerts()) {
			return ServerTrustManagers.trustManagerFactory(ServerTrust.ACCEPT_INVALID, List.of());
		}
		if (base.getStores().getTrustStore() == null) {
			return ServerTrustManagers.trustManagerFactory(ServerTrust.SYSTEM, List.of());
		}
		return ServerTrustManagers.explaining(base.getManagers().getTrustManagerFactory());
	}

}
