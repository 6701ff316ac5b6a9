package io.github.mcpwss.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.function.Supplier;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

import io.github.mcpwss.tls.PeerChain.Role;
import io.github.mcpwss.tls.TlsFailure.Reason;

/**
 * Base of trust managers that check by way of one of the JDK and remember the chain that
 * was refused.
 */
abstract class CheckingTrustManager extends X509ExtendedTrustManager {

	/**
	 * The number of ways through certificates that issue one another grows much faster
	 * than theirs. The JDK has the same limit for its own TLS.
	 */
	private static final int MAX_LENGTH = 10;

	/**
	 * Return the trust manager that checks a chain.
	 * @param chain the chain
	 * @return the trust manager
	 */
	protected abstract X509ExtendedTrustManager delegate(X509Certificate[] chain);

	/**
	 * Check what the delegate does not.
	 * @param peer the chain
	 * @throws CertificateException if the chain is refused
	 */
	protected abstract void checkFurther(PeerChain peer) throws CertificateException;

	@Override
	public final void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
		check(chain, (trustManager) -> trustManager.checkClientTrusted(chain, authType),
				() -> PeerChain.of(chain, Role.CLIENT));
	}

	@Override
	public final void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
			throws CertificateException {
		check(chain, (trustManager) -> trustManager.checkClientTrusted(chain, authType, socket),
				() -> PeerChain.of(chain, Role.CLIENT, socket));
	}

	@Override
	public final void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
			throws CertificateException {
		check(chain, (trustManager) -> trustManager.checkClientTrusted(chain, authType, engine),
				() -> PeerChain.of(chain, Role.CLIENT, engine));
	}

	@Override
	public final void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
		check(chain, (trustManager) -> trustManager.checkServerTrusted(chain, authType),
				() -> PeerChain.of(chain, Role.SERVER));
	}

	@Override
	public final void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
			throws CertificateException {
		check(chain, (trustManager) -> trustManager.checkServerTrusted(chain, authType, socket),
				() -> PeerChain.of(chain, Role.SERVER, socket));
	}

	@Override
	public final void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
			throws CertificateException {
		check(chain, (trustManager) -> trustManager.checkServerTrusted(chain, authType, engine),
				() -> PeerChain.of(chain, Role.SERVER, engine));
	}

	private void check(X509Certificate[] chain, Check check, Supplier<PeerChain> peer) throws CertificateException {
		if (chain == null || chain.length == 0) {
			throw new IllegalArgumentException("'chain' must not be empty");
		}
		try {
			checkLength(chain);
			runDelegate(chain, check, peer);
			checkFurther(peer.get());
		}
		catch (CertificateRefusedException ex) {
			throw ex;
		}
		catch (CertificateException ex) {
			throw new CertificateRefusedException(chain, ex);
		}
	}

	private static void checkLength(X509Certificate[] chain) throws CertificateException {
		if (chain.length > MAX_LENGTH) {
			throw new CertificateRuleException(Reason.OTHER, null,
					"comes with %d others, and %d are the most".formatted(chain.length - 1, MAX_LENGTH - 1));
		}
	}

	private void runDelegate(X509Certificate[] chain, Check check, Supplier<PeerChain> peer)
			throws CertificateException {
		try {
			check.run(delegate(chain));
		}
		catch (CertificateException ex) {
			if (CertificateRefusal.isHostNameMismatch(ex)) {
				// which knows the name that is looked for
				checkFurther(peer.get());
			}
			throw ex;
		}
	}

	private interface Check {

		void run(X509ExtendedTrustManager trustManager) throws CertificateException;

	}

}
