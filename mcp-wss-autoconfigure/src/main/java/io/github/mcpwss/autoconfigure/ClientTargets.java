package io.github.mcpwss.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Decides what clients connect to: connection details that the application has as a bean
 * take the place of the properties, and are judged as they are.
 */
final class ClientTargets implements SmartInitializingSingleton, TlsDecision {

	private final McpWebSocketProperties properties;

	private final ProductionGuard guard;

	private final ObjectProvider<McpWebSocketConnectionDetails> details;

	private final Map<String, ClientTarget> targets = new ConcurrentHashMap<>();

	ClientTargets(McpWebSocketProperties properties, ProductionGuard guard,
			ObjectProvider<McpWebSocketConnectionDetails> details) {
		this.properties = properties;
		this.guard = guard;
		this.details = details;
	}

	/**
	 * Return what a client connects to.
	 * @param endpoint what the properties say
	 * @return the target
	 */
	ClientTarget get(EndpointProperties endpoint) {
		ClientTarget target = this.targets.get(endpoint.prefix());
		if (target == null) {
			target = create(endpoint);
			this.targets.put(endpoint.prefix(), target);
		}
		return target;
	}

	private ClientTarget create(EndpointProperties endpoint) {
		McpWebSocketConnectionDetails details = (endpoint.mode() == Mode.CLIENT) ? find(endpoint) : null;
		if (details == null) {
			return new ClientTarget(endpoint, null);
		}
		EndpointProperties effective = endpoint.withUrl(details.getUrl());
		try {
			ServerUrl.get(effective);
		}
		catch (McpWebSocketConfigurationException ex) {
			throw new McpWebSocketConfigurationException(
					"The %s for %s cannot be used: %s".formatted(name(), endpoint.prefix(), ex.getMessage()),
					"Correct its URL, which takes the place of %s.".formatted(endpoint.property("url")), ex);
		}
		this.guard.check(this.properties,
				SecurityViolation.ofPlainClient(effective)
					.stream()
					.map((violation) -> new SecurityViolation("the %s for %s".formatted(name(), endpoint.prefix()),
							violation.description(), violation.change()))
					.toList());
		return new ClientTarget(effective, details.getSslBundle());
	}

	private @Nullable McpWebSocketConnectionDetails find(EndpointProperties endpoint) {
		List<McpWebSocketConnectionDetails> found = ofApplication()
			.filter((details) -> Objects.equals(details.getConnection(), endpoint.name()))
			.toList();
		if (found.size() > 1) {
			throw new McpWebSocketConfigurationException(
					"There are %d beans of the type %s for %s.".formatted(found.size(), name(), endpoint.prefix()),
					"Remove all but one of them, or let getConnection() return the names of different connections.");
		}
		return found.isEmpty() ? null : found.get(0);
	}

	private Stream<McpWebSocketConnectionDetails> ofApplication() {
		return this.details.stream().filter((details) -> !(details instanceof PropertiesMcpWebSocketConnectionDetails));
	}

	@Override
	public void afterSingletonsInstantiated() {
		ofApplication().map(McpWebSocketConnectionDetails::getConnection).forEach(this::requireConnection);
	}

	private void requireConnection(@Nullable String connection) {
		String prefix = McpWebSocketProperties.PREFIX;
		if (connection != null && !this.properties.connections().containsKey(connection)) {
			throw new McpWebSocketConfigurationException(
					"There is a bean of the type %s for the connection '%s', and no such connection below %s.connections."
						.formatted(name(), connection, prefix),
					"Set %s.connections.%s.url to the URL that holds without that bean, or remove the bean."
						.formatted(prefix, connection));
		}
		if (connection == null && Mode.of(this.properties) != Mode.CLIENT) {
			throw new McpWebSocketConfigurationException(
					"There is a bean of the type %s for the client without a name, and this application is no such client."
						.formatted(name()),
					"Set %s.url to the URL that holds without that bean, or let its getConnection() return the name of a connection below %s.connections."
						.formatted(prefix, prefix));
		}
	}

	private static String name() {
		return McpWebSocketConnectionDetails.class.getSimpleName();
	}

}
