package io.github.mcpwss.testing;

import java.net.URI;

import io.github.mcpwss.server.McpWebSocketServerTransportProvider;
import io.github.mcpwss.tls.TestCertificates.Issued;

/**
 * An MCP endpoint over TLS on a random port of the loopback interface, whatever serves
 * it.
 */
public interface TestServer extends AutoCloseable {

	McpWebSocketServerTransportProvider provider();

	TestTls tls();

	/**
	 * Have new connections see another certificate. Jetty does not.
	 * @param identity the certificate and its key
	 */
	void present(Issued identity);

	int port();

	default URI uri() {
		return URI.create("wss://localhost:" + port() + "/mcp");
	}

	@Override
	void close();

}
