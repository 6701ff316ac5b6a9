package io.github.mcpwss.tls;

import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.List;

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
