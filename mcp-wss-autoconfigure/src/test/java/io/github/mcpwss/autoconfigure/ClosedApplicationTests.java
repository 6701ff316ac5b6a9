package io.github.mcpwss.autoconfigure;

import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.github.mcpwss.client.McpWebSocketClientTransport;
import io.github.mcpwss.server.McpWebSocketServerTransportProvider;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that was closed leaves nothing in the JVM, where others may go on: those
 * of other tests, or the next version of it in a container.
 */
@Timeout(60)
class ClosedApplicationTests {

	@TempDir
	private Path directory;

	@ParameterizedTest
	@EnumSource(WebApplicationType.class)
	void isCollected(WebApplicationType type) {
		List<WeakReference<Object>> references = runAndClose(type);
		assertThat(references).hasSize(4);
		Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(100)).untilAsserted(() -> {
			System.gc();
			assertThat(references).allSatisfy((reference) -> assertThat(reference.get()).isNull());
		});
	}

	private List<WeakReference<Object>> runAndClose(WebApplicationType type) {
		String[] development = { "mcp.websocket.tls.dev-certificate=true",
				"mcp.websocket.tls.dev-certificate-directory=" + this.directory };
		try (Applications applications = new Applications()) {
			// Nobody closes the MCP server, which is an application's to do or to leave.
			ConfigurableApplicationContext server = applications.run(
					new SpringApplicationBuilder(Applications.ServerApplication.class).web(type), development,
					"server.port=0", "server.address=127.0.0.1", "mcp.websocket.server-mode=true",
					(type == WebApplicationType.NONE) ? "mcp.websocket.url=127.0.0.1:0" : "a=b");
			ConfigurableApplicationContext client = applications.client(Applications.endpointPort(server), development);
			assertThat(Applications.echo(client, "hello")).isEqualTo("hello");
			return List.of(new WeakReference<>(server),
					new WeakReference<>(server.getBean(McpWebSocketServerTransportProvider.class)),
					new WeakReference<>(client),
					new WeakReference<>(client.getBean(McpWebSocketClientTransport.class)));
		}
	}

}
