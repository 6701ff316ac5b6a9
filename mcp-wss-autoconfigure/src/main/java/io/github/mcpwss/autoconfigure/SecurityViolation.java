package io.github.mcpwss.autoconfigure;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

import io.github.mcpwss.autoconfigure.McpWebSocketProperties.Tls;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.core.env.Environment;

/**
 * A setting that is not for production.
 *
 * @param property the property
 * @param description what is wrong with it
 * @param change what to change
 */
record SecurityViolation(String property, String description, String change) {

	private static final Set<String> CREDENTIAL_HEADERS = Set.of("authorization", "proxy-authorization", "cookie");

	/**
	 * All others are older, or words for several such as Tomcat's {@code all}.
	 */
	private static final Set<String> PROTOCOLS = Set.of("TLSv1.3", "TLSv1.2");

	private static final Pattern WEAK_CIPHER_SUITE = Pattern
		.compile(".*_(anon|NULL|EXPORT|RC4|RC2|DES|DES40|3DES|IDEA|MD5)(_.*|$)");

	private static final Pattern CREDENTIAL_HEADER = Pattern
		.compile(".*(auth|token|secret|passw|credential|jwt|session|(api|access)[-_]?key).*");

	/**
	 * Find all violations.
	 * @param properties the properties
	 * @param environment the environment
	 * @return the violations
	 */
	static List<SecurityViolation> find(McpWebSocketProperties properties, Environment environment) {
		List<SecurityViolation> violations = new ArrayList<>();
		EndpointProperties endpoint = EndpointProperties.of(properties);
		violations.addAll(ofTrust(endpoint));
		switch (endpoint.mode()) {
			case SERVER -> violations.addAll(ofPlainServer(properties, environment));
			case CLIENT -> violations.addAll(ofPlainClient(endpoint));
			default -> {
			}
		}
		for (EndpointProperties connection : EndpointProperties.named(properties)) {
			violations.addAll(ofTrust(connection));
			violations.addAll(ofPlainClient(connection));
		}
		return violations;
	}

	/**
	 * Find what is wrong with whom a server or client trusts, and how.
	 * @param endpoint the properties
	 * @return the violations
	 */
	static List<SecurityViolation> ofTrust(EndpointProperties endpoint) {
		List<SecurityViolation> violations = new ArrayList<>();
		Tls tls = endpoint.tls();
		String trustOwnAuthority = "remove the property, and set " + endpoint.property("tls.ca-cert-path")
				+ " where the authority is your own";
		if (!tls.isVerifyServer()) {
			violations.add(new SecurityViolation(endpoint.property("tls.verify-server"),
					"the server's certificate is not verified at all", trustOwnAuthority));
		}
		if (tls.isAcceptInvalidCerts()) {
			violations.add(new SecurityViolation(endpoint.property("tls.accept-invalid-certs"),
					"self-signed, expired and unknown certificates are accepted", trustOwnAuthority));
		}
		if (tls.isDevCertificate()) {
			violations.add(new SecurityViolation(endpoint.property("tls.dev-certificate"),
					"the certificate is one for development",
					"remove the property, and set " + ((endpoint.mode() == Mode.SERVER)
							? endpoint.property("tls.cert-path") + " and " + endpoint.property("tls.key-path")
							: endpoint.property("tls.ca-cert-path") + " where the authority is your own")));
		}
		violations.addAll(ofProtocols(endpoint.property("tls.enabled-protocols"), tls.enabledProtocols()));
		violations.addAll(ofCiphers(endpoint.property("tls.ciphers"), tls.ciphers()));
		return violations;
	}

	/**
	 * Find what is wrong with an SSL bundle of a server or client.
	 * @param endpoint the properties
	 * @param bundle the bundle, {@code null} if there is none
	 * @return the violations
	 */
	static List<SecurityViolation> ofBundle(EndpointProperties endpoint, @Nullable SslBundle bundle) {
		List<SecurityViolation> violations = new ArrayList<>(Identity.of(endpoint, bundle).violations());
		if (bundle != null) {
			String property = endpoint.property("tls.bundle");
			violations.addAll(ofProtocols(property, list(bundle.getOptions().getEnabledProtocols())));
			violations.addAll(ofCiphers(property, list(bundle.getOptions().getCiphers())));
		}
		return violations;
	}

	/**
	 * Find protocols that are no longer secure.
	 * @param property the property that they come from
	 * @param protocols the protocols
	 * @return the violations
	 */
	static List<SecurityViolation> ofProtocols(String property, List<String> protocols) {
		return protocols.stream()
			.filter((protocol) -> !PROTOCOLS.contains(protocol))
			.map((protocol) -> new SecurityViolation(property, protocol + " is no longer secure",
					"remove " + protocol + " from the enabled protocols"))
			.toList();
	}

	private static List<String> list(String @Nullable [] values) {
		return (values != null) ? List.of(values) : List.of();
	}

	/**
	 * Find cipher suites that do not encrypt, do not authenticate the server, or can be
	 * broken.
	 * @param property the property that they come from
	 * @param ciphers the cipher suites
	 * @return the violations
	 */
	static List<SecurityViolation> ofCiphers(String property, List<String> ciphers) {
		return ciphers.stream()
			.filter((suite) -> WEAK_CIPHER_SUITE.matcher(suite).matches())
			.map((suite) -> new SecurityViolation(property, suite + " is not secure",
					"remove " + suite + " from the cipher suites"))
			.toList();
	}

	private static List<SecurityViolation> ofPlainServer(McpWebSocketProperties properties, Environment environment) {
		String address = (properties.url() != null) ? ListenerAddress.host(properties)
				: Binder.get(environment).bind("server.address", String.class).orElse("");
		return ofPlainServer(properties, address);
	}

	/**
	 * Find what is wrong with a server without TLS.
	 * @param properties the properties
	 * @param address the address that the server listens on, {@code null} or empty for
	 * all
	 * @return the violations
	 */
	static List<SecurityViolation> ofPlainServer(McpWebSocketProperties properties, @Nullable String address) {
		if (properties.isTls() || properties.tls().isOffloaded() || Loopback.is(address)) {
			return List.of();
		}
		return List.of(new SecurityViolation(McpWebSocketProperties.PREFIX + ".use-tls",
				"the server serves ws:// without TLS", "remove the property and give the server a certificate, or set "
						+ Tls.PREFIX + ".offloaded to true if a proxy in front of this application ends TLS"));
	}

	/**
	 * Find what is wrong with a connection without TLS.
	 * @param endpoint the properties of a client
	 * @return the violations
	 */
	static List<SecurityViolation> ofPlainClient(EndpointProperties endpoint) {
		URI uri = uri(endpoint.url());
		if (uri == null || !"ws".equalsIgnoreCase(uri.getScheme()) || isLocal(uri.getHost(), endpoint)) {
			return List.of();
		}
		List<SecurityViolation> violations = new ArrayList<>();
		violations.add(new SecurityViolation(endpoint.property("url"),
				"the connection to the server is ws:// without TLS", "use a wss:// URL"));
		List<String> credentials = endpoint.connection()
			.headers()
			.keySet()
			.stream()
			.filter(SecurityViolation::isCredential)
			.sorted()
			.toList();
		for (String header : credentials) {
			violations.add(new SecurityViolation(endpoint.property("headers." + header),
					"credentials are sent without TLS", "use a wss:// URL"));
		}
		return violations;
	}

	private static boolean isLocal(@Nullable String host, EndpointProperties endpoint) {
		// Where there is a proxy, its loopback interface is meant.
		return host != null && Loopback.is(host) && !ClientDecisions.proxy(endpoint.connection().proxy()).isFor(host);
	}

	private static boolean isCredential(String header) {
		String name = header.toLowerCase(Locale.ROOT);
		return CREDENTIAL_HEADERS.contains(name) || CREDENTIAL_HEADER.matcher(name).matches();
	}

	/**
	 * Return what is wrong.
	 * @return the property and what is wrong with it
	 */
	@Override
	public String toString() {
		return this.property + ": " + this.description;
	}

	private static @Nullable URI uri(@Nullable String url) {
		try {
			return (url != null) ? URI.create(LocalPort.replaceIn(url)) : null;
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

}
