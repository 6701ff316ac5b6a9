package io.github.mcpwss.tls;

/**
 * What a client demands of a server's certificate.
 */
public enum ServerTrust {

	/**
	 * A valid chain to one of the JDK's trusted authorities, and the host name.
	 */
	SYSTEM,

	/**
	 * A valid chain to one of the given authorities, and the host name.
	 */
	AUTHORITIES,

	/**
	 * The host name only: certificates that are self-signed, expired, not yet valid or of
	 * an unknown authority pass. For tests.
	 */
	ACCEPT_INVALID,

	/**
	 * Nothing, not even the host name. For tests.
	 */
	NONE

}
