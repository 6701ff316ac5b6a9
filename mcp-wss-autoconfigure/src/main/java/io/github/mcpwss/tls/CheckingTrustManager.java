package io.github.mcpwss.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Base of trust managers that check by way of one of the JDK and remember the chain that
 * was refused.
 */
abstract class CheckingTrustManager extends X509ExtendedTrustManager {

	/**
	 * Return the trust manager that checks a chain.
	 * @param chain the chain
	 * @return the trust manager
	 */
	protected abstract X509ExtendedTrustManager delegate(X509Certificate[] chain);

	/**
	 * Check what the delegate does not.
	 * @param chain the chain
	 * @throws CertificateException if the chain is refused
	 */
	protected void checkFurther(X509Certificate[] chain) throws CertificateException {
	}

	@Override
	public final void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
		check(chain, (trustManager) -> trustManager.checkClientTrusted(chain, authType));
	}

	@Override
	public final void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
			throws CertificateException {
		check(chain, (trustManager) -> trustManager.checkClientTrusted(chain, authType, socket));
	}

	@Override
	public final void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
			throws CertificateException {
		check(chain, (trustManager) -> trustManager.checkClientTrusted(chain, authType, engine));
	}

	@Override
	public final void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
		check(chain, (trustManager) -> trustManager.checkServerTrusted(chain, authType));
	}

	@Override
	public final void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
			throws CertificateException {
		check(chain, (trustManager) -> trustManager.checkServerTrusted(chain, authType, socket));
	}

	@Override
	public final void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
			throws CertificateException {
		check(chain, (trustManager) -> trustManager.checkServerTrusted(chain, authType, engine));
	}

	private void check(X509Certificate[] chain, Check check) throws CertificateException {
		if (chain == null || chain.length == 0) {
			throw new IllegalArgumentException("'chain' must not be empty");
		}
		try {
			check.run(delegate(chain));
			checkFurther(chain);
		}
		catch (CertificateException ex) {
			throw new CertificateRefusedException(chain, ex);
		}
	}

	private interface Check {

		void run(X509ExtendedTrustManager trustManager) throws CertificateException;

	}

}
