package io.github.mcpwss.server;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * The TLS that a handshake comes over.
 *
 * @param protocol the protocol, such as {@code TLSv1.3}; empty where the web stack does
 * not tell
 * @param clientCertificates the certificates that the client presented, its own first,
 * empty if there are none
 */
public record HandshakeTls(String protocol, List<X509Certificate> clientCertificates) {

	/**
	 * Create a new instance.
	 */
	public HandshakeTls {
		clientCertificates = List.copyOf(clientCertificates);
	}

}
