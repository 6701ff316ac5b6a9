package io.github.mcpwss.tls;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.PKIXCertPathChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Builds the path from a peer's certificate to a trusted authority, by the rules of PKIX
 * (RFC 5280) and of {@link CertificateRules}.
 */
final class StrictPath {

	private final Set<X509Certificate> trusted;

	private final Set<TrustAnchor> anchors;

	private final RevocationRule revocation;

	StrictPath(X509Certificate[] trusted, RevocationRule revocation) {
		this.revocation = revocation;
		this.trusted = Set.copyOf(Arrays.asList(trusted));
		this.anchors = this.trusted.stream()
			.map((certificate) -> new TrustAnchor(certificate, null))
			.collect(Collectors.toUnmodifiableSet());
	}

	/**
	 * Check a chain.
	 * @param peer the chain
	 * @throws CertificateException if no path keeps all rules
	 */
	void check(PeerChain peer) throws CertificateException {
		if (this.trusted.contains(peer.leaf())) {
			checkTrustedItself(peer);
			return;
		}
		CertificateRules.checkPurpose(peer.leaf(), peer.role());
		PKIXCertPathBuilderResult path = build(peer);
		X509Certificate root = path.getTrustAnchor().getTrustedCert();
		List<X509Certificate> certificates = path.getCertPath()
			.getCertificates()
			.stream()
			.map(X509Certificate.class::cast)
			.toList();
		for (X509Certificate issuer : certificates.subList(1, certificates.size())) {
			CertificateRules.checkPurpose(issuer, peer.role());
		}
		CertificateRules.checkNameConstraints(root, certificates);
		this.revocation.check(peer, certificates, root);
	}

	/**
	 * Check a certificate that is trusted without a path.
	 * @param peer the chain that begins with it
	 * @throws CertificateException if it breaks a rule
	 */
	static void checkTrustedItself(PeerChain peer) throws CertificateException {
		CertificateRules.checkPurpose(peer.leaf(), peer.role());
		CertificateRules.checkStrength(peer.leaf());
		CertificateRules.checkValidity(peer.leaf());
	}

	private PKIXCertPathBuilderResult build(PeerChain peer) throws CertificateException {
		X509CertSelector target = new X509CertSelector();
		target.setCertificate(peer.leaf());
		StrengthChecker strength = new StrengthChecker();
		try {
			PKIXBuilderParameters parameters = new PKIXBuilderParameters(this.anchors, target);
			parameters.setRevocationEnabled(false);
			parameters.addCertStore(
					CertStore.getInstance("Collection", new CollectionCertStoreParameters(peer.certificates())));
			parameters.addCertPathChecker(strength);
			return (PKIXCertPathBuilderResult) CertPathBuilder.getInstance("PKIX").build(parameters);
		}
		catch (CertPathBuilderException ex) {
			CertificateException weakness = strength.weakness;
			throw (weakness != null) ? weakness : new CertificateException(ex.getMessage(), ex);
		}
		catch (InvalidAlgorithmParameterException ex) {
			throw new CertificateException("There is no trusted authority", ex);
		}
		catch (GeneralSecurityException ex) {
			throw new CertificateException(ex.getMessage(), ex);
		}
	}

	/**
	 * Refuses weak certificates on a path, and remembers why: the builder of the JDK
	 * forgets it when it tries another path.
	 */
	private static final class StrengthChecker extends PKIXCertPathChecker {

		private @Nullable CertificateException weakness;

		@Override
		public void init(boolean forward) {
		}

		@Override
		public boolean isForwardCheckingSupported() {
			return false;
		}

		@Override
		public @Nullable Set<String> getSupportedExtensions() {
			return null;
		}

		@Override
		public void check(Certificate certificate, Collection<String> unresolvedCriticalExtensions)
				throws CertPathValidatorException {
			try {
				CertificateRules.checkStrength((X509Certificate) certificate);
			}
			catch (CertificateException ex) {
				this.weakness = ex;
				throw new CertPathValidatorException(ex.getMessage(), ex);
			}
		}

		@Override
		public Object clone() {
			// one for all paths that are tried
			return this;
		}

	}

}
