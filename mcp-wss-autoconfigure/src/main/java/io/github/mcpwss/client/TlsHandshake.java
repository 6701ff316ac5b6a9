package io.github.mcpwss.client;

import java.util.List;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

import io.netty.util.NetUtil;
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

	/**
	 * Set the name that is sent. The engines leave out a host without a dot, such as
	 * those of containers have, and one that ends with a dot.
	 * @param engine the engine
	 * @param host the host of the URL
	 */
	void setServerName(SSLEngine engine, String host) {
		SNIServerName name = (this.serverName != null) ? new SNIHostName(this.serverName) : ofHost(host);
		if (name != null) {
			SSLParameters parameters = engine.getSSLParameters();
			parameters.setServerNames(List.of(name));
			engine.setSSLParameters(parameters);
		}
	}

	private static @Nullable SNIServerName ofHost(String host) {
		if (host.contains(":") || NetUtil.isValidIpV4Address(host)) {
			return null;
		}
		try {
			return new SNIHostName(host.endsWith(".") ? host.substring(0, host.length() - 1) : host);
		}
		catch (IllegalArgumentException ex) {
			// no name of the DNS
			return null;
		}
	}

}
