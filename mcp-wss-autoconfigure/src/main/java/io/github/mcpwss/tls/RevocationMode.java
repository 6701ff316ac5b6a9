package io.github.mcpwss.tls;

/**
 * Whether certificates of peers are checked for revocation.
 */
public enum RevocationMode {

	/**
	 * They are not.
	 */
	NONE,

	/**
	 * A certificate that was revoked is refused. One of which that cannot be found out is
	 * accepted, with a warning.
	 */
	SOFT,

	/**
	 * A certificate is refused unless it is known that it was not revoked.
	 */
	HARD

}
