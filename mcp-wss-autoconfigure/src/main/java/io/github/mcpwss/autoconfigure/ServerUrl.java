package io.github.mcpwss.autoconfigure;

import java.net.URI;
import java.net.URISyntaxException;

import org.springframework.util.Assert;

/**
 * The URL that a client connects to, or a server of its own listens on.
 */
final class ServerUrl {

	private ServerUrl() {
	}

	static URI get(EndpointProperties properties) {
		String url = properties.url();
		Assert.state(url != null, "'url' must not be null");
		URI uri = get(url, properties);
		if (uri.getPort() == 0) {
			throw refusedPort(properties, uri);
		}
		return uri;
	}

	/**
	 * Check a URL whose port may be one that is not known yet.
	 * @param properties the properties
	 */
	static void check(EndpointProperties properties) {
		String url = properties.url();
		Assert.state(url != null, "'url' must not be null");
		if (LocalPort.isIn(url)) {
			get(LocalPort.replaceIn(url), properties);
		}
		else {
			get(properties);
		}
	}

	/**
	 * Return a URL with a path.
	 * @param url the URL, with a scheme
	 * @param properties the properties
	 * @return the URL, whose port may be 0
	 */
	static URI get(String url, EndpointProperties properties) {
		URI uri = parse(url, properties);
		checkScheme(uri, properties);
		checkParts(uri, properties);
		if (uri.getRawPath() == null || uri.getRawPath().isEmpty()) {
			return withPath(uri, (properties.path() != null) ? properties.path() : Defaults.PATH);
		}
		if (properties.path() != null && !properties.path().equals(uri.getRawPath())) {
			throw refused(properties,
					"has the path '%s', and %s is '%s'".formatted(uri.getRawPath(), properties.property("path"),
							properties.path()),
					"Remove %s, or the path from %s.".formatted(properties.property("path"),
							properties.property("url")));
		}
		return uri;
	}

	private static URI parse(String url, EndpointProperties properties) {
		if (LocalPort.isIn(url)) {
			throw refused(properties, "has the port of a server that does not listen yet",
					"Use such a placeholder for a named connection, and let the beans that need it be made when the server listens: annotate them with @Lazy.");
		}
		try {
			return new URI(url);
		}
		catch (URISyntaxException ex) {
			// the exception's message holds the URL, which may hold a password
			throw refused(properties, "is malformed at position %d: %s".formatted(ex.getIndex(), ex.getReason()),
					"Use a URL such as wss://host:8443/mcp.");
		}
	}

	private static void checkScheme(URI uri, EndpointProperties properties) {
		boolean secure = "wss".equalsIgnoreCase(uri.getScheme());
		if (!secure && !"ws".equalsIgnoreCase(uri.getScheme())) {
			throw refused(properties, "does not start with wss:// or ws://", "Use a URL such as wss://host:8443/mcp.");
		}
		if (secure && !properties.isTls()) {
			throw refused(properties, "starts with wss://, and %s is false".formatted(properties.property("use-tls")),
					"Remove %s, or use a ws:// URL for a connection without TLS."
						.formatted(properties.property("use-tls")));
		}
		if (secure && properties.tls().isOffloaded()) {
			throw refused(properties,
					"starts with wss://, and %s is true".formatted(properties.property("tls.offloaded")),
					"Remove %s, or use a ws:// URL for a server behind a proxy that ends TLS."
						.formatted(properties.property("tls.offloaded")));
		}
		if (!secure && properties.isTls() && !properties.tls().isOffloaded()) {
			throw refused(properties,
					"starts with ws://, and %s is %s".formatted(properties.property("use-tls"),
							(properties.connection().useTls() != null) ? "true" : "not false"),
					"Use a wss:// URL, or set %s to false for a connection without TLS."
						.formatted(properties.property("use-tls")));
		}
	}

	private static void checkParts(URI uri, EndpointProperties properties) {
		if (uri.getRawUserInfo() != null) {
			throw refused(properties, "holds user info, which is not sent", "Remove what is before the '@', and set %s."
				.formatted(properties.property("headers.Authorization")));
		}
		if (uri.getHost() == null) {
			throw refused(properties, "has no valid host",
					"Use a URL such as wss://host:8443/mcp; a host name has no underscores.");
		}
		if (uri.getPort() > 65535) {
			throw refusedPort(properties, uri);
		}
		if (uri.getRawFragment() != null) {
			throw refused(properties, "has a fragment, which a WebSocket URL must not have",
					"Remove the '#' and what follows it.");
		}
	}

	private static URI withPath(URI uri, String path) {
		String query = (uri.getRawQuery() != null) ? "?" + uri.getRawQuery() : "";
		return URI.create(uri.getScheme() + "://" + uri.getRawAuthority() + path + query);
	}

	private static McpWebSocketConfigurationException refusedPort(EndpointProperties properties, URI uri) {
		return refused(properties, "has no valid port: %d".formatted(uri.getPort()), "Use a port from 1 to 65535.");
	}

	static McpWebSocketConfigurationException refused(EndpointProperties properties, String problem, String action) {
		return new McpWebSocketConfigurationException("%s %s.".formatted(properties.property("url"), problem), action);
	}

}
