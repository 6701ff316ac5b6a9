package io.github.mcpwss.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import io.github.mcpwss.client.McpWebSocketClientTransport;
import io.github.mcpwss.client.McpWebSocketConnections;

import org.springframework.ai.mcp.client.common.autoconfigure.NamedClientMcpTransport;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} that makes MCP clients of Spring AI of the connections.
 */
@AutoConfiguration(
		after = { McpWebSocketClientAutoConfiguration.class, McpWebSocketConnectionsAutoConfiguration.class },
		beforeName = "org.springframework.ai.mcp.client.common.autoconfigure.McpClientAutoConfiguration")
@ConditionalOnBooleanProperty(name = { "mcp.websocket.enabled", "spring.ai.mcp.client.enabled" }, matchIfMissing = true)
@ConditionalOnClass(NamedClientMcpTransport.class)
@Conditional(OnAnyClientCondition.class)
public final class McpWebSocketSpringAiClientAutoConfiguration {

	/**
	 * What the connection without a name is called.
	 */
	private static final String NAME = "mcp-websocket";

	@Bean
	List<NamedClientMcpTransport> mcpWebSocketNamedClientMcpTransports(
			ObjectProvider<McpWebSocketClientTransport> transport,
			ObjectProvider<McpWebSocketConnections> connections) {
		List<NamedClientMcpTransport> transports = new ArrayList<>();
		transport.ifAvailable((single) -> transports.add(new NamedClientMcpTransport(NAME, single)));
		connections.ifAvailable((named) -> named.getNames()
			.forEach((name) -> transports.add(new NamedClientMcpTransport(name, named.getTransport(name)))));
		return transports;
	}

}
