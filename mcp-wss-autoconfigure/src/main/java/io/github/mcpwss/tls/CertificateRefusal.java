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
 * @param rule the rule that was broken, {@code null} if it is one of the JDK's
 */
record CertificateRefusal(Reason reason, String detail, List<X509Certificate> chain,
		@Nullable CertificateRuleException rule) {

	private static final int MAX_DEPTH = 32;

	static Optional<CertificateRefusal> find(Throwable failure) {
		List<X509Certificate> knownChain = List.of();
		Reason knownReason = null;
		String said = null;
		CertificateRuleException knownRule = null;
		Throwable cause = failure;
		for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
			if (cause instanceof CertificateRefusedException refused) {
				knownChain = refused.chain();
				knownRule = refused.rule();
				knownReason = (knownRule != null) ? knownRule.reason() : null;
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
		return Optional.of(new CertificateRefusal((knownReason != null) ? knownReason : Reason.OTHER, said, knownChain,
				knownRule));
	}

	static boolean isHostNameMismatch(CertificateException refusal) {
		return reason(refusal) == Reason.HOST_NAME_MISMATCH;
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
			return reason(invalid);
		}
		String message = String.valueOf(cause.getMessage());
		if (message.startsWith("No trusted certificate found")) {
			return Reason.UNKNOWN_ISSUER;
		}
		if (message.contains("is not a CA certificate") || message.startsWith("Extended key usage does not permit")
				|| message.startsWith("KeyUsage does not allow")) {
			return Reason.WRONG_KEY_USAGE;
		}
		boolean noName = message.startsWith("No subject alternative") || message.startsWith("No name matching");
		return (cause instanceof CertificateException && noName) ? Reason.HOST_NAME_MISMATCH : null;
	}

	private static @Nullable Reason reason(CertPathValidatorException invalid) {
		CertPathValidatorException.Reason reason = invalid.getReason();
		if (reason == BasicReason.EXPIRED) {
			return Reason.CERTIFICATE_EXPIRED;
		}
		if (reason == BasicReason.NOT_YET_VALID) {
			return Reason.CERTIFICATE_NOT_YET_VALID;
		}
		if (reason == BasicReason.REVOKED) {
			return Reason.CERTIFICATE_REVOKED;
		}
		if (reason == BasicReason.ALGORITHM_CONSTRAINED) {
			return String.valueOf(invalid.getMessage()).contains("keysize") ? Reason.WEAK_KEY : Reason.WEAK_SIGNATURE;
		}
		if (reason == PKIXReason.INVALID_NAME) {
			return Reason.NAME_CONSTRAINT_VIOLATION;
		}
		if (reason == PKIXReason.INVALID_KEY_USAGE || reason == PKIXReason.NOT_CA_CERT
				|| reason == PKIXReason.PATH_TOO_LONG) {
			return Reason.WRONG_KEY_USAGE;
		}
		// an issuer's key of another kind is no invalid signature to the JDK
		boolean wrongIssuer = reason == PKIXReason.NO_TRUST_ANCHOR || reason == BasicReason.INVALID_SIGNATURE
				|| String.valueOf(invalid.getMessage()).contains("signature check failed");
		return wrongIssuer ? Reason.UNKNOWN_ISSUER : null;
	}

	TlsFailure explain(String host) {
		if (this.rule != null) {
			return (this.reason == Reason.HOST_NAME_MISMATCH)
					? TlsFailures.failure(this.reason, explainHostName(this.rule.problem())) : TlsFailures
						.failure(this.reason, subject(this.rule.certificate(), host) + " " + this.rule.problem());
		}
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
		for (X509Certificate certificate : this.chain) {
			if (atFault.test(certificate)) {
				return TlsFailures.failure(this.reason,
						subject(certificate, host) + " " + knownDate + PeerNames.date(date.apply(certificate)));
			}
		}
		return TlsFailures.failure(this.reason, "the certificate of " + host + " " + unknownDate);
	}

	private String subject(@Nullable X509Certificate certificate, String host) {
		return (certificate == null || certificate.equals(this.chain.get(0))) ? "the certificate of " + host
				: "the issuer " + PeerNames.of(certificate.getSubjectX500Principal()) + " of the certificate of "
						+ host;
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

	static boolean isSelfSigned(X509Certificate certificate) {
		try {
			certificate.verify(certificate.getPublicKey());
			return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
		}
		catch (GeneralSecurityException ex) {
			return false;
		}
	}

}
