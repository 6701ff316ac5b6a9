package io.github.mcpwss.server.reactive;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

import io.netty.handler.ssl.ResumableX509ExtendedTrustManager;

/**
 * Has Netty verify the certificate of a peer that resumes a session as well, where
 * another trust manager verifies it in full handshakes alone.
 */
public final class ResumptionVerifyingTrustManager extends X509ExtendedTrustManager
		implements ResumableX509ExtendedTrustManager {

	private static final String UNKNOWN = "UNKNOWN";

	private final X509ExtendedTrustManager delegate;

	/**
	 * Create a new trust manager.
	 * @param delegate verifies the certificates
	 */
	public ResumptionVerifyingTrustManager(X509ExtendedTrustManager delegate) {
		this.delegate = delegate;
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
		this.delegate.checkClientTrusted(chain, authType, engine);
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
