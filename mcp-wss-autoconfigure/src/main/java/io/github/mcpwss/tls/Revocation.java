package io.github.mcpwss.tls;

import java.security.cert.X509CRL;
import java.util.Collection;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * How certificates of peers are checked for revocation.
 *
 * @param mode whether they are, and what becomes of those of which it cannot be found out
 * @param lists the revocation lists that decide, asked for at each check. {@code null}
 * for what the peer and its certificates bring along: the OCSP response that is stapled
 * to the handshake, the OCSP responder and the distribution points that the certificate
 * names. That takes the network and a thread that may block.
 */
public record Revocation(RevocationMode mode, @Nullable Supplier<? extends Collection<X509CRL>> lists) {

	/**
	 * No check.
	 */
	public static final Revocation NONE = new Revocation(RevocationMode.NONE, null);

	/**
	 * Return whether certificates are checked.
	 * @return {@code true} unless the mode is {@code NONE}
	 */
	public boolean isEnabled() {
		return this.mode != RevocationMode.NONE;
	}

}
