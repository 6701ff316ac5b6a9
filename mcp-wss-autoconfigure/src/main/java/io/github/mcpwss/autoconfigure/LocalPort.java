package io.github.mcpwss.autoconfigure;

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Placeholders such as <code>${local.server.port}</code> in the URL of a named
 * connection, which are resolved when the beans of the connection are made: a port is
 * known only when its server listens.
 */
final class LocalPort {

	private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{local\\.[A-Za-z0-9.-]+}");

	private LocalPort() {
	}

	static boolean isIn(@Nullable String url) {
		return url != null && PLACEHOLDER.matcher(url).find();
	}

	/**
	 * Return a URL as it may be when the port is known.
	 * @param url the URL
	 * @return the URL with some port
	 */
	static String replaceIn(String url) {
		return PLACEHOLDER.matcher(url).replaceAll("1");
	}

}
