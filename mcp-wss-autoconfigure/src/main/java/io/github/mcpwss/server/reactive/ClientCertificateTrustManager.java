package io.github.mcpwss.server.reactive;

import java.net.Socket;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Set;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

import io.netty.handler.ssl.OpenSslCertificateException;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.ResumableX509ExtendedTrustManager;

/**
 * Trust manager for client certificates on Netty: has them verified where a session is
 * resumed, too, and has BoringSSL tell a client that its certificate is refused. It would
 * say {@code internal_error} for everything but dates and revocation.
 */
public final class ClientCertificateTrustManager extends X509ExtendedTrustManager
		implements ResumableX509ExtendedTrustManager {

	private static final String UNKNOWN = "UNKNOWN";

	/**
	 * X509_V_ERR_CERT_REJECTED, for which the alert is {@code bad_certificate}.
	 */
	private static final int CERTIFICATE_REJECTED = 28;

	private static final Set<CertPathValidatorException.Reason> ALERTS = Set.of(BasicReason.EXPIRED,
			BasicReason.NOT_YET_VALID, BasicReason.REVOKED);

	private final X509ExtendedTrustManager delegate;

	/**
	 * Create a new trust manager.
	 * @param delegate verifies the certificates
	 */
	public ClientCertificateTrustManager(X509ExtendedTrustManager delegate) {
		this.delegate = delegate;
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
		this.delegate.checkClientTrusted(chain, UNKNOWN);
	}

	@Override
	public void resumeServerTrusted(X509Certificate[] chain, SSLEngine engine) throws CertificateException {
		this.delegate.checkServerTrusted(chain, UNKNOWN, engine);
	}

	@Override
	public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
		this.delegate.checkClientTrusted(chain, authType);
	}

	@Override
	public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
			throws CertificateException {
		this.delegate.checkClientTrusted(chain, authType, socket);
	}

	@Override
	public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
			throws CertificateException {
		try {
			this.delegate.checkClientTrusted(chain, authType, engine);
		}
		catch (CertificateException ex) {
			throw (engine instanceof ReferenceCountedOpenSslEngine && !hasAlert(ex))
					? new OpenSslCertificateException(ex.getMessage(), ex, CERTIFICATE_REJECTED) : ex;
		}
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
		this.delegate.checkServerTrusted(chain, authType);
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
			throws CertificateException {
		this.delegate.checkServerTrusted(chain, authType, socket);
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
			throws CertificateException {
		this.delegate.checkServerTrusted(chain, authType, engine);
	}

	@Override
	public X509Certificate[] getAcceptedIssuers() {
		return this.delegate.getAcceptedIssuers();
	}

}
