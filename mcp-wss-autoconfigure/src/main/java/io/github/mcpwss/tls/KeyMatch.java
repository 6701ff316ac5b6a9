package io.github.mcpwss.tls;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.util.List;

/**
 * Tells which certificate a private key belongs to.
 */
final class KeyMatch {

	private KeyMatch() {
	}

	static boolean matches(PrivateKey privateKey, X509Certificate certificate) {
		return matches(privateKey, certificate.getPublicKey());
	}

	static boolean matchesAny(PrivateKey privateKey, List<X509Certificate> certificates) {
		return certificates.stream().anyMatch((certificate) -> matches(privateKey, certificate));
	}

	private static boolean matches(PrivateKey privateKey, PublicKey publicKey) {
		if (privateKey instanceof RSAKey rsaPrivateKey && publicKey instanceof RSAKey rsaPublicKey) {
			return rsaPrivateKey.getModulus().equals(rsaPublicKey.getModulus());
		}
		try {
			byte[] data = "mcp-wss".getBytes(StandardCharsets.US_ASCII);
			Signature signature = Signature.getInstance(signatureAlgorithm(privateKey));
			signature.initSign(privateKey);
			signature.update(data);
			byte[] signed = signature.sign();
			signature.initVerify(publicKey);
			signature.update(data);
			return signature.verify(signed);
		}
		catch (GeneralSecurityException ex) {
			return false;
		}
	}

	private static String signatureAlgorithm(PrivateKey privateKey) {
		return switch (privateKey.getAlgorithm()) {
			case "EC" -> "SHA256withECDSA";
			case "DSA" -> "SHA256withDSA";
			default -> privateKey.getAlgorithm();
		};
	}

}
