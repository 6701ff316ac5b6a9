package io.github.mcpwss.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;

import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trust store that carries the trust manager that is to be used with it, for web servers
 * that take nothing but a store. Read-only.
 */
public final class StrictTrustStore extends KeyStore {

	private final X509ExtendedTrustManager trustManager;

	private StrictTrustStore(KeyStore store, X509ExtendedTrustManager trustManager) {
		super(new ReadOnlyKeyStoreSpi(store), store.getProvider(), store.getType());
		this.trustManager = trustManager;
	}

	/**
	 * Create a store.
	 * @param store the trusted authorities
	 * @param trustManager the trust manager that trusts them
	 * @return the store
	 */
	public static StrictTrustStore of(KeyStore store, X509ExtendedTrustManager trustManager) {
		StrictTrustStore trustStore = new StrictTrustStore(store, trustManager);
		try {
			trustStore.load(null, null);
			return trustStore;
		}
		catch (IOException | GeneralSecurityException ex) {
			throw new IllegalStateException("Unable to create trust store", ex);
		}
	}

	/**
	 * Return the trust manager.
	 * @return the trust manager
	 */
	public X509ExtendedTrustManager getTrustManager() {
		return this.trustManager;
	}

}
