package io.github.mcpwss.testing;

import java.net.URI;

import io.github.mcpwss.server.McpWebSocketServerTransportProvider;

/**
 * An MCP endpoint over TLS on a random port of the loopback interface, whatever serves
 * it.
 */
public interface TestServer extends AutoCloseable {

	McpWebSocketServerTransportProvider provider();

	TestTls tls();

	int port();

	default URI uri() {
		return URI.create("wss://localhost:" + port() + "/mcp");
	}

	@Override
	void close();

}
