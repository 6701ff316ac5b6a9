package io.github.mcpwss.tls;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;

import io.github.mcpwss.tls.TlsFailure.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a certificate breaks a rule that the JDK does not have.
 */
final class CertificateRuleException extends CertificateException {

	private static final long serialVersionUID = 1L;

	private final Reason reason;

	private final transient @Nullable X509Certificate certificate;

	/**
	 * Create a new exception.
	 * @param reason the rule
	 * @param certificate the certificate at fault, {@code null} for the peer's own
	 * @param problem what is wrong with it, a predicate
	 */
	CertificateRuleException(Reason reason, @Nullable X509Certificate certificate, String problem) {
		super(problem);
		this.reason = reason;
		this.certificate = certificate;
	}

	Reason reason() {
		return this.reason;
	}

	@Nullable X509Certificate certificate() {
		return this.certificate;
	}

	String problem() {
		return String.valueOf(getMessage());
	}

}
