package io.github.mcpwss.tls;

import java.util.Optional;

/**
 * Formats that are often found where PEM is wanted.
 */
enum BinaryFormat {

	/**
	 * The binary form of what PEM holds.
	 */
	DER,

	/**
	 * A PKCS#12 key store.
	 */
	PKCS12,

	/**
	 * A key store of Java's own format.
	 */
	JKS,

	/**
	 * Text in UTF-16, as some Windows editors and shells write it.
	 */
	UTF16;

	static Optional<BinaryFormat> of(String content) {
		if (content.startsWith("\u00FE\u00ED\u00FE\u00ED")) {
			return Optional.of(JKS);
		}
		if (content.startsWith("\u00FF\u00FE") || content.startsWith("\u00FE\u00FF")) {
			return Optional.of(UTF16);
		}
		if (!isDer(content)) {
			return Optional.empty();
		}
		if (content.startsWith("\u0002\u0001\u0003", headerLength(content))) {
			return Optional.of(PKCS12);
		}
		return Optional.of(DER);
	}

	private static boolean isDer(String content) {
		if (content.length() < 2 || content.charAt(0) != 0x30) {
			return false;
		}
		char length = content.charAt(1);
		return (length >= 0x80 && length <= 0x84) || length == content.length() - 2;
	}

	private static int headerLength(String content) {
		char length = content.charAt(1);
		return (length < 0x80) ? 2 : 2 + (length - 0x80);
	}

	PemProblem problem(PemSource source) {
		String file = source.shellWord();
		return switch (this) {
			case DER -> new PemProblem("the content is DER (binary), not PEM", derAction(source));
			case PKCS12 -> new PemProblem("the content is a PKCS#12 key store, not PEM",
					"Convert it with 'openssl pkcs12 -in " + file + " " + pkcs12Options(source) + "'.");
			case JKS -> new PemProblem("the content is a Java key store (JKS), not PEM",
					"Convert it with 'keytool -importkeystore -srckeystore " + file
							+ " -destkeystore store.p12 -deststoretype pkcs12' and then with 'openssl pkcs12 -in store.p12 "
							+ pkcs12Options(source) + "'.");
			case UTF16 -> new PemProblem("the content is UTF-16 text, not PEM",
					"Save it as ASCII or UTF-8, for example with 'iconv -f UTF-16 -t UTF-8 " + file + "'.");
		};
	}

	private static String derAction(PemSource source) {
		return (source.type() == PemType.CERTIFICATE)
				? "Convert it with 'openssl x509 -inform der -in " + source.shellWord() + " -out certificate.pem'."
				: "Convert it with 'openssl pkey -inform der -in " + source.shellWord() + " -out key.pem'.";
	}

	private static String pkcs12Options(PemSource source) {
		return (source.type() == PemType.CERTIFICATE) ? "-nokeys -out certificate.pem" : "-nocerts -out key.pem";
	}

}
