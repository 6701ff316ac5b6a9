package io.github.mcpwss.tls;

import java.util.Locale;
import java.util.Optional;

import javax.net.ssl.SSLException;

import io.github.mcpwss.tls.TlsFailure.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Tells from an exception why TLS with a server failed. Works for the JDK's TLS and for
 * Netty's engines; says names, issuers and dates where the trust manager came from
 * {@link ServerTrustManagers}. The failure is seen from the client's side.
 *
 * @see ClientTlsFailures
 */
public final class TlsFailures {

	private static final int MAX_DEPTH = 32;

	private TlsFailures() {
	}

	/**
	 * Classify a failure of a client that presented no certificate.
	 * @param failure the failure
	 * @param host the host that the client wanted to reach
	 * @return the classified failure, or empty if TLS had no part in it
	 */
	public static Optional<TlsFailure> classify(Throwable failure, String host) {
		return classify(failure, host, false);
	}

	/**
	 * Classify a failure by its chain of causes.
	 * @param failure the failure
	 * @param host the host that the client wanted to reach
	 * @param certificatePresented whether the client presented a certificate: servers use
	 * {@code bad_certificate} for one that they refuse and for none alike
	 * @return the classified failure, or empty if TLS had no part in it
	 */
	public static Optional<TlsFailure> classify(Throwable failure, String host, boolean certificatePresented) {
		String peer = PeerNames.clean(host);
		return CertificateRefusal.find(failure)
			.map((refusal) -> refusal.explain(peer))
			.or(() -> handshakeFailure(failure, peer, certificatePresented));
	}

	private static Optional<TlsFailure> handshakeFailure(Throwable failure, String host, boolean certificatePresented) {
		SSLException tlsFailure = null;
		Throwable cause = failure;
		for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
			TlsFailure known = known(cause, host, certificatePresented);
			if (known != null) {
				return Optional.of(known);
			}
			if (cause instanceof SSLException found) {
				tlsFailure = found;
			}
			cause = cause.getCause();
		}
		return Optional.ofNullable(tlsFailure)
			.map((other) -> failure(Reason.OTHER, PeerNames.clean(String.valueOf(other.getMessage()))));
	}

	private static @Nullable TlsFailure known(Throwable cause, String host, boolean certificatePresented) {
		String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
		if (cause.getClass().getSimpleName().equals("NotSslRecordException")) {
			return notTls(host);
		}
		if (!(cause instanceof SSLException)) {
			return null;
		}
		if (hasAny(message, "unrecognized ssl message", "not an ssl/tls record", "wrong_version_number",
				"http_request")) {
			return notTls(host);
		}
		if (certificatePresented
				&& hasAny(message, "bad_certificate", "alert: internal_error", "alert_internal_error")) {
			// the latter of servers on Netty with BoringSSL that have no reason to tell
			return certificateRefused(message, host);
		}
		if (hasAny(message, "certificate_required", "bad_certificate", "empty client certificate chain",
				"peer_did_not_return_a_certificate")) {
			return failure(Reason.CLIENT_CERTIFICATE_REQUIRED, "client certificate required by " + host);
		}
		if (hasAny(message, "alert: certificate_unknown", "alert: unknown_ca", "alert: certificate_expired",
				"alert: certificate_revoked", "alert: unsupported_certificate", "alert: access_denied",
				"alert_certificate_unknown", "alert_unknown_ca", "alert_certificate_expired",
				"alert_certificate_revoked", "alert_unsupported_certificate", "alert_access_denied")) {
			return certificateRefused(message, host);
		}
		if (isKeyMismatch(message)) {
			return keyMismatch(host);
		}
		if (message.contains("handshake_failure")) {
			// also what some servers send to a client without a certificate in TLS 1.2
			return failure(Reason.PROTOCOL_OR_CIPHER, host + " sent handshake_failure: no TLS protocol version"
					+ " or cipher suite in common, or a client certificate is required");
		}
		if (hasAny(message, "protocol_version", "insufficient_security", "unsupported_protocol", "no_shared_cipher",
				"no appropriate protocol", "no cipher suites in common", "protocol version",
				"is not enabled or supported", "ciphersuite")) {
			return failure(Reason.PROTOCOL_OR_CIPHER, "no TLS protocol version or cipher suite in common with " + host);
		}
		return null;
	}

	/**
	 * Return the failure of a server that closed the connection.
	 * @param host the host that the client wanted to reach
	 * @return the failure
	 */
	public static TlsFailure closed(String host) {
		return failure(Reason.CONNECTION_CLOSED,
				PeerNames.clean(host) + " closed the connection during the handshake, and did not say why");
	}

	private static TlsFailure certificateRefused(String message, String host) {
		return failure(Reason.CLIENT_CERTIFICATE_REFUSED,
				host + " does not accept the client certificate (" + alert(message) + ")");
	}

	static boolean isKeyMismatch(String message) {
		// of BoringSSL the first error that the verification of a signature ran into
		return hasAny(message, "invalid certificateverify", "verify certificateverify", "serverkeyexchange signature",
				"bad_signature", "rsa routines:");
	}

	static TlsFailure keyMismatch(String peer) {
		return failure(Reason.KEY_MISMATCH,
				peer + " does not have the private key of the certificate that it presents");
	}

	private static TlsFailure notTls(String host) {
		return failure(Reason.NOT_TLS, host + " does not speak TLS on this port (a plain ws:// endpoint?)");
	}

	static TlsFailure failure(Reason reason, String detail) {
		return new TlsFailure(reason, "TLS handshake failed: " + detail);
	}

	static boolean hasAny(String message, String... parts) {
		for (String part : parts) {
			if (message.contains(part)) {
				return true;
			}
		}
		return false;
	}

	static String alert(String message) {
		return PeerNames.clean(message.replaceFirst(".*alert(?:: |_)", ""));
	}

}
