package io.github.mcpwss.kit;

import java.time.Duration;

import io.modelcontextprotocol.client.AbstractMcpAsyncClientTests;
import io.modelcontextprotocol.spec.McpClientTransport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The SDK's tests of asynchronous clients, over wss against the reference server.
 */
@EnabledIfSystemProperty(named = EverythingServer.DIRECTORY, matches = ".+", disabledReason = EverythingServer.MISSING)
class McpKitAsyncClientTests extends AbstractMcpAsyncClientTests {

	private static EverythingServer server;

	@BeforeAll
	static void start() {
		server = new EverythingServer();
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@Override
	protected McpClientTransport createMcpTransport() {
		return server.transport();
	}

	@Override
	protected Duration getInitializationTimeout() {
		// Each client waits for a process of its own.
		return Duration.ofSeconds(20);
	}

}
