package io.github.mcpwss.server;

import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The origins of web pages that may connect: those of the server itself and those listed.
 */
public final class AllowedOrigins {

	private final Set<String> listed;

	private AllowedOrigins(Set<String> listed) {
		this.listed = listed;
	}

	/**
	 * Create the origins of a server.
	 * @param listed the origins besides the server's own, {@code *} for all
	 * @return the origins
	 */
	public static AllowedOrigins of(Collection<String> listed) {
		return new AllowedOrigins(Set.copyOf(listed));
	}

	boolean allow(String origin, HandshakeRequest request) {
		return this.listed.contains("*") || this.listed.contains(origin) || isSameOrigin(origin, request);
	}

	private static boolean isSameOrigin(String origin, HandshakeRequest request) {
		URI uri;
		try {
			uri = URI.create(origin);
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
		if (uri.getScheme() == null || uri.getHost() == null
				|| !origin.equals(uri.getScheme() + "://" + uri.getRawAuthority()) || uri.getRawUserInfo() != null) {
			return false;
		}
		return httpScheme(uri.getScheme()).equals(httpScheme(request.scheme()))
				&& uri.getHost().equalsIgnoreCase(request.serverName())
				&& port(uri.getScheme(), uri.getPort()) == port(request.scheme(), request.serverPort());
	}

	private static String httpScheme(String scheme) {
		String lowerCase = scheme.toLowerCase(Locale.ROOT);
		return List.of("ws", "wss").contains(lowerCase) ? lowerCase.replace("ws", "http") : lowerCase;
	}

	private static int port(String scheme, int port) {
		return (port > 0) ? port : HostAndPort.defaultPort(scheme);
	}

}
