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

	private static final Pattern CREDENTIAL_HEADER = Pattern.compile(".*(token|secret|password|api-?key).*");

	/**
	 * Find all violations.
	 * @param properties the properties
	 * @param environment the environment
	 * @return the violations
	 */
	static List<SecurityViolation> find(McpWebSocketProperties properties, Environment environment) {
		List<SecurityViolation> violations = new ArrayList<>();
		Tls tls = properties.tls();
		if (!tls.isVerifyServer()) {
			violations.add(new SecurityViolation(Tls.PREFIX + ".verify-server",
					"the server's certificate is not verified at all",
					"remove the property, and set " + Tls.PREFIX + ".ca-cert-path where the authority is your own"));
		}
		if (tls.isAcceptInvalidCerts()) {
			violations.add(new SecurityViolation(Tls.PREFIX + ".accept-invalid-certs",
					"self-signed, expired and unknown certificates are accepted",
					"remove the property, and set " + Tls.PREFIX + ".ca-cert-path where the authority is your own"));
		}
		if (tls.isDevCertificate()) {
			violations
				.add(new SecurityViolation(Tls.PREFIX + ".dev-certificate", "the certificate is one for development",
						"remove the property, and set " + Tls.PREFIX + ".cert-path and " + Tls.PREFIX
								+ ".key-path (server) or " + Tls.PREFIX + ".ca-cert-path (client)"));
		}
		switch (Mode.of(properties)) {
			case SERVER -> addPlainServer(properties, environment, violations);
			case CLIENT -> addPlainClient(properties, violations);
			default -> {
			}
		}
		return violations;
	}

	private static void addPlainServer(McpWebSocketProperties properties, Environment environment,
			List<SecurityViolation> violations) {
		String address = (properties.url() != null) ? ListenerAddress.host(properties)
				: Binder.get(environment).bind("server.address", String.class).orElse("");
		if (!properties.isTls() && !properties.tls().isOffloaded() && !Loopback.is(address)) {
			violations.add(new SecurityViolation(McpWebSocketProperties.PREFIX + ".use-tls",
					"the server serves ws:// without TLS",
					"remove the property and give the server a certificate, or set " + Tls.PREFIX
							+ ".offloaded to true if a proxy in front of this application ends TLS"));
		}
	}

	private static void addPlainClient(McpWebSocketProperties properties, List<SecurityViolation> violations) {
		URI uri = uri(properties.url());
		if (uri == null || !"ws".equalsIgnoreCase(uri.getScheme()) || Loopback.is(uri.getHost())) {
			return;
		}
		violations.add(new SecurityViolation(McpWebSocketProperties.PREFIX + ".url",
				"the connection to the server is ws:// without TLS", "use a wss:// URL"));
		List<String> credentials = properties.headers()
			.keySet()
			.stream()
			.filter(SecurityViolation::isCredential)
			.sorted()
			.toList();
		for (String header : credentials) {
			violations.add(new SecurityViolation(McpWebSocketProperties.PREFIX + ".headers." + header,
					"credentials are sent without TLS", "use a wss:// URL"));
		}
	}

	private static boolean isCredential(String header) {
		String name = header.toLowerCase(Locale.ROOT);
		return CREDENTIAL_HEADERS.contains(name) || CREDENTIAL_HEADER.matcher(name).matches();
	}

	private static @Nullable URI uri(@Nullable String url) {
		try {
			return (url != null) ? URI.create(url) : null;
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

}
