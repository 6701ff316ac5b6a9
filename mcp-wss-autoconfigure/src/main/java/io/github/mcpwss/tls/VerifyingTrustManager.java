package io.github.mcpwss.tls;

import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;

import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trust manager that refuses what another one refuses, and a certificate that is out of
 * its validity period even where it is trusted itself: the JDK does not look at the dates
 * of trust anchors.
 */
final class VerifyingTrustManager extends CheckingTrustManager {

	private final X509ExtendedTrustManager delegate;

	VerifyingTrustManager(X509ExtendedTrustManager delegate) {
		this.delegate = delegate;
	}

	@Override
	protected X509ExtendedTrustManager delegate(X509Certificate[] chain) {
		return this.delegate;
	}

	@Override
	protected void checkFurther(X509Certificate[] chain) throws CertificateException {
		try {
			chain[0].checkValidity();
		}
		catch (CertificateExpiredException ex) {
			throw outOfValidity(ex, BasicReason.EXPIRED);
		}
		catch (CertificateNotYetValidException ex) {
			throw outOfValidity(ex, BasicReason.NOT_YET_VALID);
		}
	}

	private static CertificateException outOfValidity(CertificateException cause, BasicReason reason) {
		return new CertificateException(cause.getMessage(),
				new CertPathValidatorException(cause.getMessage(), cause, null, -1, reason));
	}

	@Override
	public X509Certificate[] getAcceptedIssuers() {
		return this.delegate.getAcceptedIssuers();
	}

}
