package io.github.mcpwss.client;

import java.util.Locale;

import javax.net.ssl.SSLException;

/**
 * Tells whether a server may have refused what a TLS handshake offers: by its alert, or,
 * as Tomcat does, by closing the connection without one.
 */
final class HandshakeRefusal {

	private static final int MAX_DEPTH = 32;

	private HandshakeRefusal() {
	}

	static boolean isPossible(Throwable failure) {
		Throwable cause = failure;
		for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
			if (has(cause, "handshake_failure") || isClosed(cause)) {
				return true;
			}
			cause = cause.getCause();
		}
		return false;
	}

	private static boolean isClosed(Throwable cause) {
		for (Throwable suppressed : cause.getSuppressed()) {
			if (has(suppressed, "handshake was in progress")) {
				return true;
			}
		}
		return false;
	}

	private static boolean has(Throwable cause, String words) {
		return cause instanceof SSLException
				&& String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT).contains(words);
	}

}
