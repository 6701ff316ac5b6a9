package io.github.mcpwss.kit;

import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;

import io.github.mcpwss.testing.Hosting;
import io.modelcontextprotocol.AbstractMcpClientServerIntegrationTests;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.server.McpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The SDK's tests of its server and client together, over wss.
 */
@ParameterizedClass
@EnumSource(Hosting.class)
class McpKitClientServerTests extends AbstractMcpClientServerIntegrationTests {

	/**
	 * The key that some tests of the kit name themselves.
	 */
	private static final String CLIENT = "httpclient";

	/**
	 * How often tests fetch the public file at least. Most of them pass without it too.
	 */
	private static final Map<String, Integer> FETCHES = Map.of("testToolCallSuccess", 1,
			"testToolListChangeHandlingSuccess", 3);

	@Parameter
	Hosting hosting;

	private static WssKit kit;

	private static PublicFile publicFile;

	private int servedBefore;

	static Stream<String> clientsForTesting() {
		return Stream.of(CLIENT);
	}

	@BeforeParameterizedClassInvocation
	static void start(Hosting hosting) {
		kit = new WssKit(hosting);
		publicFile = new PublicFile();
	}

	@AfterParameterizedClassInvocation
	static void stop() throws IOException {
		publicFile.close();
		kit.close();
	}

	@BeforeEach
	void prepare() {
		this.servedBefore = publicFile.served();
		prepareClients(kit.port(), "/mcp");
	}

	@AfterEach
	void reset(TestInfo test) {
		kit.reset();
		int fetches = FETCHES.getOrDefault(test.getTestMethod().orElseThrow().getName(), 0);
		assertThat(publicFile.served() - this.servedBefore).isGreaterThanOrEqualTo(fetches);
	}

	@Override
	protected void prepareClients(int port, String mcpEndpoint) {
		this.clientBuilders.put(CLIENT, McpClient.sync(kit.clientTransport()));
	}

	@Override
	protected McpServer.AsyncSpecification<?> prepareAsyncServerBuilder() {
		return McpServer.async(kit.provider());
	}

	@Override
	protected McpServer.SyncSpecification<?> prepareSyncServerBuilder() {
		return McpServer.sync(kit.provider());
	}

}
