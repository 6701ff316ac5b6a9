package io.github.mcpwss.server.reactive;

import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Set;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

import io.github.mcpwss.tls.DelegatingTrustManager;
import io.netty.handler.ssl.OpenSslCertificateException;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.ResumableX509ExtendedTrustManager;

/**
 * Trust manager for client certificates on Netty: has them verified where a session is
 * resumed, too, and has BoringSSL tell a client that its certificate is refused. It would
 * say {@code internal_error} for everything but dates and revocation.
 */
public final class ClientCertificateTrustManager extends DelegatingTrustManager
		implements ResumableX509ExtendedTrustManager {

	private static final String UNKNOWN = "UNKNOWN";

	/**
	 * X509_V_ERR_CERT_REJECTED, for which the alert is {@code bad_certificate}.
	 */
	private static final int CERTIFICATE_REJECTED = 28;

	private static final Set<CertPathValidatorException.Reason> ALERTS = Set.of(BasicReason.EXPIRED,
			BasicReason.NOT_YET_VALID, BasicReason.REVOKED);

	/**
	 * Create a new trust manager.
	 * @param delegate verifies the certificates
	 */
	public ClientCertificateTrustManager(X509ExtendedTrustManager delegate) {
		super(delegate);
	}

	/**
	 * Return whether Netty finds an alert for a refusal by itself.
	 * @param refusal the refusal
	 * @return whether there is an alert for it
	 */
	private static boolean hasAlert(CertificateException refusal) {
		for (Throwable cause = refusal.getCause(); cause != null; cause = cause.getCause()) {
			if (cause instanceof CertPathValidatorException invalid && ALERTS.contains(invalid.getReason())) {
				return true;
			}
		}
		return false;
	}

	@Override
	public void resumeClientTrusted(X509Certificate[] chain, SSLEngine engine) throws CertificateException {
		checkClientTrusted(chain, UNKNOWN);
	}

	@Override
	public void resumeServerTrusted(X509Certificate[] chain, SSLEngine engine) throws CertificateException {
		checkServerTrusted(chain, UNKNOWN, engine);
	}

	@Override
	public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
			throws CertificateException {
		try {
			super.checkClientTrusted(chain, authType, engine);
		}
		catch (CertificateException ex) {
			throw (engine instanceof ReferenceCountedOpenSslEngine && !hasAlert(ex))
					? new OpenSslCertificateException(ex.getMessage(), ex, CERTIFICATE_REJECTED) : ex;
		}
	}

}
