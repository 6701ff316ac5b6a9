package io.github.mcpwss.tls;

import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import io.github.mcpwss.tls.PeerChain.Role;
import io.github.mcpwss.tls.TlsFailure.Reason;

/**
 * Rules for certificates that hold whatever the JDK thinks of them.
 */
final class CertificateRules {

	private static final String NAME_CONSTRAINTS = "2.5.29.30";

	private static final String ANY_PURPOSE = "2.5.29.37.0";

	private CertificateRules() {
	}

	static void checkStrength(X509Certificate certificate) throws CertificateException {
		refuse(Reason.WEAK_SIGNATURE, certificate, CertificateStrength.weakSignature(certificate));
		refuse(Reason.WEAK_KEY, certificate, CertificateStrength.weakKey(certificate));
	}

	private static void refuse(Reason reason, X509Certificate certificate, Optional<String> problem)
			throws CertificateException {
		if (problem.isPresent()) {
			throw new CertificateRuleException(reason, certificate, problem.get());
		}
	}

	/**
	 * Check the validity period, which the JDK does not do for what is trusted itself.
	 * @param certificate the certificate
	 * @throws CertificateException if it is out of the period
	 */
	static void checkValidity(X509Certificate certificate) throws CertificateException {
		try {
			certificate.checkValidity();
		}
		catch (CertificateExpiredException ex) {
			throw new CertificateRuleException(Reason.CERTIFICATE_EXPIRED, certificate,
					"expired on " + PeerNames.date(certificate.getNotAfter()));
		}
		catch (CertificateNotYetValidException ex) {
			throw new CertificateRuleException(Reason.CERTIFICATE_NOT_YET_VALID, certificate,
					"is not valid before " + PeerNames.date(certificate.getNotBefore()));
		}
	}

	/**
	 * Check the extended key usage, which the JDK does not do for what is trusted itself.
	 * @param certificate the certificate
	 * @param role what the peer uses it for
	 * @throws CertificateException if it is for other things only
	 */
	static void checkPurpose(X509Certificate certificate, Role role) throws CertificateException {
		List<String> purposes;
		try {
			purposes = certificate.getExtendedKeyUsage();
		}
		catch (CertificateParsingException ex) {
			throw new CertificateRuleException(Reason.WRONG_KEY_USAGE, certificate,
					"has an extended key usage that cannot be read");
		}
		if (purposes != null && !purposes.contains(role.keyPurpose()) && !purposes.contains(ANY_PURPOSE)) {
			throw new CertificateRuleException(Reason.WRONG_KEY_USAGE, certificate,
					"is not for " + role + ": its extended key usage has other purposes only");
		}
	}

	/**
	 * Check the name constraints of a trusted root, of which the JDK does not take
	 * notice.
	 * @param root the root
	 * @param path the certificates below it, the peer's own first
	 * @throws CertificateException if one of them has a name that the root does not allow
	 */
	static void checkNameConstraints(X509Certificate root, List<X509Certificate> path) throws CertificateException {
		byte[] extension = root.getExtensionValue(NAME_CONSTRAINTS);
		if (extension == null) {
			return;
		}
		X509CertSelector selector = selector(root, extension);
		for (int i = 0; i < path.size(); i++) {
			X509Certificate certificate = path.get(i);
			boolean selfIssued = certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
			if ((i == 0 || !selfIssued) && !selector.match(certificate)) {
				throw new CertificateRuleException(Reason.NAME_CONSTRAINT_VIOLATION, certificate,
						"has names that the name constraints of the authority "
								+ PeerNames.of(root.getSubjectX500Principal()) + " do not allow");
			}
		}
	}

	private static X509CertSelector selector(X509Certificate root, byte[] extension) throws CertificateException {
		X509CertSelector selector = new X509CertSelector();
		try {
			selector.setNameConstraints(content(extension));
			return selector;
		}
		catch (IOException | IllegalArgumentException ex) {
			throw new CertificateRuleException(Reason.NAME_CONSTRAINT_VIOLATION, root,
					"has name constraints that cannot be read");
		}
	}

	/**
	 * Take the content out of a DER octet string.
	 * @param octetString the octet string
	 * @return its content
	 */
	private static byte[] content(byte[] octetString) throws IOException {
		if (octetString.length < 2 || octetString[0] != 0x04) {
			throw new IOException("Not an octet string");
		}
		int first = octetString[1] & 0xFF;
		int start = (first < 0x80) ? 2 : 2 + (first & 0x7F);
		if (start > octetString.length) {
			throw new IOException("Octet string is cut off");
		}
		return Arrays.copyOfRange(octetString, start, octetString.length);
	}

}
