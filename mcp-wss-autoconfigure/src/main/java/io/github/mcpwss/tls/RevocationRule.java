package io.github.mcpwss.tls;

import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateRevokedException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import io.github.mcpwss.tls.TlsFailure.Reason;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses certificates that were revoked. The JDK does the work; each certificate of a
 * path is checked by itself, so that one of which nothing is known does not hide another
 * one.
 */
final class RevocationRule {

	private static final Logger logger = LoggerFactory.getLogger(RevocationRule.class);

	private static final long WARNING_INTERVAL = Duration.ofMinutes(1).toNanos();

	private final Revocation revocation;

	private final AtomicLong nextWarning = new AtomicLong(System.nanoTime());

	RevocationRule(Revocation revocation) {
		this.revocation = revocation;
	}

	/**
	 * Check the certificates of a path.
	 * @param peer the chain that the path begins with
	 * @param path the path, the peer's own certificate first, without the root
	 * @param root the root
	 * @throws CertificateException if one of them was revoked, or that could not be found
	 * out and has to be
	 */
	void check(PeerChain peer, List<X509Certificate> path, X509Certificate root) throws CertificateException {
		if (!this.revocation.isEnabled()) {
			return;
		}
		if (peer.session() != null) {
			// Who resumes a session is not verified again.
			peer.session().invalidate();
		}
		Map<X509Certificate, byte[]> responses = (this.revocation.lists() == null) ? peer.stapledResponses() : Map.of();
		for (int i = 0; i < path.size(); i++) {
			X509Certificate issuer = (i + 1 < path.size()) ? path.get(i + 1) : root;
			check(peer, path.get(i), issuer, responses.get(path.get(i)));
		}
	}

	private void check(PeerChain peer, X509Certificate certificate, X509Certificate issuer,
			byte @Nullable [] stapledResponse) throws CertificateException {
		try {
			CertPathValidator validator = CertPathValidator.getInstance("PKIX");
			CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate));
			validator.validate(path, parameters(validator, certificate, issuer, stapledResponse));
		}
		catch (CertPathValidatorException ex) {
			if (ex.getReason() == BasicReason.REVOKED) {
				throw new CertificateRuleException(Reason.CERTIFICATE_REVOKED, certificate,
						"was revoked" + details(ex) + serialNumber(certificate));
			}
			unknown(peer, certificate, PeerNames.clean(String.valueOf(ex.getMessage())));
		}
		catch (GeneralSecurityException ex) {
			throw new CertificateException(ex.getMessage(), ex);
		}
	}

	private PKIXParameters parameters(CertPathValidator validator, X509Certificate certificate, X509Certificate issuer,
			byte @Nullable [] stapledResponse) throws GeneralSecurityException {
		PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(issuer, null)));
		Supplier<? extends Collection<X509CRL>> lists = this.revocation.lists();
		if (lists != null) {
			// Without a checker of its own it looks at these lists, and not for others.
			parameters
				.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(lists.get())));
			parameters.setRevocationEnabled(true);
			return parameters;
		}
		PKIXRevocationChecker checker = (PKIXRevocationChecker) validator.getRevocationChecker();
		if (stapledResponse != null) {
			checker.setOcspResponses(Map.of(certificate, stapledResponse));
		}
		parameters.addCertPathChecker(checker);
		return parameters;
	}

	private static String details(CertPathValidatorException refusal) {
		return (refusal.getCause() instanceof CertificateRevokedException revoked)
				? " on " + PeerNames.date(revoked.getRevocationDate()) + " (" + revoked.getRevocationReason() + ")"
				: "";
	}

	private static String serialNumber(X509Certificate certificate) {
		return ", serial number " + certificate.getSerialNumber().toString(16);
	}

	private void unknown(PeerChain peer, X509Certificate certificate, String detail) throws CertificateException {
		if (this.revocation.mode() == RevocationMode.HARD) {
			throw new CertificateRuleException(Reason.REVOCATION_UNKNOWN, certificate,
					"may have been revoked, which could not be found out (" + detail + ")" + serialNumber(certificate));
		}
		long due = this.nextWarning.get();
		long now = System.nanoTime();
		if (now - due >= 0 && this.nextWarning.compareAndSet(due, now + WARNING_INTERVAL)) {
			logger.warn("The certificate {}{}, one of {}, is accepted, and may have been revoked: {}",
					PeerNames.of(certificate.getSubjectX500Principal()), serialNumber(certificate), peer.role(),
					detail);
		}
	}

}
