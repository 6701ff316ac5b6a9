package io.github.mcpwss.tls;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.PKIXReason;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

import io.github.mcpwss.tls.TlsFailure.Reason;
import org.jspecify.annotations.Nullable;

/**
 * A trust manager's refusal of a peer's certificate.
 *
 * @param reason why it was refused
 * @param detail what the trust manager said
 * @param chain the peer's chain, empty where it is not known
 */
record CertificateRefusal(Reason reason, String detail, List<X509Certificate> chain) {

	private static final int MAX_DEPTH = 32;

	static Optional<CertificateRefusal> find(Throwable failure) {
		List<X509Certificate> knownChain = List.of();
		Reason knownReason = null;
		String said = null;
		Throwable cause = failure;
		for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
			if (cause instanceof CertificateRefusedException refused) {
				knownChain = refused.chain();
			}
			if (cause instanceof GeneralSecurityException) {
				knownReason = (knownReason != null) ? knownReason : reason(cause);
				said = (said != null) ? said : PeerNames.clean(String.valueOf(cause.getMessage()));
			}
			cause = cause.getCause();
		}
		if (said == null || (knownReason == null && knownChain.isEmpty())) {
			return Optional.empty();
		}
		return Optional
			.of(new CertificateRefusal((knownReason != null) ? knownReason : Reason.OTHER, said, knownChain));
	}

	private static @Nullable Reason reason(Throwable cause) {
		if (cause instanceof CertificateExpiredException) {
			return Reason.CERTIFICATE_EXPIRED;
		}
		if (cause instanceof CertificateNotYetValidException) {
			return Reason.CERTIFICATE_NOT_YET_VALID;
		}
		if (cause instanceof CertPathBuilderException) {
			return Reason.UNKNOWN_ISSUER;
		}
		if (cause instanceof CertPathValidatorException invalid) {
			return reason(invalid.getReason());
		}
		String message = String.valueOf(cause.getMessage());
		if (message.startsWith("No trusted certificate found")) {
			return Reason.UNKNOWN_ISSUER;
		}
		boolean noName = message.startsWith("No subject alternative") || message.startsWith("No name matching");
		return (cause instanceof CertificateException && noName) ? Reason.HOST_NAME_MISMATCH : null;
	}

	private static @Nullable Reason reason(CertPathValidatorException.Reason reason) {
		if (reason == BasicReason.EXPIRED) {
			return Reason.CERTIFICATE_EXPIRED;
		}
		if (reason == BasicReason.NOT_YET_VALID) {
			return Reason.CERTIFICATE_NOT_YET_VALID;
		}
		return (reason == PKIXReason.NO_TRUST_ANCHOR || reason == BasicReason.INVALID_SIGNATURE) ? Reason.UNKNOWN_ISSUER
				: null;
	}

	TlsFailure explain(String host) {
		return switch (this.reason) {
			case CERTIFICATE_EXPIRED -> explainDate(host, "has expired", "expired on ", X509Certificate::getNotAfter,
					(certificate) -> certificate.getNotAfter().toInstant().isBefore(Instant.now()));
			case CERTIFICATE_NOT_YET_VALID ->
				explainDate(host, "is not valid yet", "is not valid before ", X509Certificate::getNotBefore,
						(certificate) -> certificate.getNotBefore().toInstant().isAfter(Instant.now()));
			case HOST_NAME_MISMATCH -> TlsFailures.failure(this.reason, explainHostName(host));
			case UNKNOWN_ISSUER -> explainIssuer(host);
			default -> TlsFailures.failure(this.reason, "the certificate of " + host + " is refused: " + this.detail);
		};
	}

	private TlsFailure explainDate(String host, String unknownDate, String knownDate,
			Function<X509Certificate, Date> date, Predicate<X509Certificate> atFault) {
		for (int i = 0; i < this.chain.size(); i++) {
			X509Certificate certificate = this.chain.get(i);
			if (atFault.test(certificate)) {
				String subject = (i == 0) ? "the certificate of " + host : "the issuer "
						+ PeerNames.of(certificate.getSubjectX500Principal()) + " of the certificate of " + host;
				return TlsFailures.failure(this.reason,
						subject + " " + knownDate + PeerNames.date(date.apply(certificate)));
			}
		}
		return TlsFailures.failure(this.reason, "the certificate of " + host + " " + unknownDate);
	}

	private String explainHostName(String host) {
		if (this.chain.isEmpty()) {
			return "host " + host + " is not among the names of the certificate";
		}
		String names = PeerNames.hosts(this.chain.get(0));
		if (!names.isEmpty()) {
			return "host " + host + " is not among the names " + names + " of the certificate";
		}
		return "host " + host + " does not match the certificate, which has no subject alternative names";
	}

	private TlsFailure explainIssuer(String host) {
		if (this.chain.isEmpty()) {
			return TlsFailures.failure(this.reason, "unknown issuer of the certificate of " + host);
		}
		X509Certificate last = this.chain.get(this.chain.size() - 1);
		if (this.chain.size() == 1 && isSelfSigned(last)) {
			return TlsFailures.failure(Reason.SELF_SIGNED,
					"the certificate of " + host + " is self-signed and not trusted");
		}
		return TlsFailures.failure(this.reason, "unknown issuer " + PeerNames.of(last.getIssuerX500Principal())
				+ " of the certificate of " + host + namesake());
	}

	private String namesake() {
		if (this.detail.contains("signature check failed")) {
			return ", which has the name of a trusted authority and another key";
		}
		return "";
	}

	private static boolean isSelfSigned(X509Certificate certificate) {
		try {
			certificate.verify(certificate.getPublicKey());
			return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
		}
		catch (GeneralSecurityException ex) {
			return false;
		}
	}

}
