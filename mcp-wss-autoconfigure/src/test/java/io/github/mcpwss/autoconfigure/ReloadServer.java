package io.github.mcpwss.autoconfigure;

import java.util.concurrent.Semaphore;

import io.github.mcpwss.server.TransportContextKeys;
import io.github.mcpwss.testing.TestTools;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.spec.McpServerTransportProvider;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * A server whose tools say who calls, and last as long as a test wants.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class ReloadServer {

	@Bean
	Semaphore release() {
		return new Semaphore(0);
	}

	@Bean(destroyMethod = "")
	McpSyncServer mcpServer(McpServerTransportProvider provider, Semaphore release) {
		return McpServer.sync(provider)
			.serverInfo("test", "1")
			.tools(TestTools.echo(), TestTools.sync("hold", (exchange, text) -> {
				release.acquireUninterruptibly();
				return text;
			}), TestTools.sync("who",
					(exchange, text) -> String
						.valueOf(exchange.transportContext().get(TransportContextKeys.CLIENT_CERTIFICATE_SUBJECT))))
			.build();
	}

}
