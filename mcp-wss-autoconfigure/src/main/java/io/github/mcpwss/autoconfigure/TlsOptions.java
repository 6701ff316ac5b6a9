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
		return SslOptions.of((enabledCiphers != null) ? enabledCiphers : this.ciphers.toArray(String[]::new),
				(enabledProtocols != null) ? enabledProtocols : this.protocols.toArray(String[]::new));
	}

}
