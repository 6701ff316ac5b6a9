package io.github.mcpwss.autoconfigure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rules of {@code mcp.websocket.url}.
 */
class ServerUrlTests {

	@ParameterizedTest
	@CsvSource({ "wss://host, wss://host/mcp", "wss://host:8443, wss://host:8443/mcp", "wss://host/a, wss://host/a",
			"wss://host/, wss://host/", "wss://host?a=b, wss://host/mcp?a=b", "wss://[::1]:1, wss://[::1]:1/mcp",
			"WSS://host/a, WSS://host/a" })
	void urlIsCompletedWithPath(String url, String expected) {
		assertThat(ServerUrl.get(TestProperties.bindEndpoint("url=" + url))).hasToString(expected);
	}

	@Test
	void pathIsUsedWhereUrlHasNone() {
		assertThat(ServerUrl.get(TestProperties.bindEndpoint("url=wss://host", "path=/tools")))
			.hasToString("wss://host/tools");
		assertThat(ServerUrl.get(TestProperties.bindEndpoint("url=wss://host/tools", "path=/tools")))
			.hasToString("wss://host/tools");
	}

	@ParameterizedTest
	@CsvSource({ "http://host, does not start with wss:// or ws://", "host:8443, does not start with wss:// or ws://",
			"wss:///mcp, has no valid host", "wss://my_host/mcp, has no valid host", "wss://host/mcp#x, has a fragment",
			"wss://host:0/mcp, has no valid port", "wss://host:70000/mcp, has no valid port",
			"wss://ho st/mcp, is malformed", "ws://localhost/mcp, 'starts with ws://, and mcp.websocket.use-tls is'" })
	void urlIsRefused(String url, String problem) {
		Contexts.any()
			.withPropertyValues("mcp.websocket.url=" + url)
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("mcp.websocket.url " + problem));
	}

	@Test
	void schemeThatContradictsUseTlsIsRefused() {
		Contexts.any()
			.withPropertyValues("mcp.websocket.url=wss://host/mcp", "mcp.websocket.use-tls=false")
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("mcp.websocket.url starts with wss://, and mcp.websocket.use-tls is false"));
		Contexts.any()
			.withPropertyValues("mcp.websocket.url=ws://localhost/mcp", "mcp.websocket.use-tls=true")
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("mcp.websocket.url starts with ws://, and mcp.websocket.use-tls is true"));
		Contexts.any()
			.withPropertyValues("mcp.websocket.url=ws://localhost/mcp", "mcp.websocket.use-tls=false")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void pathThatContradictsUrlIsRefused() {
		Contexts.any()
			.withPropertyValues("mcp.websocket.url=wss://host/a", "mcp.websocket.path=/b")
			.run((context) -> assertThat(Failures.text(context.getStartupFailure())).contains("mcp.websocket.url",
					"'/a'", "mcp.websocket.path is '/b'"));
	}

	@ParameterizedTest
	@CsvSource({ "wss://user:hunter2@host/mcp, holds user info", "wss://user:hunter2@ho st/mcp, is malformed" })
	void userInfoIsRefusedWithoutTellingIt(String url, String problem) {
		Contexts.any().withPropertyValues("mcp.websocket.url=" + url).run((context) -> {
			assertThat(Failures.text(context.getStartupFailure())).contains("mcp.websocket.url " + problem)
				.doesNotContain("hunter2");
			assertThat(context.getStartupFailure()).hasMessageNotContaining("hunter2");
		});
	}

}
