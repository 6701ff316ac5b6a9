package io.github.mcpwss.tls;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;

import io.github.mcpwss.tls.TlsFailure.Reason;

/**
 * Demands that a certificate is one of those that are known.
 *
 * @param pins what they are known by, empty for any
 */
record PinRule(List<CertificatePin> pins) {

	PinRule {
		pins = List.copyOf(pins);
	}

	/**
	 * Return whether a certificate needs no authority: it is signed by its own key, and
	 * pinned.
	 * @param certificate the certificate
	 * @return whether it is trusted by its pin
	 */
	boolean isTrustedByPin(X509Certificate certificate) {
		return isPinned(certificate) && CertificateRefusal.isSelfSigned(certificate);
	}

	void check(X509Certificate certificate) throws CertificateException {
		if (!this.pins.isEmpty() && !isPinned(certificate)) {
			throw new CertificateRuleException(Reason.PIN_MISMATCH, certificate,
					"is not pinned: its public key is " + CertificatePin.ofPublicKey(certificate) + ", its fingerprint "
							+ CertificatePin.ofCertificate(certificate));
		}
	}

	private boolean isPinned(X509Certificate certificate) {
		return this.pins.stream().anyMatch((pin) -> pin.matches(certificate));
	}

}
