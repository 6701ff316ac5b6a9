package io.github.mcpwss.kit;

import io.modelcontextprotocol.server.AbstractMcpSyncServerTests;
import io.modelcontextprotocol.server.McpServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * The SDK's tests of its synchronous server, with a client connected over wss.
 */
class McpKitSyncServerTests extends AbstractMcpSyncServerTests {

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
	protected McpServer.SyncSpecification<?> prepareSyncServerBuilder() {
		return McpServer.sync(kit.providerWithClient());
	}

	@Override
	protected void onClose() {
		kit.reset();
	}

}
