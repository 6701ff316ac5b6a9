package io.github.mcpwss.kit;

import io.github.mcpwss.testing.Hosting;
import io.modelcontextprotocol.server.AbstractMcpSyncServerTests;
import io.modelcontextprotocol.server.McpServer;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The SDK's tests of its synchronous server, with a client connected over wss.
 */
@ParameterizedClass
@EnumSource(Hosting.class)
class McpKitSyncServerTests extends AbstractMcpSyncServerTests {

	@Parameter
	Hosting hosting;

	private static WssKit kit;

	@BeforeParameterizedClassInvocation
	static void start(Hosting hosting) {
		kit = new WssKit(hosting);
	}

	@AfterParameterizedClassInvocation
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
