package io.github.mcpwss.autoconfigure;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Where a listener of its own listens.
 *
 * @param address the address, with port 0 for any that is free
 * @param path the path of the endpoint
 */
record ListenerAddress(InetSocketAddress address, String path) {

	/**
	 * Return the address that the URL names.
	 * @param properties the properties, with a URL
	 * @return the address
	 * @throws McpWebSocketConfigurationException if the URL cannot be listened on
	 */
	static ListenerAddress get(McpWebSocketProperties properties) {
		EndpointProperties endpoint = EndpointProperties.of(properties);
		URI uri = ServerUrl.get(complete(properties), endpoint);
		if (uri.getPort() == -1) {
			throw ServerUrl.refused(endpoint, "has no port to listen on",
					"Use a URL such as wss://0.0.0.0:8443/mcp; port 0 stands for any that is free.");
		}
		if (uri.getRawQuery() != null) {
			throw ServerUrl.refused(endpoint, "has a query, which an address to listen on does not",
					"Remove the '?' and what follows it.");
		}
		return new ListenerAddress(new InetSocketAddress(resolve(uri.getHost(), endpoint), uri.getPort()),
				uri.getRawPath());
	}

	/**
	 * Return the host of the URL without judging the rest of it.
	 * @param properties the properties, with a URL
	 * @return the host or {@code null} if there is none
	 */
	static @Nullable String host(McpWebSocketProperties properties) {
		try {
			return URI.create(complete(properties)).getHost();
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	private static String complete(McpWebSocketProperties properties) {
		String url = properties.url();
		Assert.state(url != null, "'url' must not be null");
		boolean plain = !properties.isTls() || properties.tls().isOffloaded();
		return url.contains("://") ? url : (plain ? "ws://" : "wss://") + url;
	}

	private static InetAddress resolve(String host, EndpointProperties endpoint) {
		try {
			return InetAddress.getByName(host);
		}
		catch (UnknownHostException ex) {
			throw ServerUrl.refused(endpoint, "names the host '%s', which has no address here".formatted(host),
					"Use an address of this machine, or 0.0.0.0 for all of them.");
		}
	}

}
