package io.github.mcpwss.tls;

import java.security.cert.CertificateException;

import io.github.mcpwss.tls.PeerChain.Role;
import io.github.mcpwss.tls.TlsFailure.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Demands that a server's certificate carries its name.
 *
 * @param serverName the name, {@code null} for the host that was asked for
 */
record HostNameRule(@Nullable String serverName) {

	/**
	 * Check the name. Where neither a name nor a connection is known there is nothing to
	 * compare with, as in the JDK.
	 * @param peer the chain
	 * @throws CertificateException if the certificate is not for the name
	 */
	void check(PeerChain peer) throws CertificateException {
		if (peer.role() == Role.CLIENT || (this.serverName == null && peer.session() == null)) {
			return;
		}
		String name = (this.serverName != null) ? this.serverName : peer.host();
		if (name == null || !StrictHostName.of(name).isNamedBy(peer.leaf())) {
			throw new CertificateRuleException(Reason.HOST_NAME_MISMATCH, null, String.valueOf(name));
		}
	}

}
