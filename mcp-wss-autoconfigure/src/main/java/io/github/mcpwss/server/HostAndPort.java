package io.github.mcpwss.server;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * A host as the {@code Host} header names it.
 *
 * @param host the name or address in lower case, an IPv6 address in brackets
 * @param port the port, or -1 for none
 */
record HostAndPort(String host, int port) {

	private static final Pattern PATTERN = Pattern
		.compile("(\\[[0-9a-f:.]{2,45}]|[0-9a-z_-][0-9a-z._-]{0,252}?)\\.?(?::(\\d{1,5}))?");

	static @Nullable HostAndPort parse(String text) {
		Matcher matcher = PATTERN.matcher(text.toLowerCase(Locale.ROOT));
		if (!matcher.matches()) {
			return null;
		}
		String port = matcher.group(2);
		return new HostAndPort(matcher.group(1), (port != null) ? Integer.parseInt(port) : -1);
	}

	/**
	 * Return the port that is meant.
	 * @param scheme the scheme of the request
	 * @return the port, that of the scheme where none is named
	 */
	int portOrDefault(String scheme) {
		return (this.port != -1) ? this.port : defaultPort(scheme);
	}

	static int defaultPort(String scheme) {
		return switch (scheme.toLowerCase(Locale.ROOT)) {
			case "https", "wss" -> 443;
			case "http", "ws" -> 80;
			default -> -1;
		};
	}

}
