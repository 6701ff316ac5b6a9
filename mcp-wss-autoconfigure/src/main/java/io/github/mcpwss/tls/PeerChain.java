package io.github.mcpwss.tls;

import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

import org.jspecify.annotations.Nullable;

/**
 * The certificates that a peer presented.
 *
 * @param certificates the certificates, the peer's own first
 * @param role what the peer is
 * @param session the session that is being made, {@code null} where it is not known
 */
record PeerChain(List<X509Certificate> certificates, Role role, @Nullable SSLSession session) {

	static PeerChain of(X509Certificate[] chain, Role role) {
		return new PeerChain(List.of(chain), role, null);
	}

	static PeerChain of(X509Certificate[] chain, Role role, @Nullable Socket socket) {
		return new PeerChain(List.of(chain), role,
				(socket instanceof SSLSocket tls) ? tls.getHandshakeSession() : null);
	}

	static PeerChain of(X509Certificate[] chain, Role role, @Nullable SSLEngine engine) {
		return new PeerChain(List.of(chain), role, (engine != null) ? engine.getHandshakeSession() : null);
	}

	X509Certificate leaf() {
		return this.certificates.get(0);
	}

	/**
	 * Return the host that was asked for.
	 * @return the host, {@code null} where it is not known
	 */
	@Nullable String host() {
		return (this.session != null) ? this.session.getPeerHost() : null;
	}

	/**
	 * Return what the OCSP responders say of the server's certificates by way of the
	 * server (RFC 6066, 8).
	 * @return the responses by their certificates, empty if there are none
	 */
	Map<X509Certificate, byte[]> stapledResponses() {
		Map<X509Certificate, byte[]> responses = new HashMap<>();
		if (this.role == Role.SERVER && this.session instanceof ExtendedSSLSession extended) {
			List<byte[]> stapled = extended.getStatusResponses();
			for (int i = 0; i < Math.min(stapled.size(), this.certificates.size()); i++) {
				byte[] response = stapled.get(i);
				if (response != null && response.length > 0) {
					responses.put(this.certificates.get(i), response);
				}
			}
		}
		return responses;
	}

	/**
	 * What a peer is.
	 */
	enum Role {

		/**
		 * A client that presents a certificate.
		 */
		CLIENT("1.3.6.1.5.5.7.3.2", "TLS clients"),

		/**
		 * A server.
		 */
		SERVER("1.3.6.1.5.5.7.3.1", "TLS servers");

		private final String keyPurpose;

		private final String description;

		Role(String keyPurpose, String description) {
			this.keyPurpose = keyPurpose;
			this.description = description;
		}

		/**
		 * Return the object identifier of the extended key usage that allows the role.
		 * @return the object identifier
		 */
		String keyPurpose() {
			return this.keyPurpose;
		}

		@Override
		public String toString() {
			return this.description;
		}

	}

}
