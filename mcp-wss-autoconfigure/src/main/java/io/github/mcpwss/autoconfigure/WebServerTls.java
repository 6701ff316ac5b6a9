package io.github.mcpwss.autoconfigure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import javax.net.ssl.SSLEngine;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.Ssl.ClientAuth;
import org.springframework.boot.web.server.Ssl.ServerNameSslBundle;
import org.springframework.boot.web.server.WebServerSslBundle;
import org.springframework.util.StringUtils;

/**
 * TLS of the application's web server that {@code server.ssl} configures.
 *
 * @param ssl the properties
 * @param bundle what they are made into
 * @param serverNames the bundles for the names that clients may ask for (SNI)
 */
record WebServerTls(Ssl ssl, SslBundle bundle, Map<String, SslBundle> serverNames) {

	/**
	 * What the names of the properties begin with.
	 */
	static final String PREFIX = "server.ssl";

	/**
	 * The property that names an SSL bundle.
	 */
	static final String BUNDLE = PREFIX + ".bundle";

	/**
	 * The property that names SSL bundles for the names that clients ask for.
	 */
	static final String SERVER_NAMES = PREFIX + ".server-name-bundles";

	private static final List<String> FILES = List.of(PREFIX + ".certificate", PREFIX + ".key-store");

	/**
	 * Not a protocol, but a way to say hello that the JDK counts among them.
	 */
	private static final String HELLO = "SSLv2Hello";

	static WebServerTls of(Ssl ssl, @Nullable SslBundles sslBundles) {
		Map<String, SslBundle> serverNames = new LinkedHashMap<>();
		if (sslBundles != null) {
			ssl.getServerNameBundles()
				.forEach((name) -> serverNames.put(name.serverName(), sslBundles.getBundle(name.bundle())));
		}
		return new WebServerTls(ssl, WebServerSslBundle.get(ssl, sslBundles), serverNames);
	}

	/**
	 * Return the names of all bundles that properties name.
	 * @param ssl the properties
	 * @return the names
	 */
	static List<String> bundleNames(Ssl ssl) {
		return Stream
			.concat(Stream.ofNullable(ssl.getBundle()),
					ssl.getServerNameBundles().stream().map(ServerNameSslBundle::bundle))
			.filter(StringUtils::hasText)
			.distinct()
			.toList();
	}

	/**
	 * Return the name of the bundle.
	 * @return the name, {@code null} where the properties name files
	 */
	@Nullable String bundleName() {
		return StringUtils.hasText(this.ssl.getBundle()) ? this.ssl.getBundle() : null;
	}

	/**
	 * Return the protocols that may be used: those of the JDK where nothing is said.
	 * @return the protocols
	 */
	List<String> protocols() {
		return protocols(this.bundle);
	}

	/**
	 * Return the cipher suites that may be used: those of the JDK where nothing is said.
	 * @return the cipher suites
	 */
	List<String> cipherSuites() {
		return ciphers(this.bundle);
	}

	private static List<String> ciphers(SslBundle bundle) {
		String[] ciphers = bundle.getOptions().getCiphers();
		return List.of((ciphers != null) ? ciphers : engine(bundle).getEnabledCipherSuites());
	}

	private static List<String> protocols(SslBundle bundle) {
		String[] protocols = bundle.getOptions().getEnabledProtocols();
		return (protocols != null) ? List.of(protocols)
				: Stream.of(engine(bundle).getEnabledProtocols())
					.filter((protocol) -> !protocol.equals(HELLO))
					.toList();
	}

	private static SSLEngine engine(SslBundle bundle) {
		SSLEngine engine = bundle.createSslContext().createSSLEngine();
		engine.setUseClientMode(false);
		return engine;
	}

	ClientAuth clientAuth() {
		return (this.ssl.getClientAuth() != null) ? this.ssl.getClientAuth() : ClientAuth.NONE;
	}

	/**
	 * Find what is not for production.
	 * @return the violations
	 */
	List<SecurityViolation> violations() {
		List<SecurityViolation> violations = new ArrayList<>(violations(property(), this.bundle));
		this.serverNames.values().forEach((bundle) -> violations.addAll(violations(SERVER_NAMES, bundle)));
		if (clientAuth() != ClientAuth.NONE && this.bundle.getStores().getTrustStore() == null) {
			violations.add(new SecurityViolation(PREFIX + ".client-auth",
					"there are no authorities to verify client certificates with, and all that the system knows would do",
					(bundleName() != null) ? "give the SSL bundle '%s' a truststore".formatted(bundleName())
							: "set " + PREFIX + ".trust-certificate or " + PREFIX + ".trust-store"));
		}
		return violations;
	}

	/**
	 * Find what is wrong with an SSL bundle.
	 * @param property the property that it comes from
	 * @param bundle the bundle
	 * @return the violations
	 */
	static List<SecurityViolation> violations(String property, SslBundle bundle) {
		List<SecurityViolation> violations = new ArrayList<>(Identity.of(property, bundle).violations());
		violations.addAll(SecurityViolation
			.ofProtocols(FILES.contains(property) ? PREFIX + ".enabled-protocols" : property, protocols(bundle)));
		violations.addAll(SecurityViolation.ofCiphers(FILES.contains(property) ? PREFIX + ".ciphers" : property,
				ciphers(bundle)));
		return violations;
	}

	/**
	 * Return the property that the certificate comes from.
	 * @return the property
	 */
	String property() {
		if (bundleName() != null) {
			return BUNDLE;
		}
		return FILES.get((this.ssl.getCertificate() != null) ? 0 : 1);
	}

}
