package io.github.mcpwss.tls;

import java.net.IDN;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A host as a certificate has to name it (RFC 9525): among its subject alternative names,
 * a wildcard being the whole leftmost label or none, above two others at least. The JDK
 * also reads the subject's common name, and takes wildcards anywhere.
 */
final class StrictHostName {

	private static final int DNS_NAME = 2;

	private static final int IP_ADDRESS = 7;

	private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

	private static final Pattern NUMBER_AT_END = Pattern.compile("(^|\\.)(\\d+|0x[0-9a-f]*)$");

	private final String host;

	private StrictHostName(String host) {
		this.host = host;
	}

	static StrictHostName of(String host) {
		String name = host;
		if (name.startsWith("[") && name.endsWith("]")) {
			name = name.substring(1, name.length() - 1);
		}
		int zone = name.indexOf('%');
		return new StrictHostName((zone >= 0) ? name.substring(0, zone) : name);
	}

	boolean isNamedBy(X509Certificate certificate) {
		try {
			Collection<List<?>> names = certificate.getSubjectAlternativeNames();
			return names != null && names.stream().anyMatch(this::matches);
		}
		catch (CertificateParsingException ex) {
			return false;
		}
	}

	private boolean matches(List<?> name) {
		if (!(name.get(0) instanceof Integer type) || !(name.get(1) instanceof String value)) {
			return false;
		}
		if (isAddress(this.host)) {
			return type == IP_ADDRESS && isAddress(value) && address(this.host).equals(address(value));
		}
		return type == DNS_NAME && matches(normalize(this.host), value.toLowerCase(Locale.ROOT));
	}

	private static boolean matches(String host, String pattern) {
		if (!pattern.contains("*")) {
			return !host.isEmpty() && host.equals(pattern);
		}
		String domain = pattern.substring(1);
		int firstDot = host.indexOf('.');
		return pattern.startsWith("*.") && !domain.contains("*") && domain.indexOf('.', 1) > 0 && firstDot > 0
				&& host.substring(firstDot).equals(domain);
	}

	private static String normalize(String host) {
		String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
		try {
			String ascii = IDN.toASCII(name).toLowerCase(Locale.ROOT);
			// An address, as some resolvers read it, is none of the DNS.
			return NUMBER_AT_END.matcher(ascii).find() ? "" : ascii;
		}
		catch (IllegalArgumentException ex) {
			return "";
		}
	}

	static boolean isAddress(String host) {
		return IPV4.matcher(host).matches() || host.contains(":");
	}

	private static InetAddress address(String literal) {
		try {
			return InetAddress.getByName(literal);
		}
		catch (UnknownHostException ex) {
			throw new IllegalArgumentException("Not an address: " + literal, ex);
		}
	}

	@Override
	public String toString() {
		return this.host;
	}

}
