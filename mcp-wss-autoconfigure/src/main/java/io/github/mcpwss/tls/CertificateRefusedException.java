package io.github.mcpwss.tls;

import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Thrown when a peer's certificate chain is refused. Carries the chain, so that
 * {@link TlsFailures} can say names, issuers and dates.
 */
final class CertificateRefusedException extends CertificateException {

	private static final long serialVersionUID = 1L;

	private final transient List<X509Certificate> chain;

	CertificateRefusedException(X509Certificate[] chain, Exception refusal) {
		super(refusal.getMessage(), alertCause(refusal));
		this.chain = List.of(chain);
	}

	/**
	 * Return the cause from which the JDK and Netty choose the alert to send: they look
	 * at the immediate cause of what a trust manager throws.
	 * @param refusal what a trust manager threw
	 * @return the cause to set
	 */
	private static Throwable alertCause(Exception refusal) {
		return (refusal.getCause() instanceof CertPathValidatorException cause) ? cause : refusal;
	}

	/**
	 * Return the chain as the peer sent it, its own certificate first.
	 * @return the chain
	 */
	List<X509Certificate> chain() {
		return this.chain;
	}

}
