package io.github.mcpwss.autoconfigure;

import java.net.URI;

import io.github.mcpwss.autoconfigure.McpWebSocketProperties.Tls;
import io.github.mcpwss.tls.CertificatePin;
import io.github.mcpwss.tls.Revocation;
import io.github.mcpwss.tls.ServerTrust;
import io.github.mcpwss.tls.ServerVerification;
import org.jspecify.annotations.Nullable;

/**
 * How a client does TLS.
 *
 * @param verification how it verifies the server's certificate
 * @param options protocols and cipher suites
 */
record ClientTls(ServerVerification verification, TlsOptions options) {

	static ClientTls get(EndpointProperties endpoint, Revocation revocation) {
		Tls tls = endpoint.tls();
		return new ClientTls(
				new ServerVerification(trust(tls), (tls.serverName() != null) ? tls.serverName() : host(endpoint),
						tls.pinnedKeys().stream().map(CertificatePin::parse).toList(), revocation),
				TlsOptions.get(tls));
	}

	/**
	 * Return the host that the certificate has to name, and not what a connection says
	 * that it has gone to.
	 * @param endpoint the properties
	 * @return the host, {@code null} where there is no TLS
	 */
	private static @Nullable String host(EndpointProperties endpoint) {
		String url = endpoint.url();
		return (url != null) ? URI.create(LocalPort.replaceIn(url)).getHost() : null;
	}

	private static ServerTrust trust(Tls tls) {
		if (!tls.isVerifyServer()) {
			return ServerTrust.NONE;
		}
		return tls.isAcceptInvalidCerts() ? ServerTrust.ACCEPT_INVALID : ServerTrust.AUTHORITIES;
	}

}
