package io.github.mcpwss.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import io.github.mcpwss.tls.TlsConfigurationException;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Tells of certificates and keys in files that cannot be used as they are now: those from
 * before are in use still, and nothing would start with these. As Spring Boot does with
 * certificates near their end, it stays with a detail: the application works.
 */
final class TlsFilesHealthIndicator extends AbstractHealthIndicator {

	private final McpWebSocketProperties properties;

	private final TlsMaterials materials;

	TlsFilesHealthIndicator(McpWebSocketProperties properties, TlsMaterials materials) {
		super("TLS files could not be checked");
		this.properties = properties;
		this.materials = materials;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		List<String> problems = new ArrayList<>();
		check(EndpointProperties.of(this.properties), this.materials.endpoint(), problems);
		EndpointProperties.named(this.properties)
			.forEach((endpoint) -> check(endpoint, this.materials.named(String.valueOf(endpoint.name())), problems));
		builder.up().withDetail("unusableFiles", problems);
	}

	private void check(EndpointProperties endpoint, TlsMaterial material, List<String> problems) {
		try {
			material.load(endpoint);
		}
		catch (TlsConfigurationException ex) {
			problems.add(String.valueOf(ex.getMessage()));
		}
	}

}
