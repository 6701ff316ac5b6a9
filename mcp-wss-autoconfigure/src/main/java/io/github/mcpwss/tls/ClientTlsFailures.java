package io.github.mcpwss.tls;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

import javax.net.ssl.SSLException;

import io.github.mcpwss.tls.TlsFailure.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Tells why TLS with a client failed: the server's side of {@link TlsFailures}. Works for
 * the JDK's TLS and for Netty's engines; says names, issuers and dates where the trust
 * manager came from {@link ServerTrustManagers}. Nothing of what the client sent in plain
 * text is told.
 */
public final class ClientTlsFailures {

	private static final int MAX_DEPTH = 32;

	private ClientTlsFailures() {
	}

	/**
	 * Classify a failure by its chain of causes.
	 * @param failure the failure
	 * @param client the client's address
	 * @return the classified failure
	 */
	public static TlsFailure classify(Throwable failure, String client) {
		return CertificateRefusal.find(failure)
			.map((refusal) -> refusal.explain(client))
			.orElseGet(() -> handshakeFailure(failure, client));
	}

	private static TlsFailure handshakeFailure(Throwable failure, String client) {
		SSLException tlsFailure = null;
		Throwable cause = failure;
		for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
			TlsFailure known = known(cause, client);
			if (known != null) {
				return known;
			}
			if (cause instanceof SSLException found) {
				tlsFailure = found;
			}
			else if (cause instanceof IOException) {
				return closed(client);
			}
			cause = cause.getCause();
		}
		return (tlsFailure != null)
				? TlsFailures.failure(Reason.OTHER,
						"with " + client + ": " + PeerNames.clean(String.valueOf(tlsFailure.getMessage())))
				: closed(client);
	}

	private static @Nullable TlsFailure known(Throwable cause, String client) {
		if (cause.getClass().getSimpleName().equals("NotSslRecordException")) {
			return plainText(client);
		}
		if (!(cause instanceof SSLException)) {
			return null;
		}
		String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
		if (TlsFailures.hasAny(message, "unrecognized ssl message", "not an ssl/tls record", "wrong_version_number",
				"http_request")) {
			return plainText(client);
		}
		if (message.contains("empty client certificate chain")) {
			return noCertificate(client, "");
		}
		if (message.contains("peer_did_not_return_a_certificate")) {
			return noCertificate(client,
					" (BoringSSL takes none with an Ed25519 key: -Dio.netty.handler.ssl.noOpenSsl=true leaves TLS to the JDK)");
		}
		if (TlsFailures.hasAny(message, "alert: certificate_", "alert: bad_certificate", "alert: unknown_ca",
				"alert: unsupported_certificate", "alert_certificate_", "alert_bad_certificate", "alert_unknown_ca",
				"alert_unsupported_certificate")) {
			return TlsFailures.failure(Reason.SERVER_CERTIFICATE_REFUSED,
					client + " does not accept the certificate of this server (" + TlsFailures.alert(message) + ")");
		}
		if (TlsFailures.hasAny(message, "alert: internal_error", "alert_internal_error")) {
			return TlsFailures.failure(Reason.SERVER_CERTIFICATE_REFUSED, client
					+ " gave up with internal_error, as clients of Netty do that do not accept the certificate of this server");
		}
		if (TlsFailures.isKeyMismatch(message)) {
			return TlsFailures.keyMismatch(client);
		}
		if (TlsFailures.hasAny(message, "protocol_version", "insufficient_security", "handshake_failure",
				"unsupported_protocol", "no_shared_cipher", "no appropriate protocol", "no cipher suites in common",
				"protocol version", "is not enabled or supported", "ciphersuite")) {
			return TlsFailures.failure(Reason.PROTOCOL_OR_CIPHER,
					"no TLS protocol version or cipher suite in common with " + client);
		}
		return null;
	}

	private static TlsFailure noCertificate(String client, String hint) {
		return TlsFailures.failure(Reason.CLIENT_CERTIFICATE_REQUIRED,
				client + " presented no client certificate, which this server demands" + hint);
	}

	/**
	 * Return the failure of a client that does not speak TLS.
	 * @param client the client's address
	 * @return the failure
	 */
	public static TlsFailure plainText(String client) {
		return TlsFailures.failure(Reason.NOT_TLS, client + " does not speak TLS (plain HTTP or ws://?)");
	}

	/**
	 * Return the failure of a client that did not finish the handshake.
	 * @param client the client's address
	 * @param timeout the time that it had
	 * @return the failure
	 */
	public static TlsFailure timeout(String client, Duration timeout) {
		return TlsFailures.failure(Reason.TIMEOUT,
				client + " did not finish the handshake within " + timeout.toMillis() + " ms");
	}

	/**
	 * Return the failure of a client that closed the connection.
	 * @param client the client's address
	 * @return the failure
	 */
	public static TlsFailure closed(String client) {
		return TlsFailures.failure(Reason.CONNECTION_CLOSED, client + " closed the connection during the handshake");
	}

}
