package io.github.mcpwss.tls;

import java.security.KeyStore;

import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.TrustManagerFactorySpi;
import javax.net.ssl.X509ExtendedTrustManager;

import org.jspecify.annotations.Nullable;

/**
 * {@link TrustManagerFactory} of one trust manager.
 */
final class FixedTrustManagerFactory extends TrustManagerFactory {

	FixedTrustManagerFactory(X509ExtendedTrustManager trustManager) {
		super(new Spi(trustManager), null, "PKIX");
	}

	private static final class Spi extends TrustManagerFactorySpi {

		private final X509ExtendedTrustManager trustManager;

		private Spi(X509ExtendedTrustManager trustManager) {
			this.trustManager = trustManager;
		}

		@Override
		protected void engineInit(@Nullable KeyStore keyStore) {
		}

		@Override
		protected void engineInit(@Nullable ManagerFactoryParameters parameters) {
		}

		@Override
		protected TrustManager[] engineGetTrustManagers() {
			return new TrustManager[] { this.trustManager };
		}

	}

}
