package io.github.mcpwss.tls;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a certificate is known by: the SHA-256 of its public key, or of all of it.
 *
 * @param subject what is hashed
 * @param sha256 the hash in Base64
 */
public record CertificatePin(Subject subject, String sha256) {

	private static final int LENGTH = 32;

	private static final Pattern FINGERPRINT = Pattern.compile("(?i)(sha256:)?[0-9a-f]{2}(:?[0-9a-f]{2}){31}");

	/**
	 * Parse a pin: {@code sha256/BASE64} of the public key (its SubjectPublicKeyInfo),
	 * {@code sha256-cert/BASE64} of the certificate, or the certificate's fingerprint in
	 * hexadecimal digits with or without colons.
	 * @param text the pin
	 * @return the pin
	 * @throws IllegalArgumentException if it is none of these
	 */
	public static CertificatePin parse(String text) {
		String pin = text.trim();
		for (Subject subject : Subject.values()) {
			if (pin.startsWith(subject.prefix)) {
				return new CertificatePin(subject, encode(decode(pin.substring(subject.prefix.length()))));
			}
		}
		if (FINGERPRINT.matcher(pin).matches()) {
			String digits = pin.toLowerCase(Locale.ROOT).replaceFirst("^sha256:", "").replace(":", "");
			return new CertificatePin(Subject.CERTIFICATE, encode(HexFormat.of().parseHex(digits)));
		}
		throw new IllegalArgumentException("it does not begin with sha256/ or sha256-cert/");
	}

	private static byte[] decode(String base64) {
		byte[] hash;
		try {
			hash = Base64.getDecoder().decode(base64);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("what follows the slash is not Base64", ex);
		}
		if (hash.length != LENGTH) {
			throw new IllegalArgumentException(
					"what follows the slash has %d bytes, and a SHA-256 has %d".formatted(hash.length, LENGTH));
		}
		return hash;
	}

	/**
	 * Return the pin of a certificate's public key.
	 * @param certificate the certificate
	 * @return the pin
	 */
	public static CertificatePin ofPublicKey(X509Certificate certificate) {
		return new CertificatePin(Subject.PUBLIC_KEY, sha256(certificate.getPublicKey().getEncoded()));
	}

	/**
	 * Return the pin of a certificate.
	 * @param certificate the certificate
	 * @return the pin
	 */
	public static CertificatePin ofCertificate(X509Certificate certificate) {
		try {
			return new CertificatePin(Subject.CERTIFICATE, sha256(certificate.getEncoded()));
		}
		catch (CertificateEncodingException ex) {
			throw new IllegalArgumentException("The certificate cannot be encoded", ex);
		}
	}

	/**
	 * Return whether a certificate is the one that is known.
	 * @param certificate the certificate
	 * @return whether it is
	 */
	public boolean matches(X509Certificate certificate) {
		return equals((this.subject == Subject.PUBLIC_KEY) ? ofPublicKey(certificate) : ofCertificate(certificate));
	}

	private static String sha256(byte[] encoded) {
		try {
			return encode(MessageDigest.getInstance("SHA-256").digest(encoded));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Unable to hash", ex);
		}
	}

	private static String encode(byte[] hash) {
		return Base64.getEncoder().encodeToString(hash);
	}

	@Override
	public String toString() {
		return this.subject.prefix + this.sha256;
	}

	/**
	 * What is hashed.
	 */
	public enum Subject {

		/**
		 * The public key, which a renewed certificate may keep.
		 */
		PUBLIC_KEY("sha256/"),

		/**
		 * The certificate.
		 */
		CERTIFICATE("sha256-cert/");

		private final String prefix;

		Subject(String prefix) {
			this.prefix = prefix;
		}

	}

}
