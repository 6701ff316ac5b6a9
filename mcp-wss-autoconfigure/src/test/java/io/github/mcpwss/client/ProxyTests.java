package io.github.mcpwss.client;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;

import io.github.mcpwss.client.ProxySettings.Type;
import io.github.mcpwss.testing.ForwardProxy;
import io.github.mcpwss.testing.ForwardProxy.Refusal;
import io.github.mcpwss.testing.ScriptedServer;
import io.github.mcpwss.testing.TestTls;
import io.github.mcpwss.testing.WssClient;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * Clients behind proxies, which alone can look up the server's host.
 */
class ProxyTests {

	private static final String HOST = "mcp.behind-a-proxy.invalid";

	private static final String PASSWORD = "hunter2";

	private final TestTls tls = new TestTls(HOST);

	private ForwardProxy proxy;

	private ScriptedServer server;

	private WssClient clients;

	@BeforeEach
	void start() {
		this.proxy = new ForwardProxy();
		this.clients = new WssClient(this.tls);
		this.server = ScriptedServer.overTls(this.tls, (peer) -> {
			peer.upgrade();
			peer.initialize();
			while (true) {
				String id = peer.readText().replaceAll(".*\"id\":(\\d+).*", "$1");
				peer.sendText("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{\"content\":[]}}");
			}
		});
	}

	@AfterEach
	void stop() {
		this.clients.close();
		this.server.close();
		this.proxy.close();
	}

	private String target() {
		return HOST + ":" + this.server.port();
	}

	private ClientSettings settings(ProxySettings proxy) {
		return settings(proxy, Duration.ofSeconds(10));
	}

	private ClientSettings settings(ProxySettings proxy, Duration timeout) {
		return new ClientSettings(URI.create("wss://" + target() + "/mcp"), timeout, 100_000, Duration.ofSeconds(30),
				new HttpHeaders())
			.withReconnect(new ReconnectSettings(5, Duration.ofMillis(100), Duration.ZERO))
			.withProxy(proxy);
	}

	private ProxySettings by(Type type) {
		return by(type, null, null);
	}

	private ProxySettings by(Type type, @Nullable String username, @Nullable String password) {
		return new ProxySettings(type, "localhost", this.proxy.port(), username, password, List.of());
	}

	private McpSyncClient client(ClientSettings settings) {
		return McpClient.sync(this.clients.transport(settings)).build();
	}

	private void call(ClientSettings settings) {
		try (McpSyncClient client = client(settings)) {
			client.initialize();
			assertThat(client.callTool(CallToolRequest.builder("x").build()).content()).isEmpty();
		}
	}

	private McpWebSocketConnectException failure(ClientSettings settings) {
		long start = System.nanoTime();
		Throwable failure;
		try (McpSyncClient client = client(settings)) {
			failure = catchThrowable(client::initialize);
		}
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(settings.timeout().plusSeconds(5));
		assertThat(failure).hasCauseInstanceOf(McpWebSocketConnectException.class);
		StringWriter trace = new StringWriter();
		failure.printStackTrace(new PrintWriter(trace));
		assertThat(trace.toString()).doesNotContain(PASSWORD);
		return (McpWebSocketConnectException) failure.getCause();
	}

	@ParameterizedTest
	@EnumSource(names = { "HTTP", "SOCKS4", "SOCKS5" })
	void proxyLooksUpTheHostAndPassesTlsOn(Type type) {
		call(settings(by(type)));
		assertThat(this.proxy.targets()).containsExactly(target());
		assertThat(this.server.accepted()).isOne();
	}

	@ParameterizedTest
	@CsvSource({ "HTTP, mcp, hunter2, mcp:hunter2", "SOCKS4, mcp, , mcp", "SOCKS5, mcp, hunter2, mcp:hunter2" })
	void credentialsAreSentToTheProxy(Type type, String username, @Nullable String password, String expected) {
		this.proxy.require(expected);
		call(settings(by(type, username, password)));
		assertThat(this.proxy.targets()).containsExactly(target());
	}

	@ParameterizedTest
	@EnumSource(names = { "HTTP", "SOCKS4", "SOCKS5" })
	void hostNameIsCheckedThroughTheProxy(Type type) {
		try (ScriptedServer other = ScriptedServer.overTls(this.tls, (peer) -> peer.hang())) {
			ClientSettings settings = settings(by(type));
			McpWebSocketConnectException failure = failure(
					new ClientSettings(URI.create("wss://other.invalid:" + other.port() + "/mcp"), settings.timeout(),
							100_000, Duration.ofSeconds(30), new HttpHeaders())
						.withProxy(settings.proxy()));
			assertThat(failure.getStep()).isEqualTo(ConnectStep.TLS_HANDSHAKE);
			assertThat(failure).hasMessageContaining("host other.invalid is not among the names");
		}
	}

	@Test
	void connectionIsMadeByTheProxyAgain() {
		try (McpSyncClient client = client(settings(by(Type.HTTP)))) {
			client.initialize();
			this.proxy.cut();
			await().ignoreExceptions().until(() -> client.callTool(CallToolRequest.builder("x").build()) != null);
			assertThat(this.proxy.targets()).containsOnly(target()).hasSizeGreaterThan(1);
		}
	}

	@Test
	void hostsThatNeedNoProxyAreReachedWithoutIt() {
		TestTls local = new TestTls();
		try (ScriptedServer direct = ScriptedServer.overTls(local, (peer) -> {
			peer.upgrade();
			peer.initialize();
			peer.hang();
		}); WssClient localClients = new WssClient(local)) {
			ProxySettings proxy = new ProxySettings(Type.HTTP, "localhost", this.proxy.port(), null, null,
					List.of("*.internal", "LOCAL*"));
			try (McpSyncClient client = McpClient
				.sync(localClients.transport(WssClient.settings(direct.uri()).withProxy(proxy)))
				.build()) {
				client.initialize();
			}
			assertThat(this.proxy.targets()).isEmpty();
		}
	}

	@Test
	void proxyOfTheSystemPropertiesIsUsedUnlessThereShallBeNone() {
		System.setProperty("https.proxyHost", "localhost");
		System.setProperty("https.proxyPort", String.valueOf(this.proxy.port()));
		try {
			call(settings(ProxySettings.SYSTEM));
			assertThat(this.proxy.targets()).containsExactly(target());
			McpWebSocketConnectException failure = failure(settings(ProxySettings.NONE));
			assertThat(failure.getStep()).isEqualTo(ConnectStep.TCP_CONNECT);
			assertThat(failure).hasMessageContaining("host " + HOST + " is unknown");
			this.proxy.require("mcp:" + PASSWORD);
			assertThat(failure(settings(ProxySettings.SYSTEM)))
				.hasMessageContaining("407 Proxy Authentication Required")
				.hasMessageContaining("system properties https.proxyHost");
		}
		finally {
			System.clearProperty("https.proxyHost");
			System.clearProperty("https.proxyPort");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "HTTP", "SOCKS4", "SOCKS5" })
	void wrongCredentialsAreToldWithoutTellingThem(Type type) {
		this.proxy.require("mcp:right");
		McpWebSocketConnectException failure = failure(settings(by(type, "mcp", PASSWORD)));
		assertThat(failure.getStep()).isEqualTo(ConnectStep.PROXY_CONNECT);
		assertThat(failure).hasMessageContaining("proxy localhost:" + this.proxy.port() + switch (type) {
			case HTTP -> " answered HTTP 407 Proxy Authentication Required instead of connecting to " + HOST
					+ "; credentials are missing or not valid, see mcp.websocket.proxy.username";
			case SOCKS4 -> " does not connect to " + HOST + ": IDENTD_AUTH";
			default -> " refuses the credentials, see mcp.websocket.proxy.username";
		});
		if (type == Type.HTTP) {
			assertThat(failure.getStatus()).hasValue(407);
			assertThat(failure.isTemporary()).isFalse();
		}
		assertThat(this.server.accepted()).isZero();
	}

	@Test
	void missingCredentialsOfSocksAreTold() {
		this.proxy.require("mcp:right");
		assertThat(failure(settings(by(Type.SOCKS5)))).hasMessageContaining("refuses the credentials");
	}

	@Test
	void refusalOfAnHttpProxyIsTold() {
		this.proxy
			.refuse(Refusal.of("HTTP/1.1 503 No Route, Sorry\r\nRetry-After: 7\r\nContent-Length: 4\r\n\r\nbody"));
		McpWebSocketConnectException failure = failure(settings(by(Type.HTTP)));
		assertThat(failure.getStep()).isEqualTo(ConnectStep.PROXY_CONNECT);
		assertThat(failure).hasMessageContaining(
				"answered HTTP 503 No Route, Sorry instead of connecting to " + HOST + "; retry after 7 s");
		assertThat(failure.getStatus()).hasValue(503);
		assertThat(failure.getRetryAfter()).contains(Duration.ofSeconds(7));
		assertThat(failure.isTemporary()).isTrue();
	}

	@Test
	void refusalOfASocksProxyIsTold() {
		this.proxy.refuse(Refusal.of((byte) 5, (byte) 4, (byte) 0, (byte) 1, (byte) 0, (byte) 0, (byte) 0, (byte) 0,
				(byte) 0, (byte) 0));
		McpWebSocketConnectException failure = failure(settings(by(Type.SOCKS5)));
		assertThat(failure.getStep()).isEqualTo(ConnectStep.PROXY_CONNECT);
		assertThat(failure).hasMessageContaining("does not connect to " + HOST + ": HOST_UNREACHABLE");
		assertThat(failure.isTemporary()).isTrue();
	}

	@Test
	void proxyThatIsNotThereIsTold() throws IOException {
		int port;
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			port = socket.getLocalPort();
		}
		McpWebSocketConnectException failure = failure(
				settings(new ProxySettings(Type.HTTP, "localhost", port, "mcp", PASSWORD, List.of())));
		assertThat(failure.getStep()).isEqualTo(ConnectStep.PROXY_CONNECT);
		assertThat(failure).hasMessageContaining("proxy localhost:" + port + " cannot be reached: Connection refused")
			.hasMessageContaining("see mcp.websocket.proxy.host");
	}

	@Test
	void unknownProxyIsTold() {
		McpWebSocketConnectException failure = failure(
				settings(new ProxySettings(Type.SOCKS5, "no-such-proxy.invalid", 1080, null, null, List.of())));
		assertThat(failure.getStep()).isEqualTo(ConnectStep.PROXY_CONNECT);
		assertThat(failure).hasMessageContaining("host no-such-proxy.invalid of the proxy is unknown");
	}

	@ParameterizedTest
	@EnumSource(names = { "HTTP", "SOCKS5" })
	void silentProxyIsHeldToTheDeadline(Type type) {
		this.proxy.refuse(Refusal.HANG);
		McpWebSocketConnectException failure = failure(settings(by(type), Duration.ofSeconds(2)));
		assertThat(failure.getStep()).isEqualTo(ConnectStep.PROXY_CONNECT);
		assertThat(failure).hasMessageContaining("Connection timeout: Proxy connect was not finished within 2000 ms");
	}

	@ParameterizedTest
	@EnumSource(names = { "HTTP", "SOCKS4", "SOCKS5" })
	void proxyThatClosesIsTold(Type type) {
		this.proxy.refuse(Refusal.CLOSE);
		McpWebSocketConnectException failure = failure(settings(by(type)));
		assertThat(failure.getStep()).isEqualTo(ConnectStep.PROXY_CONNECT);
		assertThat(failure).hasMessageContaining("proxy localhost:" + this.proxy.port() + " closed the connection");
	}

	@ParameterizedTest
	@CsvSource({ "HTTP, SSH-2.0-server", "SOCKS4, HTTP/1.1 400 Bad Request", "SOCKS5, HTTP/1.1 400 Bad Request" })
	void proxyOfAnotherKindIsTold(Type type, String answer) {
		try (ScriptedServer other = ScriptedServer.plain((peer) -> {
			peer.write(answer + "\r\n\r\n");
			peer.hang();
		})) {
			McpWebSocketConnectException failure = failure(
					settings(new ProxySettings(type, "localhost", other.port(), null, null, List.of())));
			assertThat(failure.getStep()).isEqualTo(ConnectStep.PROXY_CONNECT);
			assertThat(failure).hasMessageContaining("does not speak")
				.hasMessageContaining("see mcp.websocket.proxy.type");
		}
	}

	@Test
	void descriptionTellsNoCredentials() {
		assertThat(settings(by(Type.HTTP, "mcp", PASSWORD)).toString()).contains("proxy=ProxySettings[type=HTTP")
			.doesNotContain(PASSWORD);
	}

}
