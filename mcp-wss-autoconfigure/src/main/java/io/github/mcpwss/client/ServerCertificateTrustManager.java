package io.github.mcpwss.client;

import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Set;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

import io.github.mcpwss.tls.DelegatingTrustManager;
import io.netty.handler.ssl.OpenSslCertificateException;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslManagerBundle;

/**
 * Has Netty's engine for OpenSSL and BoringSSL tell a server that it is its certificate
 * that is refused: where Netty does not know the reason, the alert would be
 * {@code internal_error}.
 */
final class ServerCertificateTrustManager extends DelegatingTrustManager {

	/**
	 * X509_V_ERR_CERT_REJECTED, for which the alert is {@code bad_certificate}.
	 */
	private static final int CERTIFICATE_REJECTED = 28;

	private static final Set<CertPathValidatorException.Reason> ALERTS = Set.of(BasicReason.EXPIRED,
			BasicReason.NOT_YET_VALID, BasicReason.REVOKED);

	private ServerCertificateTrustManager(X509ExtendedTrustManager delegate) {
		super(delegate);
	}

	/**
	 * Apply it to a bundle.
	 * @param bundle the bundle
	 * @return a bundle with the same content
	 */
	static SslBundle apply(SslBundle bundle) {
		for (TrustManager trustManager : bundle.getManagers().getTrustManagers()) {
			if (trustManager instanceof X509ExtendedTrustManager extended) {
				SslManagerBundle managers = SslManagerBundle.of(bundle.getManagers().getKeyManagerFactory(),
						SslManagerBundle.from(new ServerCertificateTrustManager(extended)).getTrustManagerFactory());
				return SslBundle.of(bundle.getStores(), bundle.getKey(), bundle.getOptions(), bundle.getProtocol(),
						managers);
			}
		}
		return bundle;
	}

	private static boolean hasAlert(CertificateException refusal) {
		for (Throwable cause = refusal.getCause(); cause != null; cause = cause.getCause()) {
			if (cause instanceof CertPathValidatorException invalid && ALERTS.contains(invalid.getReason())) {
				return true;
			}
		}
		return false;
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
			throws CertificateException {
		try {
			super.checkServerTrusted(chain, authType, engine);
		}
		catch (CertificateException ex) {
			throw (engine instanceof ReferenceCountedOpenSslEngine && !hasAlert(ex))
					? new OpenSslCertificateException(ex.getMessage(), ex, CERTIFICATE_REJECTED) : ex;
		}
	}

}
