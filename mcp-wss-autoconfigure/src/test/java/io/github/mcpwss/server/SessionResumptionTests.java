package io.github.mcpwss.server;

import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

import io.github.mcpwss.client.TlsHandshake;
import io.github.mcpwss.client.WebSocketClients;
import io.github.mcpwss.testing.CountingTrustManager;
import io.github.mcpwss.testing.Hosting;
import io.github.mcpwss.testing.TestServer;
import io.github.mcpwss.testing.TestTls;
import io.github.mcpwss.testing.TestTools;
import io.github.mcpwss.testing.WssClient;
import io.modelcontextprotocol.server.McpServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.web.reactive.socket.client.ReactorNettyWebSocketClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * TLS sessions that a client resumes when it comes back.
 */
@Tag("engine")
@ParameterizedClass
@EnumSource(Hosting.class)
class SessionResumptionTests {

	private static final int CONNECTIONS = 6;

	@Parameter
	Hosting hosting;

	private static TestServer server;

	@BeforeParameterizedClassInvocation
	static void start(Hosting hosting) {
		server = hosting.start();
		McpServer.sync(server.provider()).serverInfo("test", "1").tools(TestTools.echo()).build();
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.3", "TLSv1.2" })
	void clientThatComesBackResumesItsSession(String protocol) {
		SslBundle trusting = server.tls().clientBundle();
		CountingTrustManager trustManager = new CountingTrustManager(trusting.getManagers().getTrustManagers()[0]);
		SslBundle bundle = SslBundle.of(null, null, SslOptions.of(null, new String[] { protocol }), null,
				SslManagerBundle.from(trustManager));
		ReactorNettyWebSocketClient client = new WebSocketClients(null).create(WssClient.settings(server.uri()),
				() -> bundle);
		for (int i = 0; i < CONNECTIONS; i++) {
			client.execute(server.uri(), (session) -> Mono.empty()).block(Duration.ofSeconds(10));
		}
		assertThat(trustManager.fullHandshakes()).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.3", "TLSv1.2" })
	void clientOfAnotherTrustResumesNothing(String protocol) {
		AtomicReference<SslBundle> bundle = new AtomicReference<>(bundle(server.tls().clientBundle(), protocol));
		ReactorNettyWebSocketClient client = new WebSocketClients(null).create(WssClient.settings(server.uri()),
				bundle::get);
		client.execute(server.uri(), (session) -> Mono.empty()).block(Duration.ofSeconds(10));
		bundle.set(bundle(new TestTls().clientBundle(), protocol));
		Mono<Void> connection = client.execute(server.uri(), (session) -> Mono.empty());
		assertThatThrownBy(() -> connection.block(Duration.ofSeconds(10)))
			.hasRootCauseInstanceOf(GeneralSecurityException.class);
	}

	private static SslBundle bundle(SslBundle bundle, String protocol) {
		return SslBundle.of(bundle.getStores(), bundle.getKey(), SslOptions.of(null, new String[] { protocol }));
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.3", "TLSv1.2" })
	void clientThatChecksForRevocationResumesNothing(String protocol) throws Exception {
		CountingTrustManager trustManager = new CountingTrustManager(
				server.tls().clientBundle().getManagers().getTrustManagers()[0]);
		SslBundle bundle = SslBundle.of(null, null, SslOptions.of(null, new String[] { protocol }), null,
				SslManagerBundle.from(trustManager));
		ReactorNettyWebSocketClient client = new WebSocketClients(null).create(WssClient.settings(server.uri()),
				() -> bundle, new TlsHandshake(null, true));
		client.execute(server.uri(), (session) -> Mono.empty()).block(Duration.ofSeconds(10));
		waitForTheEndOfSessions();
		client.execute(server.uri(), (session) -> Mono.empty()).block(Duration.ofSeconds(10));
		assertThat(trustManager.fullHandshakes()).isEqualTo(2);
		assertThat(trustManager.threads()).allMatch((thread) -> thread.startsWith("boundedElastic-"));
	}

	/**
	 * The JDK resumes a session for a second at least.
	 */
	private static void waitForTheEndOfSessions() throws InterruptedException {
		Thread.sleep(1100);
	}

}
