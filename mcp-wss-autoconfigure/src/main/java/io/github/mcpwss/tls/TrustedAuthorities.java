package io.github.mcpwss.tls;

import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/**
 * What may be trusted: authorities, and certificates that are signed by their own key.
 */
public final class TrustedAuthorities {

	private TrustedAuthorities() {
	}

	/**
	 * Return whether there is something to trust among certificates: a certificate that
	 * another one issued, and that may not issue others itself, is no authority.
	 * @param certificates the certificates
	 * @return whether there is an authority, or a self-signed certificate
	 */
	public static boolean isAnyIn(Collection<X509Certificate> certificates) {
		return certificates.stream()
			.anyMatch((certificate) -> certificate.getBasicConstraints() >= 0
					|| CertificateRefusal.isSelfSigned(certificate));
	}

	/**
	 * Return the certificates that a trust store holds.
	 * @param trustStore the trust store
	 * @return the certificates
	 */
	public static List<X509Certificate> of(KeyStore trustStore) {
		List<X509Certificate> certificates = new ArrayList<>();
		try {
			for (String alias : Collections.list(trustStore.aliases())) {
				Certificate certificate = trustStore.isCertificateEntry(alias) ? trustStore.getCertificate(alias)
						: null;
				if (certificate instanceof X509Certificate x509) {
					certificates.add(x509);
				}
			}
			return certificates;
		}
		catch (KeyStoreException ex) {
			throw new IllegalStateException("Unable to read trust store", ex);
		}
	}

}
