package io.github.mcpwss.autoconfigure;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLContext;

import io.github.mcpwss.testing.ScriptedServer;
import io.github.mcpwss.tls.TestCertificates;
import io.github.mcpwss.tls.TestCertificates.Issued;
import io.github.mcpwss.tls.TlsAudit;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.client.ReactorNettyWebSocketClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * A {@link ReactorNettyWebSocketClient} of the application's own: whom it trusts matters
 * less than whom the properties do.
 */
@ExtendWith(OutputCaptureExtension.class)
class OwnClientTests {

	private final TestCertificates authority = TestCertificates.authority("CA");

	private final AtomicInteger requests = new AtomicInteger();

	private @Nullable ScriptedServer server;

	@TempDir
	private Path directory;

	@BeforeEach
	void startServer() throws Exception {
		start("localhost");
	}

	private void start(String host) throws Exception {
		Issued identity = this.authority.issue(host);
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(identity.keyManagerFactory().getKeyManagers(), null, null);
		close();
		this.server = ScriptedServer.overTls(context, false, (peer) -> {
			peer.upgrade();
			this.requests.incrementAndGet();
			peer.hang();
		});
	}

	@AfterEach
	void close() {
		if (this.server != null) {
			this.server.close();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "dev", "prod" })
	void clientThatTrustsEveryoneDoesNot(String profile) {
		client(insecure())
			.withPropertyValues("spring.profiles.active=" + profile,
					"mcp.websocket.headers.Authorization=Bearer hunter2")
			.run((context) -> assertThat(connect(context.getBean(McpClientTransport.class)))
				.hasMessageContaining("TLS handshake failed")
				.hasMessageContaining("unknown issuer CN=CA"));
		assertThat(this.requests).as("credentials that left").hasValue(0);
	}

	@Test
	void authoritiesOfThePropertiesAreTrusted() {
		client(insecure())
			.withPropertyValues("spring.profiles.active=prod",
					"mcp.websocket.tls.ca-cert-path=" + this.authority.writeTo(this.directory.resolve("ca.crt")))
			.run((context) -> {
				assertThat(connect(context.getBean(McpClientTransport.class))).isNull();
				assertThat(context.getBean(TlsAudit.class).getReports()).singleElement()
					.satisfies((report) -> assertThat(report.engine())
						.isEqualTo("a ReactorNettyWebSocketClient of the application"));
			});
		assertThat(this.requests).hasValue(1);
	}

	@Test
	void verificationCanBeTurnedOffForTests() {
		client(insecure()).withPropertyValues("mcp.websocket.tls.verify-server=false")
			.run((context) -> assertThat(connect(context.getBean(McpClientTransport.class))).isNull());
		client(insecure()).withPropertyValues("mcp.websocket.tls.verify-server=false", "spring.profiles.active=prod")
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("mcp.websocket.tls.verify-server: "));
	}

	@Test
	void certificateIsForTheHostOfTheUrl() throws Exception {
		start("example.com");
		client(insecure())
			.withPropertyValues(
					"mcp.websocket.tls.ca-cert-path=" + this.authority.writeTo(this.directory.resolve("ca.crt")))
			.run((context) -> assertThat(connect(context.getBean(McpClientTransport.class)))
				.hasMessageContaining("localhost")
				.hasMessageContaining("example.com"));
	}

	@Test
	void tlsThatIsRemovedIsNoticed() {
		client(new ReactorNettyWebSocketClient(HttpClient.create()
			.doOnChannelInit((observer, channel, address) -> channel.pipeline().remove(SslHandler.class))))
			.withPropertyValues("mcp.websocket.timeout=3s")
			.run((context) -> assertThat(connect(context.getBean(McpClientTransport.class))).isNotNull());
		assertThat(this.requests).hasValue(0);
	}

	@Test
	void redirectIsNotFollowed() {
		try (ScriptedServer plain = ScriptedServer.plain((peer) -> {
			peer.upgrade();
			this.requests.incrementAndGet();
			peer.hang();
		}); ScriptedServer redirecting = ScriptedServer.plain((peer) -> {
			peer.readRequest();
			peer.write("HTTP/1.1 302 Found\r\nLocation: " + plain.uri() + "\r\nContent-Length: 0\r\n\r\n");
			peer.hang();
		})) {
			Contexts.any()
				.withBean(ReactorNettyWebSocketClient.class,
						() -> new ReactorNettyWebSocketClient(HttpClient.create().followRedirect(true)))
				.withPropertyValues("mcp.websocket.url=" + redirecting.uri(), "mcp.websocket.use-tls=false")
				.run((context) -> assertThat(connect(context.getBean(McpClientTransport.class)))
					.hasMessageContaining("302"));
		}
		assertThat(this.requests).hasValue(0);
	}

	@Test
	void clientThatCannotBeLookedIntoIsRefusedInProduction(CapturedOutput output) {
		client(new OpaqueClient()).withPropertyValues("spring.profiles.active=prod")
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.isInstanceOf(InsecureProductionException.class)
				.hasMessageContaining("OpaqueClient"));
		client(new OpaqueClient()).run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).contains("OpaqueClient: it opens sockets in a way of its own");
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void clientThatTakesThePlaceOfOursIsHeldToTheSame(boolean named) {
		String prefix = named ? "mcp.websocket.connections.a" : "mcp.websocket";
		Contexts.any().withBean(BeanPostProcessor.class, () -> new BeanPostProcessor() {

			@Override
			public Object postProcessAfterInitialization(Object bean, String beanName) {
				return (bean instanceof ReactorNettyWebSocketClient) ? insecure() : bean;
			}

		}).withPropertyValues(prefix + ".url=" + url(), "spring.profiles.active=prod").run((context) -> {
			McpClientTransport transport = named
					? context.getBean("aMcpWebSocketClientTransport", McpClientTransport.class)
					: context.getBean(McpClientTransport.class);
			assertThat(connect(transport)).hasMessageContaining("unknown issuer CN=CA");
		});
		assertThat(this.requests).hasValue(0);
	}

	private ApplicationContextRunner client(ReactorNettyWebSocketClient client) {
		return Contexts.any()
			.withBean(ReactorNettyWebSocketClient.class, () -> client)
			.withPropertyValues("mcp.websocket.url=" + url(), "mcp.websocket.timeout=10s");
	}

	private URI url() {
		assertThat(this.server).isNotNull();
		return this.server.uri();
	}

	private static ReactorNettyWebSocketClient insecure() {
		return new ReactorNettyWebSocketClient(HttpClient.create().secure((spec) -> {
			try {
				spec.sslContext(
						SslContextBuilder.forClient().trustManager(InsecureTrustManagerFactory.INSTANCE).build());
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}));
	}

	private static @Nullable Throwable connect(McpClientTransport transport) {
		return catchThrowable(() -> transport.connect((message) -> message)
			.then(transport.sendMessage(new JSONRPCNotification("notifications/test")))
			.block(Duration.ofSeconds(15)));
	}

	private static final class OpaqueClient extends ReactorNettyWebSocketClient {

		@Override
		public Mono<Void> execute(URI url, HttpHeaders requestHeaders, WebSocketHandler handler) {
			return super.execute(url, requestHeaders, handler);
		}

	}

}
