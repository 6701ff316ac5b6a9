package io.github.mcpwss.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.stream.Stream;

import javax.net.ssl.KeyManager;
import javax.net.ssl.X509KeyManager;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslManagerBundle;

/**
 * Looks at the keys that are used in handshakes. Spring Boot verifies files of keys and
 * certificates, and reads them again when they are used: what is replaced in between
 * could be half of one pair and half of the next.
 */
public final class PresentedKeys {

	private static final String[] ALGORITHMS = { "RSA", "RSASSA-PSS", "EC", "EdDSA", "DSA" };

	private PresentedKeys() {
	}

	/**
	 * Refuse keys of other certificates.
	 * @param managers what presents certificates
	 * @throws IllegalStateException if a key does not belong to its certificate
	 */
	public static void requireMatch(SslManagerBundle managers) {
		for (KeyManager manager : managers.getKeyManagers()) {
			if (manager instanceof X509KeyManager keyManager) {
				for (String algorithm : ALGORITHMS) {
					aliases(keyManager, algorithm).forEach((alias) -> requireMatch(keyManager, alias));
				}
			}
		}
	}

	private static Stream<String> aliases(X509KeyManager keyManager, String algorithm) {
		return Stream.concat(stream(keyManager.getServerAliases(algorithm, null)),
				stream(keyManager.getClientAliases(algorithm, null)));
	}

	private static Stream<String> stream(String @Nullable [] aliases) {
		return (aliases != null) ? Stream.of(aliases) : Stream.empty();
	}

	private static void requireMatch(X509KeyManager keyManager, String alias) {
		PrivateKey privateKey = keyManager.getPrivateKey(alias);
		X509Certificate[] chain = keyManager.getCertificateChain(alias);
		// Keys of hardware have no encoded form, and not every signature at hand.
		if (privateKey != null && privateKey.getEncoded() != null && chain != null && chain.length > 0
				&& !KeyMatch.matches(privateKey, chain[0])) {
			throw new IllegalStateException("The private key does not belong to the certificate %s"
				.formatted(chain[0].getSubjectX500Principal()));
		}
	}

}
