package io.github.mcpwss.autoconfigure;

import java.net.URI;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/**
 * What the properties of the client without a name say.
 */
final class PropertiesMcpWebSocketConnectionDetails implements McpWebSocketConnectionDetails {

	private final EndpointProperties endpoint;

	private final @Nullable String bundleName;

	private final SslBundles sslBundles;

	PropertiesMcpWebSocketConnectionDetails(EndpointProperties endpoint, @Nullable String bundleName,
			SslBundles sslBundles) {
		this.endpoint = endpoint;
		this.bundleName = bundleName;
		this.sslBundles = sslBundles;
	}

	@Override
	public URI getUrl() {
		return ServerUrl.get(this.endpoint);
	}

	@Override
	public @Nullable SslBundle getSslBundle() {
		return (this.bundleName != null) ? this.sslBundles.getBundle(this.bundleName) : null;
	}

}
