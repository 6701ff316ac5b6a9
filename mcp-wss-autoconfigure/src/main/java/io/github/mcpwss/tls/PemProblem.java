package io.github.mcpwss.tls;

import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.regex.Pattern;

/**
 * Why PEM content cannot be used, and what to do about it.
 *
 * @param description what is wrong
 * @param action what to do
 */
record PemProblem(String description, String action) {

	private static final Pattern BEGIN = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----");

	private static final Pattern END = Pattern.compile("-----END ([A-Z0-9 ]+)-----");

	/**
	 * Diagnose content that could not be parsed.
	 * @param source the content
	 * @param hasPassword if there is a password for the private key
	 * @param failure what the parser threw
	 * @return the problem
	 */
	static PemProblem of(PemSource source, boolean hasPassword, Throwable failure) {
		String content = source.content();
		if (content.isBlank()) {
			return new PemProblem("the file is empty", "Write the " + source.type() + " in PEM form to it.");
		}
		if (count(BEGIN, content) == 0) {
			return BinaryFormat.of(content).map((format) -> format.problem(source)).orElseGet(() -> noHeader(source));
		}
		if (isCutOff(content)) {
			return cutOff();
		}
		return (source.type() == PemType.CERTIFICATE) ? certificate(source) : privateKey(source, hasPassword, failure);
	}

	/**
	 * Return if a block has a beginning and no end.
	 * @param content the content
	 * @return if the content is cut off
	 */
	static boolean isCutOff(String content) {
		return count(BEGIN, content) > count(END, content);
	}

	static PemProblem cutOff() {
		return new PemProblem("the content is cut off: a BEGIN line has no END line",
				"Copy the whole file again, from its first BEGIN to its last END line.");
	}

	static PemProblem damaged(PemSource source) {
		String command = (source.type() == PemType.CERTIFICATE) ? "openssl x509 -noout -text -in "
				: "openssl pkey -noout -in ";
		return new PemProblem("the content between BEGIN and END is damaged or not a " + source.type(),
				"Copy the file again or have it issued again; '" + command + source.shellWord() + "' checks it.");
	}

	static PemProblem noAuthority(X509Certificate certificate) {
		return new PemProblem(
				"the file holds no certificate of an authority: that of %s was issued by %s and may not issue others"
					.formatted(PeerNames.of(certificate.getSubjectX500Principal()),
							PeerNames.of(certificate.getIssuerX500Principal())),
				"Point the property to the certificate of the issuer.");
	}

	static PemProblem noRevocationList(PemSource source) {
		if (source.content().isBlank()) {
			return new PemProblem("the file is empty", "Write the revocation list in PEM or DER form to it.");
		}
		return isCutOff(source.content()) ? cutOff()
				: new PemProblem("the file holds no revocation list in PEM or DER form, or a damaged one",
						"Copy it again from its authority; 'openssl crl -noout -text -in %s' checks one in PEM form."
							.formatted(source.shellWord()));
	}

	private static PemProblem noHeader(PemSource source) {
		return new PemProblem("the content is not PEM: there is no line '" + source.type().header() + "'",
				"Point the property to a file that holds the " + source.type() + " in PEM form.");
	}

	private static PemProblem certificate(PemSource source) {
		String content = source.content();
		if (content.contains("CERTIFICATE REQUEST-----")) {
			return new PemProblem("the file holds a certificate signing request, not a certificate",
					"Have a certificate authority sign the request and use the certificate that it returns.");
		}
		if (content.contains("BEGIN PKCS7-----")) {
			String file = source.shellWord();
			return new PemProblem("the file holds a PKCS#7 bundle, not certificates in PEM form",
					"Convert it with 'openssl pkcs7 -print_certs -in " + file + " -out certificates.pem'.");
		}
		if (!content.contains("CERTIFICATE-----")) {
			return wrongBlock(source);
		}
		return damaged(source);
	}

	private static PemProblem privateKey(PemSource source, boolean hasPassword, Throwable failure) {
		String content = source.content();
		String file = source.shellWord();
		if (content.contains("Proc-Type: 4,ENCRYPTED")) {
			return new PemProblem("the private key is encrypted in OpenSSL's legacy form (Proc-Type: 4,ENCRYPTED)",
					"Convert it with 'openssl pkcs8 -topk8 -v2 aes-256-cbc -in " + file + " -out key-pkcs8.pem'.");
		}
		if (content.contains("BEGIN OPENSSH PRIVATE KEY-----")) {
			return new PemProblem("the private key is in OpenSSH's own form",
					"Convert a copy of it with 'ssh-keygen -p -m PKCS8 -f " + file + "'.");
		}
		if (content.contains("BEGIN ENCRYPTED PRIVATE KEY-----")) {
			return encrypted(source, hasPassword, failure);
		}
		if (!content.contains("PRIVATE KEY-----")) {
			return wrongBlock(source);
		}
		return damaged(source);
	}

	private static PemProblem encrypted(PemSource source, boolean hasPassword, Throwable failure) {
		String passwordProperty = source.property().replaceFirst("-path$", "-password");
		if (!hasPassword) {
			return new PemProblem("the private key is encrypted and there is no password for it",
					"Set " + passwordProperty + ".");
		}
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof NoSuchAlgorithmException) {
				return new PemProblem("the private key is encrypted in a way that this JVM does not know",
						"Encrypt it anew with 'openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256 -in "
								+ source.shellWord() + " -out key-pkcs8.pem'.");
			}
		}
		return new PemProblem("the private key cannot be decrypted: wrong password or damaged file",
				"Correct " + passwordProperty + "; 'openssl pkey -noout -in " + source.shellWord()
						+ "' tells if a password is right.");
	}

	private static PemProblem wrongBlock(PemSource source) {
		String found = BEGIN.matcher(source.content())
			.results()
			.map((result) -> result.group(1))
			.findFirst()
			.orElse("");
		return new PemProblem("the file holds a '" + found + "' and no " + source.type(),
				"Point the property to the file with the " + source.type()
						+ "; are the certificate and the key exchanged?");
	}

	private static long count(Pattern pattern, String content) {
		return pattern.matcher(content).results().count();
	}

}
