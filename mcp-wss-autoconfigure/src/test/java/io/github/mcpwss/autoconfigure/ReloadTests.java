package io.github.mcpwss.autoconfigure;

import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import io.github.mcpwss.client.ConnectionInfo;
import io.github.mcpwss.client.McpWebSocketClientTransport;
import io.github.mcpwss.testing.Replacement;
import io.github.mcpwss.testing.TlsProbe;
import io.github.mcpwss.tls.TestCertificates;
import io.github.mcpwss.tls.TestCertificates.Issued;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * New certificates without a restart, in each way to replace files.
 */
@ExtendWith(OutputCaptureExtension.class)
class ReloadTests {

	private static final String QUIET_PERIOD = "spring.ssl.bundle.watch.file.quiet-period=50ms";

	private final TestCertificates authority = TestCertificates.authority("CA");

	private final Applications applications = new Applications();

	@TempDir
	private Path directory;

	@AfterEach
	void close() {
		this.applications.close();
	}

	@ParameterizedTest
	@EnumSource(value = Replacement.class, names = "LINK", mode = EnumSource.Mode.EXCLUDE)
	void tomcatPresentsNewCertificate(Replacement way, CapturedOutput output) throws Exception {
		presentsNewCertificate(WebApplicationType.SERVLET, way, output);
	}

	@Tag("engine")
	@ParameterizedTest
	@EnumSource(value = Replacement.class, names = "LINK", mode = EnumSource.Mode.EXCLUDE)
	void listenerPresentsNewCertificate(Replacement way, CapturedOutput output) throws Exception {
		presentsNewCertificate(WebApplicationType.NONE, way, output);
	}

	private void presentsNewCertificate(WebApplicationType type, Replacement way, CapturedOutput output)
			throws Exception {
		Issued first = this.authority.intermediate("Intermediate").issue("localhost");
		write(way, "server", first.certificatePem(), first.keyPem(null));
		ConfigurableApplicationContext server = server(type);
		int port = Applications.endpointPort(server);
		ConfigurableApplicationContext client = this.applications.client(port, ca());
		assertThat(Applications.echo(client, "before")).isEqualTo("before");
		CompletableFuture<String> held = CompletableFuture.supplyAsync(() -> call(client, "hold", "held"));
		ConnectionInfo info = info(client);

		Issued second = this.authority.intermediate("Intermediate").issue("localhost");
		write(way, "server", second.certificatePem(), second.keyPem(null));
		await().untilAsserted(() -> assertThat(presented(port)).isEqualTo(second.certificate()));

		Issued third = this.authority.intermediate("Intermediate").issue("localhost");
		String chain = third.certificatePem();
		write(way, "server", chain.substring(0, chain.length() - 100), third.keyPem(null));
		await().untilAsserted(() -> assertThat(output).contains("cut off: a BEGIN line has no END line"));
		write(way, "server", chain, first.keyPem(null));
		await().untilAsserted(() -> assertThat(output).contains("matches none of the certificates in the chain"));
		assertThat(presented(port)).isEqualTo(second.certificate());
		write(way, "server", chain, third.keyPem(null));
		await().untilAsserted(() -> assertThat(presented(port)).isEqualTo(third.certificate()));

		assertThat(info(client).openSince()).isEqualTo(info.openSince());
		server.getBean(Semaphore.class).release();
		assertThat(held.get(10, TimeUnit.SECONDS)).isEqualTo("held");
	}

	/**
	 * As it may come from files that are replaced while Spring Boot reads them: it
	 * verifies what it reads first, and uses what it reads then.
	 */
	@Tag("engine")
	@ParameterizedTest
	@EnumSource(value = WebApplicationType.class, names = { "SERVLET", "NONE" })
	void halvesOfTwoPairsAreNotUsed(WebApplicationType type, CapturedOutput output) throws Exception {
		Issued issued = this.authority.issue("localhost");
		write(Replacement.IN_PLACE, "server", issued.certificatePem(), issued.keyPem(null));
		ConfigurableApplicationContext server = server(type);
		int port = Applications.endpointPort(server);
		ConfigurableApplicationContext client = this.applications.client(port, ca());
		SslBundle used = client.getBean(ClientSslBundle.class).get();
		KeyStore keyStore = KeyStore.getInstance("PKCS12");
		keyStore.load(null, null);
		keyStore.setKeyEntry("key", this.authority.issue("localhost").privateKey(), new char[0],
				this.authority.issue("localhost").chain().toArray(new X509Certificate[0]));
		SslBundle mixed = SslBundle.of(SslStoreBundle.of(keyStore, "", null));
		server.getBean(SslBundleRegistry.class).updateBundle("mcp-websocket", mixed);
		client.getBean(SslBundleRegistry.class).updateBundle("mcp-websocket", mixed);
		assertThat(presented(port)).isEqualTo(issued.certificate());
		assertThat(client.getBean(ClientSslBundle.class).get()).isSameAs(used);
		assertThat(output.toString().split("The private key does not belong to the certificate O=Test", -1))
			.hasSizeGreaterThanOrEqualTo(3);
	}

	@Tag("engine")
	@ParameterizedTest
	@EnumSource(value = WebApplicationType.class, names = { "SERVLET", "NONE" })
	void serverChangesBetweenKeysOfAllKinds(WebApplicationType type) {
		Issued issued = this.authority.issue("localhost");
		write(Replacement.RENAME, "server", issued.certificatePem(), issued.keyPem(null));
		int port = Applications.endpointPort(server(type));
		ConfigurableApplicationContext client = this.applications.client(port, ca());
		assertThat(Applications.echo(client, "before")).isEqualTo("before");
		for (Algorithm algorithm : new Algorithm[] { Algorithm.ed25519, Algorithm.ecp384 }) {
			Issued next = this.authority.issue(algorithm, "localhost");
			write(Replacement.RENAME, "server", next.certificatePem(), next.keyPem(null));
			await().untilAsserted(() -> assertThat(presented(port)).isEqualTo(next.certificate()));
			client.getBean(McpWebSocketClientTransport.class).renewConnection();
			await().untilAsserted(() -> {
				assertThat(Applications.echo(client, "hello")).isEqualTo("hello");
				assertThat(info(client).peerCertificates().get(0)).isEqualTo(next.certificate());
			});
		}
	}

	@Tag("engine")
	@ParameterizedTest
	@EnumSource(value = Replacement.class, names = "LINK", mode = EnumSource.Mode.EXCLUDE)
	void clientPresentsNewCertificate(Replacement way, CapturedOutput output) throws Exception {
		Issued issued = this.authority.issue("localhost");
		write(Replacement.IN_PLACE, "server", issued.certificatePem(), issued.keyPem(null));
		ConfigurableApplicationContext server = server(WebApplicationType.NONE, ca());
		writeClient(way, "first", this.authority);
		ConfigurableApplicationContext client = this.applications.client(Applications.endpointPort(server),
				"mcp.websocket.tls.cert-path=" + file("client/tls.crt"),
				"mcp.websocket.tls.key-path=" + file("client/tls.key"),
				"mcp.websocket.tls.ca-cert-path=" + file("client/ca.crt"), QUIET_PERIOD);
		assertThat(Applications.echo(client, "before")).isEqualTo("before");
		assertThat(call(client, "who", "")).isEqualTo("CN=first");

		// a call that is on its way is not lost, and the socket stays as long
		CompletableFuture<String> held = CompletableFuture.supplyAsync(() -> call(client, "hold", "held"));
		await().until(() -> server.getBean(Semaphore.class).hasQueuedThreads());
		writeClient(way, "second", this.authority);
		await().untilAsserted(() -> assertThat(output).containsOnlyOnce("new connections use it"));
		assertThat(call(client, "who", "")).isEqualTo("CN=first");
		server.getBean(Semaphore.class).release();
		assertThat(held.get(10, TimeUnit.SECONDS)).isEqualTo("held");
		await().untilAsserted(() -> assertThat(call(client, "who", "")).isEqualTo("CN=second"));

		// the server is not of the new authority: the socket stays
		writeClient(way, "third", TestCertificates.authority("Other CA"));
		await().untilAsserted(() -> assertThat(output).contains("keeps its socket"));
		assertThat(call(client, "who", "")).isEqualTo("CN=second");
		writeClient(way, "fourth", this.authority);
		await().untilAsserted(() -> assertThat(call(client, "who", "")).isEqualTo("CN=fourth"));
	}

	private void writeClient(Replacement way, String name, TestCertificates trusted) {
		Issued issued = this.authority.issueClient(name);
		way.replace(file("client"), Map.of("tls.crt", issued.certificatePem(), "tls.key", issued.keyPem(null), "ca.crt",
				trusted.certificatePem()));
	}

	private void write(Replacement way, String name, String certificate, String key) {
		way.replace(file(name), Map.of("tls.crt", certificate, "tls.key", key));
	}

	private ConfigurableApplicationContext server(WebApplicationType type, String... properties) {
		return this.applications.run(new SpringApplicationBuilder(ReloadServer.class).web(type), properties,
				"server.port=0", "server.address=127.0.0.1", "mcp.websocket.server-mode=true", QUIET_PERIOD,
				"mcp.websocket.tls.cert-path=" + file("server/tls.crt"),
				"mcp.websocket.tls.key-path=" + file("server/tls.key"),
				(type == WebApplicationType.NONE) ? "mcp.websocket.url=wss://127.0.0.1:0" : "a=b");
	}

	private static String call(ConfigurableApplicationContext client, String tool, String text) {
		return ((TextContent) client.getBean(McpSyncClient.class)
			.callTool(CallToolRequest.builder(tool).arguments(Map.of("text", text)).build())
			.content()
			.get(0)).text();
	}

	private static Certificate presented(int port) throws IOException {
		return new TlsProbe().connect(port).getPeerCertificates()[0];
	}

	private static ConnectionInfo info(ConfigurableApplicationContext client) {
		return client.getBean(McpWebSocketClientTransport.class).getConnectionInfo().orElseThrow();
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(50));
	}

	private String ca() {
		return "mcp.websocket.tls.ca-cert-path=" + this.authority.writeTo(file("ca.crt"));
	}

	private Path file(String name) {
		return this.directory.resolve(name);
	}

}
