package io.github.mcpwss.autoconfigure;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import io.github.mcpwss.autoconfigure.McpWebSocketProperties.Connection;
import io.github.mcpwss.server.AllowedHosts;
import org.jspecify.annotations.Nullable;

/**
 * Finds properties that cannot take effect as they are. The URL has {@link ServerUrl
 * rules of its own}.
 */
final class PropertyRules {

	private static final String PREFIX = McpWebSocketProperties.PREFIX + ".";

	private static final Set<String> WITHOUT_MODE = Set.of("server-mode", "production-profiles", "connections");

	private static final Set<String> CLIENT_ONLY = Set.of("max-reconnect-attempts", "reconnect-delay", "reconnect-wait",
			"headers", "tls.verify-server", "tls.accept-invalid-certs", "tls.server-name", "tls.pinned-keys",
			"proxy.type", "proxy.host", "proxy.port", "proxy.username", "proxy.password", "proxy.non-proxy-hosts");

	private static final Set<String> SERVER_ONLY = Set.of("compression", "max-connections", "max-in-flight-requests",
			"initialization-timeout", "allowed-origins", "allowed-hosts", "tls.client-auth", "tls.offloaded");

	private static final Pattern CONNECTION_NAME = Pattern.compile("[A-Za-z0-9_-]+");

	private final McpWebSocketProperties properties;

	private final Mode mode;

	private final List<String> set;

	private final List<ConfigurationProblem> problems = new ArrayList<>();

	private PropertyRules(McpWebSocketProperties properties, Mode mode) {
		this.properties = properties;
		this.mode = mode;
		this.set = properties.values()
			.entrySet()
			.stream()
			.filter((entry) -> entry.getValue() != null)
			.map(Map.Entry::getKey)
			.toList();
	}

	static List<ConfigurationProblem> check(McpWebSocketProperties properties, Mode mode) {
		PropertyRules rules = new PropertyRules(properties, mode);
		rules.checkMode();
		if (mode != Mode.NONE) {
			rules.checkServerValues();
		}
		rules.problems.addAll(EndpointRules.check(EndpointProperties.of(properties), properties.asConnection()));
		properties.connections().forEach(rules::checkConnection);
		return rules.problems;
	}

	private void checkMode() {
		switch (this.mode) {
			case NONE -> forEach((name) -> !WITHOUT_MODE.contains(name) && !this.properties.isInherited(name),
					(name) -> problem(
							"%s has no effect: neither %s nor %s is set.".formatted(name, PREFIX + "server-mode",
									PREFIX + "url"),
							"Set %s to true for a server or %s for a client, or remove %s."
								.formatted(PREFIX + "server-mode", PREFIX + "url", name)));
			case SERVER -> forEach((name) -> CLIENT_ONLY.contains(name) && !this.properties.isInherited(name),
					(name) -> problem("%s is for clients and has no effect on a server (%s is true).".formatted(name,
							PREFIX + "server-mode"), "Remove %s.".formatted(name)));
			case CLIENT ->
				forEach(SERVER_ONLY::contains,
						(name) -> problem(
								"%s is for servers and has no effect on a client (%s is set and %s is not true)."
									.formatted(name, PREFIX + "url", PREFIX + "server-mode"),
								"Remove %s.".formatted(name)));
		}
	}

	private void checkConnection(String name, Connection connection) {
		EndpointProperties endpoint = EndpointProperties.named(name, connection);
		if (!CONNECTION_NAME.matcher(name).matches()) {
			problem("'%s' below %sconnections is no name of a connection.".formatted(name, PREFIX),
					"Use letters, digits, '-' and '_'.");
			return;
		}
		if (connection.url() == null) {
			problem("%s is not set.".formatted(endpoint.property("url")),
					"Set it to the URL of the server to connect to, or remove what is below %s."
						.formatted(endpoint.prefix()));
		}
		connection.values().forEach((property, value) -> {
			if (value != null && SERVER_ONLY.contains(property)) {
				problem("%s is for servers and has no effect on a client.".formatted(endpoint.property(property)),
						"Remove %s.".formatted(endpoint.property(property)));
			}
		});
		this.problems.addAll(EndpointRules.check(endpoint, connection.withDefaults(this.properties.asConnection())));
	}

	private void checkServerValues() {
		DurationRule.check(PREFIX + "initialization-timeout", this.properties.initializationTimeout(), true)
			.ifPresent(this.problems::add);
		checkPositive("max-connections", this.properties.maxConnections());
		checkPositive("max-in-flight-requests", this.properties.maxInFlightRequests());
		checkAllowedHosts();
		checkAllowedOrigins();
	}

	private void checkAllowedOrigins() {
		for (String origin : this.properties.allowedOrigins()) {
			if (!origin.equals("*") && !isOrigin(origin)) {
				problem("%s holds '%s', which no browser sends as an origin.".formatted(PREFIX + "allowed-origins",
						origin),
						"Write origins as scheme://host or scheme://host:port, without a path, or '*' for all.");
			}
		}
	}

	private void checkAllowedHosts() {
		for (String host : this.properties.allowedHosts()) {
			if (!AllowedHosts.isHost(host)) {
				problem("%s holds '%s', which is no host.".formatted(PREFIX + "allowed-hosts", host),
						"Write hosts as name, name:port, address or [IPv6 address], without a scheme or path, or '*' for all.");
			}
		}
	}

	private static boolean isOrigin(String origin) {
		try {
			URI uri = URI.create(origin);
			return uri.getScheme() != null && uri.getRawAuthority() != null
					&& origin.equals(uri.getScheme() + "://" + uri.getRawAuthority());
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	private void checkPositive(String name, @Nullable Integer number) {
		if (number != null && number < 1) {
			problem("%s is %d.".formatted(PREFIX + name, number), "Set it to 1 or more.");
		}
	}

	private void forEach(Predicate<String> condition, Consumer<String> action) {
		this.set.stream().filter(condition).map((name) -> PREFIX + name).forEach(action);
	}

	private void problem(String description, String action) {
		this.problems.add(new ConfigurationProblem(description, action));
	}

}
