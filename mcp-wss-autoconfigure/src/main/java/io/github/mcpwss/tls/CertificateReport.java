package io.github.mcpwss.tls;

import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a certificate says, in words for a person.
 *
 * @param subject the subject
 * @param names the host names and addresses that it is for, separated by commas
 * @param issuer the issuer
 * @param notBefore the beginning of its validity
 * @param notAfter the end of its validity
 * @param daysLeft the whole days until then, negative if it has expired
 * @param key the algorithm and size of the key
 * @param signature the algorithm of the signature
 * @param problems what makes it unfit for production, each a predicate such as
 * {@code expired on 2026-01-31}
 */
public record CertificateReport(String subject, String names, String issuer, Instant notBefore, Instant notAfter,
		long daysLeft, String key, String signature, List<String> problems) {

	/**
	 * Create a new report.
	 */
	public CertificateReport {
		problems = List.copyOf(problems);
	}

	/**
	 * Report on a chain. The signature of a root does not count.
	 * @param chain the chain
	 * @param clock tells what time it is
	 * @return a report for each of its certificates
	 */
	public static List<CertificateReport> of(List<X509Certificate> chain, Clock clock) {
		List<CertificateReport> reports = new ArrayList<>();
		for (X509Certificate certificate : chain) {
			boolean root = !reports.isEmpty() && CertificateRefusal.isSelfSigned(certificate);
			reports.add(of(certificate, !root, clock.instant()));
		}
		return reports;
	}

	private static CertificateReport of(X509Certificate certificate, boolean signatureCounts, Instant now) {
		Instant notBefore = certificate.getNotBefore().toInstant();
		Instant notAfter = certificate.getNotAfter().toInstant();
		List<String> problems = new ArrayList<>();
		if (notAfter.isBefore(now)) {
			problems.add("expired on " + PeerNames.date(certificate.getNotAfter()));
		}
		if (notBefore.isAfter(now)) {
			problems.add("is not valid before " + PeerNames.date(certificate.getNotBefore()));
		}
		CertificateStrength.weakKey(certificate).ifPresent(problems::add);
		if (signatureCounts) {
			CertificateStrength.weakSignature(certificate).ifPresent(problems::add);
		}
		return new CertificateReport(PeerNames.of(certificate.getSubjectX500Principal()), PeerNames.hosts(certificate),
				PeerNames.of(certificate.getIssuerX500Principal()), notBefore, notAfter,
				Math.floorDiv(Duration.between(now, notAfter).toSeconds(), Duration.ofDays(1).toSeconds()),
				key(certificate.getPublicKey()), CertificateStrength.signatureAlgorithm(certificate), problems);
	}

	private static String key(PublicKey key) {
		if (key instanceof RSAPublicKey rsa) {
			return "RSA " + rsa.getModulus().bitLength();
		}
		if (key instanceof ECPublicKey ec) {
			return "EC " + ec.getParams().getOrder().bitLength();
		}
		return key.getAlgorithm();
	}

}
