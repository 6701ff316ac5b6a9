package io.github.mcpwss.autoconfigure;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;

import javax.net.ssl.X509TrustManager;

import io.github.mcpwss.autoconfigure.McpWebSocketProperties.ClientAuth;
import io.github.mcpwss.server.HandshakeTls;
import io.github.mcpwss.server.TlsRule;
import io.github.mcpwss.tls.Revocation;
import io.github.mcpwss.tls.ServerTrustManagers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslOptions;

/**
 * Holds each handshake to the protocols and client certificates that the properties ask
 * for, whatever customizers made of the web server.
 */
final class ServerTlsRule implements TlsRule {

	private static final Logger logger = LoggerFactory.getLogger(ServerTlsRule.class);

	/**
	 * What the JDK calls the key exchange where the protocol has no name for it.
	 */
	private static final String UNKNOWN = "UNKNOWN";

	private final ClientAuth clientAuth;

	private volatile List<String> protocols = List.of();

	private volatile @Nullable X509TrustManager trust;

	/**
	 * Create a rule.
	 * @param clientAuth whether clients have to present a certificate
	 */
	ServerTlsRule(ClientAuth clientAuth) {
		this.clientAuth = clientAuth;
	}

	/**
	 * Return the rule for what {@code server.ssl} configures, under a production profile.
	 * @param properties the properties
	 * @param guard refuses old protocols
	 * @return the rule
	 */
	static TlsRule ofWebServer(McpWebSocketProperties properties, ProductionGuard guard) {
		return (tls) -> {
			try {
				guard.check(properties, tls.protocol().isEmpty() ? List.of() : SecurityViolation
					.ofProtocols(WebServerTls.PREFIX + ".enabled-protocols", List.of(tls.protocol())));
				return null;
			}
			catch (InsecureProductionException ex) {
				return notEnabled(tls);
			}
		};
	}

	/**
	 * Go by another bundle from now on.
	 * @param bundle the bundle
	 * @param options the options that the server uses it with
	 */
	void follow(SslBundle bundle, SslOptions options) {
		if (this.clientAuth != ClientAuth.NONE) {
			if (bundle.getStores().getTrustStore() == null) {
				throw new IllegalStateException("It has no authorities to verify client certificates with");
			}
			// Revocation was checked in the TLS handshake, and may take the network.
			this.trust = (X509TrustManager) ServerTrustManagers
				.forServer(bundle.getManagers().getTrustManagerFactory(), Revocation.NONE)
				.getTrustManagers()[0];
		}
		String[] protocols = options.getEnabledProtocols();
		this.protocols = (protocols != null) ? List.of(protocols) : List.of();
	}

	private static String notEnabled(HandshakeTls tls) {
		return "Protocol " + tls.protocol() + " is not enabled";
	}

	@Override
	public @Nullable String check(HandshakeTls tls) {
		List<String> protocols = this.protocols;
		if (!tls.protocol().isEmpty() && !protocols.isEmpty() && !protocols.contains(tls.protocol())) {
			return notEnabled(tls);
		}
		if (tls.clientCertificates().isEmpty()) {
			return (this.clientAuth == ClientAuth.NEED) ? "A client certificate is required" : null;
		}
		X509TrustManager trust = this.trust;
		return (trust != null) ? check(trust, tls.clientCertificates().toArray(X509Certificate[]::new)) : null;
	}

	private static @Nullable String check(X509TrustManager trust, X509Certificate[] chain) {
		try {
			trust.checkClientTrusted(chain, UNKNOWN);
			return null;
		}
		catch (CertificateException ex) {
			logger.debug("Client certificates {} are not trusted", Arrays.toString(chain), ex);
			return "The client certificate is not trusted";
		}
	}

}
