package io.github.mcpwss.kit;

import io.modelcontextprotocol.server.AbstractMcpAsyncServerTests;
import io.modelcontextprotocol.server.McpServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * The SDK's tests of its asynchronous server, with a client connected over wss.
 */
class McpKitAsyncServerTests extends AbstractMcpAsyncServerTests {

	private static WssKit kit;

	@BeforeAll
	static void start() {
		kit = new WssKit();
	}

	@AfterAll
	static void stop() {
		kit.close();
	}

	@Override
	protected McpServer.AsyncSpecification<?> prepareAsyncServerBuilder() {
		return McpServer.async(kit.providerWithClient());
	}

	@Override
	protected void onClose() {
		kit.reset();
	}

}
