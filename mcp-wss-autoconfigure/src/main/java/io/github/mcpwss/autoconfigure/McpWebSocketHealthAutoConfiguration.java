package io.github.mcpwss.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} of the health of TLS files.
 */
@AutoConfiguration(after = McpWebSocketAutoConfiguration.class)
@ConditionalOnClass({ AbstractHealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean(TlsMaterials.class)
@ConditionalOnEnabledHealthIndicator("mcp-websocket-tls")
public final class McpWebSocketHealthAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "mcpWebSocketTlsHealthIndicator")
	TlsFilesHealthIndicator mcpWebSocketTlsHealthIndicator(McpWebSocketProperties properties, TlsMaterials materials) {
		return new TlsFilesHealthIndicator(properties, materials);
	}

}
