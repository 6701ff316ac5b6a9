package io.github.mcpwss.client;

import java.util.List;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

import org.jspecify.annotations.Nullable;

/**
 * How a client makes TLS handshakes.
 *
 * @param serverName the name that is sent to the server (SNI), {@code null} for the host
 * of the URL
 * @param revocation whether the server's certificate is checked for revocation: the
 * server is asked for what its OCSP responder says, verifying leaves the event loop since
 * it may wait for the network, and each handshake is a full one
 */
public record TlsHandshake(@Nullable String serverName, boolean revocation) {

	/**
	 * The host of the URL, and no check for revocation.
	 */
	public static final TlsHandshake DEFAULT = new TlsHandshake(null, false);

	void setServerName(SSLEngine engine) {
		if (this.serverName != null) {
			SSLParameters parameters = engine.getSSLParameters();
			parameters.setServerNames(List.of(new SNIHostName(this.serverName)));
			engine.setSSLParameters(parameters);
		}
	}

}
