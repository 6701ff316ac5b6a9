package io.github.mcpwss.autoconfigure;

import io.github.mcpwss.autoconfigure.McpWebSocketProperties.Tls;
import io.github.mcpwss.tls.CertificatePin;
import io.github.mcpwss.tls.Revocation;
import io.github.mcpwss.tls.ServerTrust;
import io.github.mcpwss.tls.ServerVerification;

/**
 * How a client does TLS.
 *
 * @param verification how it verifies the server's certificate
 * @param options protocols and cipher suites
 */
record ClientTls(ServerVerification verification, TlsOptions options) {

	static ClientTls get(Tls tls, Revocation revocation) {
		return new ClientTls(
				new ServerVerification(trust(tls), tls.serverName(),
						tls.pinnedKeys().stream().map(CertificatePin::parse).toList(), revocation),
				TlsOptions.get(tls));
	}

	private static ServerTrust trust(Tls tls) {
		if (!tls.isVerifyServer()) {
			return ServerTrust.NONE;
		}
		return tls.isAcceptInvalidCerts() ? ServerTrust.ACCEPT_INVALID : ServerTrust.AUTHORITIES;
	}

}
