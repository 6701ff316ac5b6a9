package io.github.mcpwss.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import io.github.mcpwss.autoconfigure.McpWebSocketProperties.Proxy;
import io.github.mcpwss.client.ProxySettings;
import org.jspecify.annotations.Nullable;

/**
 * Finds properties of a proxy that cannot take effect as they are.
 */
final class ProxyPropertyRules {

	private static final Pattern HOST = Pattern
		.compile("[^\\s:/?#@\\[\\]]+|\\[?[0-9A-Fa-f]*:[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*]?");

	private static final Pattern HOSTS = Pattern.compile("\\*?[^\\s*/?#@|,]+\\*?|\\*");

	/**
	 * What RFC 1929 has room for.
	 */
	private static final int LONGEST_SOCKS_CREDENTIAL = 255;

	private final Proxy proxy;

	private final ProxySettings.Type type;

	private final String prefix;

	private final List<ConfigurationProblem> problems = new ArrayList<>();

	private ProxyPropertyRules(EndpointProperties endpoint) {
		this.proxy = endpoint.connection().proxy();
		this.type = ClientDecisions.proxy(this.proxy).type();
		this.prefix = endpoint.property("proxy.");
	}

	static List<ConfigurationProblem> check(EndpointProperties endpoint) {
		ProxyPropertyRules rules = new ProxyPropertyRules(endpoint);
		switch (rules.type) {
			case SYSTEM, NONE -> rules.checkNothingElse();
			default -> {
				rules.checkAddress();
				rules.checkCredentials();
				rules.checkNonProxyHosts();
			}
		}
		return rules.problems;
	}

	private void checkNothingElse() {
		this.proxy.values().forEach((name, value) -> {
			if (value != null && !name.equals("type")) {
				problem((this.proxy.type() != null)
						? "%s has no effect: %s is '%s'.".formatted(this.prefix + name, this.prefix + "type",
								typeName())
						: "%s is set without %s.".formatted(this.prefix + name, this.prefix + "host"),
						"Set %s to the host of the proxy, or remove %s.".formatted(this.prefix + "host",
								this.prefix + name));
			}
		});
	}

	private void checkAddress() {
		requires("type", this.proxy.type(), "host", this.proxy.host());
		requires("host", this.proxy.host(), "port", this.proxy.port());
		String host = this.proxy.host();
		if (host != null && !HOST.matcher(host).matches()) {
			problem("%s is no host.".formatted(this.prefix + "host"),
					"Set it to a name or an address alone, and %s to the port.".formatted(this.prefix + "port"));
		}
		Integer port = this.proxy.port();
		if (port != null && (port < 1 || port > 65535)) {
			problem("%s is %d.".formatted(this.prefix + "port", port), "Set it to a port from 1 to 65535.");
		}
	}

	private void checkCredentials() {
		requires("password", this.proxy.password(), "username", this.proxy.username());
		switch (this.type) {
			case SOCKS4 -> {
				if (this.proxy.password() != null) {
					problem("%s has no effect: SOCKS 4 knows no passwords.".formatted(this.prefix + "password"),
							"Remove it, or use a proxy of another type.");
				}
			}
			case SOCKS5 -> {
				requires("username", this.proxy.username(), "password", this.proxy.password());
				checkSocksCredential("username", this.proxy.username());
				checkSocksCredential("password", this.proxy.password());
			}
			default -> {
				requires("username", this.proxy.username(), "password", this.proxy.password());
				String username = this.proxy.username();
				if (username != null && username.contains(":")) {
					problem("%s has a colon, which HTTP cannot tell from the password."
						.formatted(this.prefix + "username"), "Use a user name without a colon.");
				}
			}
		}
	}

	private void checkSocksCredential(String name, @Nullable String value) {
		if (value != null && (value.length() > LONGEST_SOCKS_CREDENTIAL
				|| !StandardCharsets.US_ASCII.newEncoder().canEncode(value))) {
			problem("%s cannot be sent to a SOCKS proxy.".formatted(this.prefix + name),
					"Use at most %d characters of ASCII.".formatted(LONGEST_SOCKS_CREDENTIAL));
		}
	}

	private void checkNonProxyHosts() {
		for (String hosts : this.proxy.nonProxyHosts()) {
			if (!HOSTS.matcher(hosts).matches()) {
				problem("%s holds '%s', which is no host.".formatted(this.prefix + "non-proxy-hosts", hosts),
						"Write hosts as in URLs, without a port, with an optional '*' at the beginning or end.");
			}
		}
	}

	private void requires(String name, @Nullable Object value, String other, @Nullable Object otherValue) {
		if (value != null && otherValue == null) {
			problem("%s is set without %s.".formatted(this.prefix + name, this.prefix + other),
					"Set %s, or remove %s.".formatted(this.prefix + other, this.prefix + name));
		}
	}

	private String typeName() {
		return this.type.name().toLowerCase(Locale.ROOT);
	}

	private void problem(String description, String action) {
		this.problems.add(new ConfigurationProblem(description, action));
	}

}
