package io.github.mcpwss.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import javax.net.ssl.SNIHostName;

import io.github.mcpwss.autoconfigure.McpWebSocketProperties.Tls;
import io.github.mcpwss.tls.CertificatePin;
import io.github.mcpwss.tls.CipherSuites;

/**
 * Finds values of TLS properties that mean nothing.
 */
final class TlsPropertyRules {

	private TlsPropertyRules() {
	}

	static List<ConfigurationProblem> check(EndpointProperties endpoint) {
		Tls tls = endpoint.tls();
		String prefix = endpoint.property("tls");
		List<ConfigurationProblem> problems = new ArrayList<>();
		if (tls.serverName() != null) {
			checkServerName(prefix, tls.serverName(), problems);
		}
		tls.pinnedKeys().forEach((pin) -> checkPin(prefix, pin, problems));
		if (!tls.enabledProtocols().isEmpty()) {
			checkKnown(prefix, "enabled-protocols", tls.enabledProtocols(), CipherSuites.supportedProtocols(),
					problems);
		}
		if (!tls.ciphers().isEmpty()) {
			checkKnown(prefix, "ciphers", tls.ciphers(), CipherSuites.supported(), problems);
		}
		return problems;
	}

	private static void checkServerName(String prefix, String name, List<ConfigurationProblem> problems) {
		try {
			if (name.matches("[0-9.]+") || name.contains(":")) {
				throw new IllegalArgumentException("an address");
			}
			new SNIHostName(name);
		}
		catch (IllegalArgumentException ex) {
			problems
				.add(new ConfigurationProblem("%s.server-name is '%s', which is no host name.".formatted(prefix, name),
						"Set it to a DNS name that the server's certificate carries, without a port."));
		}
	}

	private static void checkPin(String prefix, String pin, List<ConfigurationProblem> problems) {
		try {
			CertificatePin.parse(pin);
		}
		catch (IllegalArgumentException ex) {
			problems.add(new ConfigurationProblem(
					"%s.pinned-keys holds '%s', which is no pin: %s.".formatted(prefix, pin, ex.getMessage()),
					"Write sha256/ and what 'openssl x509 -in CERTIFICATE -noout -pubkey | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64' prints, or the fingerprint that 'openssl x509 -in CERTIFICATE -noout -fingerprint -sha256' prints."));
		}
	}

	private static void checkKnown(String prefix, String property, List<String> values, Set<String> known,
			List<ConfigurationProblem> problems) {
		for (String value : values) {
			if (!known.contains(value)) {
				problems.add(new ConfigurationProblem(
						"%s.%s holds '%s', which this JVM does not know.".formatted(prefix, property, value),
						"Those that it knows: %s.".formatted(String.join(", ", new TreeSet<>(known)))));
			}
		}
	}

}
