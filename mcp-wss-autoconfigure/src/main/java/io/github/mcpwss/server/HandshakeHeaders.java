package io.github.mcpwss.server;

import java.util.List;
import java.util.Locale;

/**
 * Which headers of a handshake tools may see. Those that by their name may hold a
 * credential are withheld, since what a tool sees ends in its logs and its answers, and
 * those of the WebSocket protocol, where browsers have to put their tokens.
 */
public final class HandshakeHeaders {

	private static final List<String> CREDENTIAL_WORDS = List.of("auth", "cookie", "credential", "jwt", "key", "oidc",
			"passw", "secret", "session", "signature", "token");

	private static final String WEBSOCKET_PREFIX = "sec-websocket-";

	private HandshakeHeaders() {
	}

	/**
	 * Return whether tools may see a header.
	 * @param name the header's name, in any case
	 * @return {@code false} if the header is withheld
	 */
	public static boolean isVisible(String name) {
		String lowerCase = name.toLowerCase(Locale.ROOT);
		return !lowerCase.startsWith(WEBSOCKET_PREFIX) && CREDENTIAL_WORDS.stream().noneMatch(lowerCase::contains);
	}

}
