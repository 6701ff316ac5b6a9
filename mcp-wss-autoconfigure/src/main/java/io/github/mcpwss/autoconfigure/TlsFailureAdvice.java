package io.github.mcpwss.autoconfigure;

import io.github.mcpwss.tls.TlsFailure;

/**
 * What to do about TLS with a server that failed. Says which side has to change, and
 * which property where it is this one.
 */
final class TlsFailureAdvice {

	private TlsFailureAdvice() {
	}

	/**
	 * Return what to do.
	 * @param reason why it failed
	 * @return a format of which the only argument is the beginning of the names of the
	 * properties
	 */
	static String of(TlsFailure.Reason reason) {
		return switch (reason) {
			case CERTIFICATE_EXPIRED, CERTIFICATE_NOT_YET_VALID ->
				"Have the certificate of the server renewed, and check the clocks of both sides.";
			case HOST_NAME_MISMATCH ->
				"Use one of the names of the certificate as the host of %1$s.url, or set %1$s.tls.server-name to it, or have a certificate issued for the host.";
			case UNKNOWN_ISSUER ->
				"Set %1$s.tls.ca-cert-path to the certificate of the root that issued the server's. If that is a public one, have the server send its intermediate certificates.";
			case SELF_SIGNED ->
				"Set %1$s.tls.ca-cert-path to that very certificate, or %1$s.tls.pinned-keys to its pin: 'openssl s_client' and 'openssl x509 -noout -fingerprint -sha256' print it. Compare it with what the owner of the server says.";
			case WEAK_SIGNATURE, WEAK_KEY ->
				"Have the certificate issued again, with a key of 2048 bits (RSA) or 256 bits (EC) or more and a signature with SHA-256 or better.";
			case WRONG_KEY_USAGE -> "Have a certificate issued for servers (extended key usage serverAuth).";
			case NAME_CONSTRAINT_VIOLATION ->
				"Have the certificate issued by an authority that may do so for this host.";
			case CERTIFICATE_REVOKED -> "Have a new certificate issued for the server, with a new key.";
			case REVOCATION_UNKNOWN ->
				"Renew the lists in %1$s.tls.crl-paths, of which each authority of the chain needs one, or see that the OCSP responder can be reached. With %1$s.tls.revocation=soft such a certificate is accepted.";
			case PIN_MISMATCH ->
				"Find out why the server presents another certificate. If its owner meant to, add the pin of the message to %1$s.tls.pinned-keys.";
			case KEY_MISMATCH -> "Have the server configured with a private key and a certificate of one pair.";
			case CLIENT_CERTIFICATE_REQUIRED ->
				"Set %1$s.tls.cert-path and %1$s.tls.key-path to a certificate for clients of an authority that the server names, with its intermediate certificates.";
			case CLIENT_CERTIFICATE_REFUSED ->
				"Set %1$s.tls.cert-path and %1$s.tls.key-path to a certificate for clients that is valid and of an authority that the server trusts. The log of the server tells what is wrong with this one.";
			case PROTOCOL_OR_CIPHER ->
				"See that the server speaks TLS 1.2 or 1.3, and compare %1$s.tls.enabled-protocols and %1$s.tls.ciphers with what it is set to. If it demands client certificates, set %1$s.tls.cert-path and %1$s.tls.key-path.";
			case NOT_TLS -> "Check the port of %1$s.url: the server speaks plain text there.";
			case SERVER_CERTIFICATE_REFUSED, TIMEOUT, CONNECTION_CLOSED, OTHER ->
				"Look at the log of the server, and check what is below %1$s.tls.";
		};
	}

}
