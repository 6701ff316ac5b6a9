package io.github.mcpwss.server;

import org.jspecify.annotations.Nullable;

/**
 * Decides whether the TLS that a handshake comes over is good enough: what a web server
 * was configured with, others may have changed. Thread-safe, and does not block.
 */
@FunctionalInterface
public interface TlsRule {

	/**
	 * The rule that lets every TLS pass.
	 */
	TlsRule ANY = (tls) -> null;

	/**
	 * Check the TLS of a handshake.
	 * @param tls what was negotiated
	 * @return why the handshake is refused, or {@code null} if it may lead to a socket
	 */
	@Nullable String check(HandshakeTls tls);

}
