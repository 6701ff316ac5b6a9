package io.github.mcpwss.autoconfigure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rules of {@code mcp.websocket.url} on a server.
 */
class ListenerAddressTests {

	@ParameterizedTest
	@CsvSource({ "wss://0.0.0.0:8443/mcp, 0.0.0.0, 8443, /mcp", "0.0.0.0:8443, 0.0.0.0, 8443, /mcp",
			"wss://127.0.0.1:0, 127.0.0.1, 0, /mcp", "127.0.0.1:1/a, 127.0.0.1, 1, /a",
			"wss://[::1]:1/, 0:0:0:0:0:0:0:1, 1, /", "wss://localhost:1, 127.0.0.1, 1, /mcp" })
	void urlIsAddress(String url, String host, int port, String path) {
		ListenerAddress address = ListenerAddress.get(TestProperties.bind("server-mode=true", "url=" + url));
		assertThat(address.address().getAddress().getHostAddress()).isEqualTo(host);
		assertThat(address.address().getPort()).isEqualTo(port);
		assertThat(address.path()).isEqualTo(path);
	}

	@Test
	void pathIsUsedWhereUrlHasNone() {
		assertThat(ListenerAddress.get(TestProperties.bind("url=wss://127.0.0.1:1", "path=/tools")).path())
			.isEqualTo("/tools");
	}

	@ParameterizedTest
	@ValueSource(strings = { "use-tls=false", "tls.offloaded=true" })
	void listenerIsPlainWhereTlsIsOff(String property) {
		for (String url : new String[] { "ws://127.0.0.1:1", "127.0.0.1:1" }) {
			assertThat(ListenerAddress.get(TestProperties.bind("url=" + url, property)).address().getPort()).isOne();
		}
	}

	@ParameterizedTest
	@CsvSource({ "wss://0.0.0.0/mcp, has no port", "0.0.0.0, has no port", "wss://0.0.0.0:70000, has no valid port",
			"http://0.0.0.0:1, does not start with wss:// or ws://", "wss://0.0.0.0:1/mcp?a=b, has a query",
			"wss://0.0.0.0:1/mcp#a, has a fragment", "wss://a:b@0.0.0.0:1, holds user info",
			"wss://no.such.host.invalid:1, names the host 'no.such.host.invalid'",
			"ws://0.0.0.0:1, 'starts with ws://, and mcp.websocket.use-tls is not false'" })
	void urlIsRefused(String url, String problem) {
		Contexts.any()
			.withPropertyValues("mcp.websocket.server-mode=true", "mcp.websocket.url=" + url)
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("mcp.websocket.url " + problem));
	}

	@ParameterizedTest
	@CsvSource({ "use-tls=false, mcp.websocket.use-tls is false",
			"tls.offloaded=true, mcp.websocket.tls.offloaded is true" })
	void schemeThatContradictsTlsIsRefused(String property, String reason) {
		Contexts.any()
			.withPropertyValues("mcp.websocket.server-mode=true", "mcp.websocket.url=wss://0.0.0.0:1",
					"mcp.websocket." + property)
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("mcp.websocket.url starts with wss://, and " + reason));
	}

	@Test
	void pathThatContradictsUrlIsRefused() {
		Contexts.any()
			.withPropertyValues("mcp.websocket.server-mode=true", "mcp.websocket.url=wss://0.0.0.0:1/a",
					"mcp.websocket.path=/b")
			.run((context) -> assertThat(Failures.text(context.getStartupFailure())).contains("mcp.websocket.url",
					"'/a'", "mcp.websocket.path is '/b'"));
	}

	@Test
	void listenerWithoutCertificateIsRefused() {
		Contexts.any()
			.withPropertyValues("mcp.websocket.server-mode=true", "mcp.websocket.url=wss://127.0.0.1:0")
			.run((context) -> assertThat(Failures.text(context.getStartupFailure())).contains("no certificate",
					"mcp.websocket.tls.cert-path"));
	}

	@ParameterizedTest
	@CsvSource({ "127.0.0.1:0, false", "ws://localhost:0, false", "ws://[::1]:0, false", "0.0.0.0:0, true",
			"ws://0.0.0.0:0/mcp, true" })
	void plainListenerIsRefusedInProductionButOnLoopback(String url, boolean refused) {
		Contexts.any()
			.withPropertyValues("spring.profiles.active=prod", "mcp.websocket.server-mode=true",
					"mcp.websocket.url=" + url, "mcp.websocket.use-tls=false", "server.address=127.0.0.1")
			.run((context) -> {
				if (refused) {
					assertThat(Failures.text(context.getStartupFailure())).contains("mcp.websocket.use-tls",
							"without TLS");
				}
				else {
					assertThat(context).hasNotFailed();
				}
			});
	}

}
