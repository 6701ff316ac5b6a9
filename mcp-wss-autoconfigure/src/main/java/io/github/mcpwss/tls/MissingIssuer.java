package io.github.mcpwss.tls;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a chain of certificates is complete.
 */
public final class MissingIssuer {

	private MissingIssuer() {
	}

	/**
	 * Return the issuer that a chain lacks: of a certificate that the next one did not
	 * issue, or of the last one if that is neither a root nor issued by an authority that
	 * is known.
	 * @param chain the chain
	 * @param known the authorities that are known besides those of the system
	 * @return the issuer or {@code null} if the chain is complete
	 */
	public static @Nullable String in(List<X509Certificate> chain, Collection<X509Certificate> known) {
		for (int i = 0; i < chain.size(); i++) {
			X509Certificate certificate = chain.get(i);
			boolean complete = (i + 1 < chain.size()) ? isIssuedBy(certificate, chain.get(i + 1))
					: CertificateRefusal.isSelfSigned(certificate)
							|| known.stream().anyMatch((authority) -> isIssuedBy(certificate, authority))
							|| ServerTrustManagers.systemAuthorities()
								.stream()
								.anyMatch((authority) -> isIssuedBy(certificate, authority));
			if (!complete) {
				return PeerNames.of(certificate.getIssuerX500Principal());
			}
		}
		return null;
	}

	private static boolean isIssuedBy(X509Certificate certificate, X509Certificate issuer) {
		if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
			return false;
		}
		try {
			certificate.verify(issuer.getPublicKey());
			return true;
		}
		catch (GeneralSecurityException ex) {
			return false;
		}
	}

}
