package io.github.mcpwss.autoconfigure;

import io.github.mcpwss.client.McpWebSocketHeadersCustomizer;
import io.github.mcpwss.client.WebSocketClients;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.client.ReactorResourceFactory;

/**
 * What all clients of an application share.
 */
@Configuration(proxyBeanMethods = false)
class ClientFactoryConfiguration {

	/**
	 * Phase in which clients close: before the event loops stop, which have the phase of
	 * a plain lifecycle.
	 */
	static final int CLOSE_PHASE = 1;

	@Bean
	ClientThreads mcpWebSocketClientThreads(Environment environment) {
		return new ClientThreads(environment);
	}

	@Bean
	ClientFactory mcpWebSocketClientFactory(ObjectProvider<ReactorResourceFactory> resourceFactory,
			ClientThreads threads, @Qualifier("mcpServerJsonMapper") ObjectProvider<JsonMapper> mcpServerJsonMapper,
			ObjectProvider<JsonMapper> jsonMapper, ObjectProvider<McpWebSocketHeadersCustomizer> customizers) {
		ReactorResourceFactory resources = resourceFactory.getIfUnique();
		WebSocketClients clients = new WebSocketClients((resources != null) ? resources.getLoopResources() : null);
		return new ClientFactory(clients, JsonRpcCodecs.get(mcpServerJsonMapper, jsonMapper), threads.scheduler(),
				customizers.orderedStream().toList());
	}

}
