package io.github.mcpwss.autoconfigure;

import java.net.URI;
import java.util.List;

import io.github.mcpwss.autoconfigure.McpWebSocketProperties.Connection;
import io.github.mcpwss.autoconfigure.McpWebSocketProperties.Tls;
import org.jspecify.annotations.Nullable;

/**
 * What the properties say of one end of connections: of the server, of the client, or of
 * a named client, and where they say so.
 *
 * @param prefix what the names of the properties begin with
 * @param name the name of a named connection, {@code null} for the server or the client
 * that has none
 * @param mode whether this is a server or a client
 * @param connection the properties
 */
record EndpointProperties(String prefix, @Nullable String name, Mode mode, Connection connection) {

	/**
	 * Return the server, or the client without a name.
	 * @param properties the properties
	 * @return the server or the client; of the mode {@code NONE} where there is neither
	 */
	static EndpointProperties of(McpWebSocketProperties properties) {
		return new EndpointProperties(McpWebSocketProperties.PREFIX, null, Mode.of(properties),
				properties.asConnection());
	}

	/**
	 * Return the named connections, completed by what the properties without a name say
	 * for all.
	 * @param properties the properties
	 * @return the connections in the order of their configuration
	 */
	static List<EndpointProperties> named(McpWebSocketProperties properties) {
		Connection defaults = properties.asConnection();
		return properties.connections()
			.entrySet()
			.stream()
			.map((entry) -> named(entry.getKey(), entry.getValue().withDefaults(defaults)))
			.toList();
	}

	static EndpointProperties named(String name, Connection connection) {
		return new EndpointProperties(McpWebSocketProperties.PREFIX + ".connections." + name, name, Mode.CLIENT,
				connection);
	}

	/**
	 * Return the same properties for another server.
	 * @param url the URL of the server, which says whether there is TLS
	 * @return the properties
	 */
	EndpointProperties withUrl(URI url) {
		return new EndpointProperties(this.prefix, this.name, this.mode, this.connection.withUrl(url));
	}

	/**
	 * Return the full name of a property.
	 * @param property the name below the prefix
	 * @return the full name
	 */
	String property(String property) {
		return this.prefix + "." + property;
	}

	/**
	 * Return the name of the bundle that is made of the TLS properties.
	 * @return the name
	 */
	String bundleName() {
		return TlsMaterial.BUNDLE_NAME + ((this.name != null) ? "-" + this.name : "");
	}

	@Nullable String url() {
		return this.connection.url();
	}

	@Nullable String path() {
		return this.connection.path();
	}

	boolean isTls() {
		return !Boolean.FALSE.equals(this.connection.useTls());
	}

	Tls tls() {
		return this.connection.tls();
	}

}
