package io.github.mcpwss.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;

import javax.security.auth.x500.X500Principal;

/**
 * Words for what a peer's certificate says. The peer chose them, so that control
 * characters are replaced and lengths are limited.
 */
final class PeerNames {

	private static final int MAX_NAMES = 10;

	private static final int MAX_LENGTH = 200;

	private static final int DNS_NAME = 2;

	private static final int IP_ADDRESS = 7;

	private PeerNames() {
	}

	static String of(X500Principal name) {
		return clean(name.getName(X500Principal.RFC2253));
	}

	/**
	 * Return the host names and addresses that a certificate is for.
	 * @param certificate the certificate
	 * @return the names, separated by commas, or an empty text
	 */
	static String hosts(X509Certificate certificate) {
		List<String> names = new ArrayList<>();
		try {
			Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
			if (alternatives != null) {
				alternatives.stream()
					.filter(PeerNames::isHost)
					.forEach((alternative) -> names.add(clean(String.valueOf(alternative.get(1)))));
			}
		}
		catch (CertificateParsingException ex) {
			return "";
		}
		if (names.size() > MAX_NAMES) {
			return String.join(", ", names.subList(0, MAX_NAMES)) + " and " + (names.size() - MAX_NAMES) + " more";
		}
		return String.join(", ", names);
	}

	private static boolean isHost(List<?> alternative) {
		return alternative.get(0) instanceof Integer type && (type == DNS_NAME || type == IP_ADDRESS);
	}

	static String date(Date date) {
		return date.toInstant().atOffset(ZoneOffset.UTC).toLocalDate().toString();
	}

	static String clean(String text) {
		String limited = (text.length() > MAX_LENGTH) ? text.substring(0, MAX_LENGTH) + "..." : text;
		return limited.replaceAll("\\p{C}", "?");
	}

}
