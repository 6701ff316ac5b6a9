package io.github.mcpwss.autoconfigure;

import java.net.URI;
import java.net.URISyntaxException;

import org.springframework.util.Assert;

/**
 * The URL that a client connects to, or a server of its own listens on.
 */
final class ServerUrl {

	private static final String URL = McpWebSocketProperties.PREFIX + ".url";

	private static final String PATH = McpWebSocketProperties.PREFIX + ".path";

	private static final String USE_TLS = McpWebSocketProperties.PREFIX + ".use-tls";

	private static final String OFFLOADED = McpWebSocketProperties.Tls.PREFIX + ".offloaded";

	private ServerUrl() {
	}

	static URI get(McpWebSocketProperties properties) {
		String url = properties.url();
		Assert.state(url != null, "'url' must not be null");
		URI uri = get(url, properties);
		if (uri.getPort() == 0) {
			throw refusedPort(uri);
		}
		return uri;
	}

	/**
	 * Return a URL with a path.
	 * @param url the URL, with a scheme
	 * @param properties the properties
	 * @return the URL, whose port may be 0
	 */
	static URI get(String url, McpWebSocketProperties properties) {
		URI uri = parse(url);
		checkScheme(uri, properties);
		checkParts(uri);
		if (uri.getRawPath() == null || uri.getRawPath().isEmpty()) {
			return withPath(uri, (properties.path() != null) ? properties.path() : Defaults.PATH);
		}
		if (properties.path() != null && !properties.path().equals(uri.getRawPath())) {
			throw refused("has the path '%s', and %s is '%s'".formatted(uri.getRawPath(), PATH, properties.path()),
					"Remove %s, or the path from %s.".formatted(PATH, URL));
		}
		return uri;
	}

	private static URI parse(String url) {
		try {
			return new URI(url);
		}
		catch (URISyntaxException ex) {
			// the exception's message holds the URL, which may hold a password
			throw refused("is malformed at position %d: %s".formatted(ex.getIndex(), ex.getReason()),
					"Use a URL such as wss://host:8443/mcp.");
		}
	}

	private static void checkScheme(URI uri, McpWebSocketProperties properties) {
		boolean secure = "wss".equalsIgnoreCase(uri.getScheme());
		if (!secure && !"ws".equalsIgnoreCase(uri.getScheme())) {
			throw refused("does not start with wss:// or ws://", "Use a URL such as wss://host:8443/mcp.");
		}
		if (secure && !properties.isTls()) {
			throw refused("starts with wss://, and %s is false".formatted(USE_TLS),
					"Remove %s, or use a ws:// URL for a connection without TLS.".formatted(USE_TLS));
		}
		if (secure && properties.tls().isOffloaded()) {
			throw refused("starts with wss://, and %s is true".formatted(OFFLOADED),
					"Remove %s, or use a ws:// URL for a server behind a proxy that ends TLS.".formatted(OFFLOADED));
		}
		if (!secure && properties.isTls() && !properties.tls().isOffloaded()) {
			throw refused(
					"starts with ws://, and %s is %s".formatted(USE_TLS,
							(properties.useTls() != null) ? "true" : "not false"),
					"Use a wss:// URL, or set %s to false for a connection without TLS.".formatted(USE_TLS));
		}
	}

	private static void checkParts(URI uri) {
		if (uri.getRawUserInfo() != null) {
			throw refused("holds user info, which is not sent",
					"Remove what is before the '@', and set %s.headers.Authorization."
						.formatted(McpWebSocketProperties.PREFIX));
		}
		if (uri.getHost() == null) {
			throw refused("has no valid host",
					"Use a URL such as wss://host:8443/mcp; a host name has no underscores.");
		}
		if (uri.getPort() > 65535) {
			throw refusedPort(uri);
		}
		if (uri.getRawFragment() != null) {
			throw refused("has a fragment, which a WebSocket URL must not have", "Remove the '#' and what follows it.");
		}
	}

	private static URI withPath(URI uri, String path) {
		String query = (uri.getRawQuery() != null) ? "?" + uri.getRawQuery() : "";
		return URI.create(uri.getScheme() + "://" + uri.getRawAuthority() + path + query);
	}

	private static McpWebSocketConfigurationException refusedPort(URI uri) {
		return refused("has no valid port: %d".formatted(uri.getPort()), "Use a port from 1 to 65535.");
	}

	static McpWebSocketConfigurationException refused(String problem, String action) {
		return new McpWebSocketConfigurationException("%s %s.".formatted(URL, problem), action);
	}

}
