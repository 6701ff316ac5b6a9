package io.github.mcpwss.autoconfigure;

import java.security.KeyStore;
import java.util.function.UnaryOperator;

import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

import io.github.mcpwss.server.reactive.ClientCertificateTrustManager;
import io.github.mcpwss.tls.PresentedKeys;
import io.github.mcpwss.tls.ServerTrustManagers;
import io.github.mcpwss.tls.StrictTrustStore;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.util.ClassUtils;

/**
 * Makes an SSL bundle into what an MCP server uses: with strict trust in client
 * certificates, and good protocols and cipher suites, for web servers that look at its
 * managers and such that look at its stores.
 */
final class ServerBundleCustomizer implements UnaryOperator<SslBundle> {

	private static final boolean NETTY = ClassUtils.isPresent("io.netty.handler.ssl.ResumableX509ExtendedTrustManager",
			ServerBundleCustomizer.class.getClassLoader());

	private final EndpointProperties endpoint;

	private final TlsMaterial material;

	private final BundleGuard guard;

	ServerBundleCustomizer(EndpointProperties endpoint, TlsMaterial material, BundleGuard guard) {
		this.endpoint = endpoint;
		this.material = material;
		this.guard = guard;
	}

	@Override
	public SslBundle apply(SslBundle bundle) {
		// Spring Boot takes what is whole of a file that was cut off
		this.material.load(this.endpoint);
		PresentedKeys.requireMatch(bundle.getManagers());
		this.guard.check(bundle);
		SslStoreBundle stores = bundle.getStores();
		KeyStore trustStore = stores.getTrustStore();
		SslOptions options = TlsOptions.get(this.endpoint.tls()).apply(bundle.getOptions());
		if (trustStore == null) {
			return SslBundle.of(stores, bundle.getKey(), options, bundle.getProtocol(), bundle.getManagers());
		}
		ConfiguredBundle.requireAuthorities(trustStore);
		TrustManagerFactory trust = ServerTrustManagers.forServer(bundle.getManagers().getTrustManagerFactory(),
				this.material.revocation());
		X509ExtendedTrustManager trustManager = (X509ExtendedTrustManager) trust.getTrustManagers()[0];
		SslStoreBundle strictStores = SslStoreBundle.of(stores.getKeyStore(), stores.getKeyStorePassword(),
				StrictTrustStore.of(trustStore, trustManager));
		SslManagerBundle managers = SslManagerBundle.of(bundle.getManagers().getKeyManagerFactory(),
				NETTY ? Netty.trusting(trustManager) : trust);
		return SslBundle.of(strictStores, bundle.getKey(), options, bundle.getProtocol(), managers);
	}

	private static final class Netty {

		static TrustManagerFactory trusting(X509ExtendedTrustManager trustManager) {
			return SslManagerBundle.from(new ClientCertificateTrustManager(trustManager)).getTrustManagerFactory();
		}

	}

}
