package io.github.mcpwss.tls;

import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a peer's certificate chain is refused. Carries the chain, so that
 * {@link TlsFailures} can say names, issuers and dates.
 */
final class CertificateRefusedException extends CertificateException {

	private static final long serialVersionUID = 1L;

	private final transient List<X509Certificate> chain;

	private final transient @Nullable CertificateRuleException rule;

	CertificateRefusedException(X509Certificate[] chain, Exception refusal) {
		super(refusal.getMessage(), alertCause(refusal));
		this.chain = List.of(chain);
		this.rule = (refusal instanceof CertificateRuleException broken) ? broken : null;
	}

	/**
	 * Return the cause from which the JDK and Netty choose the alert to send: they look
	 * at the immediate cause of what a trust manager throws.
	 * @param refusal what a trust manager threw
	 * @return the cause to set
	 */
	private static Throwable alertCause(Exception refusal) {
		if (refusal instanceof CertificateRuleException rule) {
			return new CertPathValidatorException(rule.getMessage(), rule, null, -1, alertReason(rule.reason()));
		}
		return (refusal.getCause() instanceof CertPathValidatorException cause) ? cause : refusal;
	}

	private static CertPathValidatorException.Reason alertReason(TlsFailure.Reason reason) {
		return switch (reason) {
			case CERTIFICATE_EXPIRED -> BasicReason.EXPIRED;
			case CERTIFICATE_NOT_YET_VALID -> BasicReason.NOT_YET_VALID;
			case CERTIFICATE_REVOKED -> BasicReason.REVOKED;
			case REVOCATION_UNKNOWN -> BasicReason.UNDETERMINED_REVOCATION_STATUS;
			case WEAK_SIGNATURE, WEAK_KEY -> BasicReason.ALGORITHM_CONSTRAINED;
			default -> BasicReason.UNSPECIFIED;
		};
	}

	/**
	 * Return the rule that was broken.
	 * @return the rule, {@code null} if it is one of the JDK's
	 */
	@Nullable CertificateRuleException rule() {
		return this.rule;
	}

	/**
	 * Return the chain as the peer sent it, its own certificate first.
	 * @return the chain
	 */
	List<X509Certificate> chain() {
		return this.chain;
	}

}
