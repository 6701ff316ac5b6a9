package io.github.mcpwss.tls;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * How a client verifies a server's certificate.
 *
 * @param trust what is demanded of it
 * @param serverName the name that it has to carry, {@code null} for the host that was
 * asked for
 * @param pins the certificates that may be presented, empty for any. With
 * {@link ServerTrust#SYSTEM} and {@link ServerTrust#AUTHORITIES}, a certificate that is
 * signed by its own key and pinned needs no authority; any other has to be pinned and
 * come from an authority.
 * @param revocation how it is checked for revocation where an authority has to be trusted
 */
public record ServerVerification(ServerTrust trust, @Nullable String serverName, List<CertificatePin> pins,
		Revocation revocation) {

	/**
	 * Create a new verification.
	 */
	public ServerVerification {
		pins = List.copyOf(pins);
	}

	/**
	 * Create a new verification without a check for revocation.
	 * @param trust what is demanded of the certificate
	 * @param serverName the name that it has to carry or {@code null}
	 * @param pins the certificates that may be presented
	 */
	public ServerVerification(ServerTrust trust, @Nullable String serverName, List<CertificatePin> pins) {
		this(trust, serverName, pins, Revocation.NONE);
	}

	/**
	 * Return the verification that demands nothing but trust.
	 * @param trust what is demanded of the certificate
	 * @return the verification
	 */
	public static ServerVerification of(ServerTrust trust) {
		return new ServerVerification(trust, null, List.of());
	}

}
