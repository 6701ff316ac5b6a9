package io.github.mcpwss.tls;

import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Set;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/**
 * The protocols and cipher suites of TLS that are used where none are configured, and
 * those that this JVM knows.
 */
public final class CipherSuites {

	/**
	 * Protocols in the order of preference.
	 */
	public static final List<String> DEFAULT_PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

	/**
	 * Authenticated encryption with forward secrecy, in the order of preference.
	 */
	private static final List<String> PREFERRED = List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384",
			"TLS_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
			"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
			"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
			"TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

	private CipherSuites() {
	}

	/**
	 * Return the cipher suites to use where none are configured.
	 * @return the names in the order of preference
	 */
	public static List<String> defaults() {
		Set<String> supported = supported();
		return PREFERRED.stream().filter(supported::contains).toList();
	}

	/**
	 * Return the cipher suites that this JVM knows.
	 * @return the names
	 */
	public static Set<String> supported() {
		return Set.of(parameters().getCipherSuites());
	}

	/**
	 * Return the protocols that this JVM knows.
	 * @return the names
	 */
	public static Set<String> supportedProtocols() {
		return Set.of(parameters().getProtocols());
	}

	/**
	 * Return whether handshakes can be made with protocols and cipher suites: this JVM
	 * may have disabled the protocols, or none of the cipher suites is one of theirs.
	 * @param protocols the protocols
	 * @param cipherSuites the cipher suites
	 * @return whether there is something to offer
	 */
	public static boolean isUsable(List<String> protocols, List<String> cipherSuites) {
		try {
			SSLEngine engine = SSLContext.getDefault().createSSLEngine();
			engine.setUseClientMode(true);
			engine.setEnabledProtocols(protocols.toArray(String[]::new));
			engine.setEnabledCipherSuites(cipherSuites.toArray(String[]::new));
			engine.beginHandshake();
			return true;
		}
		catch (SSLException | IllegalArgumentException ex) {
			return false;
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("TLS is not available", ex);
		}
	}

	private static SSLParameters parameters() {
		try {
			return SSLContext.getDefault().getSupportedSSLParameters();
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("TLS is not available", ex);
		}
	}

}
