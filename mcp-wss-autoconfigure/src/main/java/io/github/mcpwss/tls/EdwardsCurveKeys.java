package io.github.mcpwss.tls;

import java.security.cert.X509Certificate;
import java.util.stream.Stream;

import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;

import org.springframework.boot.ssl.SslManagerBundle;

/**
 * Tells where keys of Edwards curves (Ed25519 and Ed448) play a role, whose signatures
 * not every implementation of TLS verifies.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8446#section-4.2.3">RFC 8446, 4.2.3</a>
 */
public final class EdwardsCurveKeys {

	private static final String ALGORITHM = "EdDSA";

	private EdwardsCurveKeys() {
	}

	/**
	 * Return whether such a key is presented, or an authority is trusted that has one:
	 * what it issues is likely to have one, too.
	 * @param managers what presents and trusts
	 * @return whether one of them has such a key
	 */
	public static boolean areIn(SslManagerBundle managers) {
		return Stream.of(managers.getKeyManagers())
			.anyMatch((manager) -> manager instanceof X509KeyManager keyManager && isPresentedBy(keyManager))
				|| Stream.of(managers.getTrustManagers())
					.anyMatch(
							(manager) -> manager instanceof X509TrustManager trustManager && isTrustedBy(trustManager));
	}

	/**
	 * Return whether the peer has presented such a key.
	 * @param session the TLS session
	 * @return {@code false} also where it has presented none
	 */
	public static boolean isPresentedIn(SSLSession session) {
		try {
			return ALGORITHM.equals(session.getPeerCertificates()[0].getPublicKey().getAlgorithm());
		}
		catch (SSLPeerUnverifiedException ex) {
			return false;
		}
	}

	private static boolean isPresentedBy(X509KeyManager keyManager) {
		return keyManager.getServerAliases(ALGORITHM, null) != null
				|| keyManager.getClientAliases(ALGORITHM, null) != null;
	}

	private static boolean isTrustedBy(X509TrustManager trustManager) {
		return Stream.of(trustManager.getAcceptedIssuers())
			.map(X509Certificate::getPublicKey)
			.anyMatch((key) -> ALGORITHM.equals(key.getAlgorithm()));
	}

}
