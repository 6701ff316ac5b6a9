package io.github.mcpwss.client;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

import org.jspecify.annotations.Nullable;

/**
 * What was negotiated for an open connection.
 *
 * @param uri the server's URL
 * @param openSince when it was opened
 * @param roundTripTime the time that the last pong took, {@code null} before the first
 * @param subprotocol the WebSocket subprotocol that the server selected
 * @param tlsProtocol the TLS version such as {@code TLSv1.3}, {@code null} without TLS
 * @param cipherSuite the cipher suite, {@code null} without TLS
 * @param peerCertificates the server's certificate chain, its own first; empty without
 * TLS
 */
public record ConnectionInfo(URI uri, @Nullable Instant openSince, @Nullable Duration roundTripTime,
		@Nullable String subprotocol, @Nullable String tlsProtocol, @Nullable String cipherSuite,
		List<X509Certificate> peerCertificates) {

	static ConnectionInfo of(URI uri, @Nullable Instant openSince, @Nullable Duration roundTripTime,
			@Nullable String subprotocol, @Nullable SSLSession sslSession) {
		return (sslSession != null)
				? new ConnectionInfo(uri, openSince, roundTripTime, subprotocol, sslSession.getProtocol(),
						sslSession.getCipherSuite(), peerCertificates(sslSession))
				: new ConnectionInfo(uri, openSince, roundTripTime, subprotocol, null, null, List.of());
	}

	/**
	 * Return what was negotiated, without what may be secret in the URL.
	 */
	@Override
	public String toString() {
		return "ConnectionInfo[host=" + this.uri.getHost() + ", port=" + this.uri.getPort() + ", openSince="
				+ this.openSince + ", roundTripTime=" + this.roundTripTime + ", subprotocol=" + this.subprotocol
				+ ", tlsProtocol=" + this.tlsProtocol + ", cipherSuite=" + this.cipherSuite + "]";
	}

	private static List<X509Certificate> peerCertificates(SSLSession sslSession) {
		try {
			return Stream.of(sslSession.getPeerCertificates()).map(X509Certificate.class::cast).toList();
		}
		catch (SSLPeerUnverifiedException ex) {
			return List.of();
		}
	}

}
