package io.github.mcpwss.tls;

/**
 * Why TLS with a peer failed.
 *
 * @param reason the kind of failure
 * @param message one sentence that says what happened, with the names, issuers and dates
 * that are known; without line breaks or other control characters
 */
public record TlsFailure(Reason reason, String message) {

	/**
	 * Kinds of failures.
	 */
	public enum Reason {

		/**
		 * A certificate of the peer's chain has expired.
		 */
		CERTIFICATE_EXPIRED,

		/**
		 * A certificate of the peer's chain is not valid yet.
		 */
		CERTIFICATE_NOT_YET_VALID,

		/**
		 * The peer's certificate is not for the host that was asked for.
		 */
		HOST_NAME_MISMATCH,

		/**
		 * The peer's chain does not lead to a trusted authority.
		 */
		UNKNOWN_ISSUER,

		/**
		 * The peer's certificate is signed by its own key and is not trusted.
		 */
		SELF_SIGNED,

		/**
		 * A certificate of the peer's chain is signed with MD5 or SHA-1.
		 */
		WEAK_SIGNATURE,

		/**
		 * A certificate of the peer's chain has a key that is too small, or of an
		 * algorithm that is not accepted.
		 */
		WEAK_KEY,

		/**
		 * A certificate of the peer's chain is for another purpose, such as that of an
		 * issuer that is no authority.
		 */
		WRONG_KEY_USAGE,

		/**
		 * An authority may not issue certificates for the names of the peer's.
		 */
		NAME_CONSTRAINT_VIOLATION,

		/**
		 * A certificate of the peer's chain was revoked.
		 */
		CERTIFICATE_REVOKED,

		/**
		 * Whether a certificate of the peer's chain was revoked could not be found out.
		 */
		REVOCATION_UNKNOWN,

		/**
		 * The peer's key is not one of those that are pinned.
		 */
		PIN_MISMATCH,

		/**
		 * The peer does not have the private key of the certificate that it presents.
		 */
		KEY_MISMATCH,

		/**
		 * The peer wants a certificate and did not get a suitable one.
		 */
		CLIENT_CERTIFICATE_REQUIRED,

		/**
		 * The peer does not accept the certificate that it got.
		 */
		CLIENT_CERTIFICATE_REFUSED,

		/**
		 * A client does not accept the certificate of the server.
		 */
		SERVER_CERTIFICATE_REFUSED,

		/**
		 * There is no protocol version or cipher suite in common.
		 */
		PROTOCOL_OR_CIPHER,

		/**
		 * The peer does not speak TLS.
		 */
		NOT_TLS,

		/**
		 * The peer did not finish the handshake in time.
		 */
		TIMEOUT,

		/**
		 * The peer closed the connection in the middle of the handshake.
		 */
		CONNECTION_CLOSED,

		/**
		 * Anything else.
		 */
		OTHER

	}

}
