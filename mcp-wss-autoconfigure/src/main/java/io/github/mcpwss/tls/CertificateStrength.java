package io.github.mcpwss.tls;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PSSParameterSpec;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What keys and signatures have to be like: no MD5 and no SHA-1, RSA of 2048 bits or
 * more, elliptic curves of 256 bits or more, no DSA. The JDK knows some of these rules
 * for public authorities only.
 */
final class CertificateStrength {

	private static final int MIN_RSA_BITS = 2048;

	private static final int MIN_EC_BITS = 256;

	private static final Pattern WEAK_DIGEST = Pattern.compile("(MD\\d|SHA-?1$|SHA-?1WITH).*");

	private CertificateStrength() {
	}

	/**
	 * Find what is weak about the signature of a certificate.
	 * @param certificate the certificate
	 * @return a predicate, or empty if the signature is good
	 */
	static Optional<String> weakSignature(X509Certificate certificate) {
		String algorithm = signatureAlgorithm(certificate);
		return WEAK_DIGEST.matcher(algorithm.toUpperCase(Locale.ROOT)).matches()
				? Optional.of("is signed with " + PeerNames.clean(algorithm) + ", and MD5 and SHA-1 are too weak")
				: Optional.empty();
	}

	/**
	 * Find what is weak about the key of a certificate.
	 * @param certificate the certificate
	 * @return a predicate, or empty if the key is good
	 */
	static Optional<String> weakKey(X509Certificate certificate) {
		PublicKey key = certificate.getPublicKey();
		if (key instanceof RSAPublicKey rsa) {
			return weakKey("RSA", rsa.getModulus().bitLength(), MIN_RSA_BITS);
		}
		if (key instanceof ECPublicKey ec) {
			return weakKey("EC", ec.getParams().getOrder().bitLength(), MIN_EC_BITS);
		}
		return (key instanceof EdECPublicKey) ? Optional.empty() : Optional.of("has a key of algorithm "
				+ PeerNames.clean(key.getAlgorithm()) + ", and only RSA, EC and EdDSA are accepted");
	}

	private static Optional<String> weakKey(String algorithm, int bits, int minimum) {
		return (bits < minimum)
				? Optional.of("has an %s key of %d bits, and %d are the least".formatted(algorithm, bits, minimum))
				: Optional.empty();
	}

	/**
	 * Return the signature algorithm with the digest that it uses, which the name alone
	 * does not tell for RSASSA-PSS.
	 * @param certificate the certificate
	 * @return the algorithm
	 */
	static String signatureAlgorithm(X509Certificate certificate) {
		String name = certificate.getSigAlgName();
		return "RSASSA-PSS".equalsIgnoreCase(name) ? digestOfPss(certificate) + "withRSASSA-PSS" : name;
	}

	private static String digestOfPss(X509Certificate certificate) {
		byte[] encoded = certificate.getSigAlgParams();
		if (encoded == null) {
			// the default of RFC 4055
			return "SHA1";
		}
		try {
			AlgorithmParameters parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
			parameters.init(encoded);
			return parameters.getParameterSpec(PSSParameterSpec.class)
				.getDigestAlgorithm()
				.replaceFirst("^SHA-", "SHA");
		}
		catch (GeneralSecurityException | IOException ex) {
			return "SHA1";
		}
	}

}
