package io.github.mcpwss.autoconfigure;

import java.util.List;

import io.github.mcpwss.autoconfigure.McpWebSocketProperties.Tls;
import io.github.mcpwss.tls.CipherSuites;

import org.springframework.boot.ssl.SslOptions;

/**
 * Which protocols and cipher suites of TLS are used where an SSL bundle does not say so
 * itself.
 *
 * @param protocols the protocols
 * @param ciphers the cipher suites in the order of preference
 */
record TlsOptions(List<String> protocols, List<String> ciphers) {

	static TlsOptions get(Tls tls) {
		return new TlsOptions(
				tls.enabledProtocols().isEmpty() ? CipherSuites.DEFAULT_PROTOCOLS : tls.enabledProtocols(),
				tls.ciphers().isEmpty() ? CipherSuites.defaults() : tls.ciphers());
	}

	/**
	 * Return the options to use.
	 * @param options those of the bundle
	 * @return the options
	 */
	SslOptions apply(SslOptions options) {
		String[] enabledProtocols = options.getEnabledProtocols();
		String[] enabledCiphers = options.getCiphers();
		String[] applied = (enabledProtocols != null) ? enabledProtocols : this.protocols.toArray(String[]::new);
		String[] appliedCiphers = (enabledCiphers != null) ? enabledCiphers : this.ciphers.toArray(String[]::new);
		requireUsable(List.of(applied), List.of(appliedCiphers));
		return SslOptions.of(appliedCiphers, applied);
	}

	private static void requireUsable(List<String> protocols, List<String> ciphers) {
		if (!CipherSuites.isUsable(protocols, ciphers)) {
			throw new McpWebSocketConfigurationException(
					"No TLS handshake can be made with the protocols %s and the cipher suites %s (%s.enabled-protocols, %s.ciphers, or the options of the SSL bundle): this JVM has disabled the protocols, or they have none of the suites."
						.formatted(String.join(", ", protocols), String.join(", ", ciphers), Tls.PREFIX, Tls.PREFIX),
					"Remove both to have TLSv1.3 and TLSv1.2 with good cipher suites, or enable suites of the protocols.");
		}
	}

}
