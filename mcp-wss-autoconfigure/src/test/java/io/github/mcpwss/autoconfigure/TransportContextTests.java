package io.github.mcpwss.autoconfigure;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import io.github.mcpwss.client.ConnectionInfo;
import io.github.mcpwss.client.McpWebSocketClientTransport;
import io.github.mcpwss.server.TransportContextKeys;
import io.github.mcpwss.tls.TestCertificates;
import io.github.mcpwss.tls.TestCertificates.Issued;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.McpTransportContextExtractor;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.modelcontextprotocol.spec.McpServerTransportProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What tools know of the handshake, in applications of each kind.
 */
@ParameterizedClass
@EnumSource(WebApplicationType.class)
class TransportContextTests {

	private static final AtomicReference<McpTransportContext> captured = new AtomicReference<>();

	private final Applications applications = new Applications();

	@TempDir
	private Path directory;

	@Parameter
	WebApplicationType type;

	private ConfigurableApplicationContext client;

	@AfterEach
	void close() {
		this.applications.close();
	}

	@Test
	void toolSeesHeadersAndAddress() {
		assertThat(call(ServerApplication.class)).isEqualTo("acme from 127.0.0.1");
	}

	@Test
	void toolSeesNoCredentials() {
		McpTransportContext context = capture(development(), development(),
				"mcp.websocket.headers.Authorization=Bearer s3cr3t", "mcp.websocket.headers.Cookie=a=s3cr3t",
				"mcp.websocket.headers.X-Api-Key=s3cr3t", "mcp.websocket.headers.X-Tenant=acme");
		HttpHeaders headers = (HttpHeaders) context.get(TransportContextKeys.HEADERS);
		assertThat(headers.getFirst("X-Tenant")).isEqualTo("acme");
		assertThat(headers.containsHeader("Host")).isTrue();
		for (String name : List.of("Authorization", "Cookie", "X-Api-Key", "Sec-WebSocket-Key",
				"Sec-WebSocket-Protocol")) {
			assertThat(headers.containsHeader(name)).as(name).isFalse();
		}
		assertThat(context.toString()).doesNotContain("s3cr3t");
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> headers.set("a", "b"));
	}

	@Test
	void toolSeesTls() {
		McpTransportContext context = capture(development(), development());
		assertThat(context.get(TransportContextKeys.TLS_PROTOCOL)).isEqualTo("TLSv1.3").isEqualTo(info().tlsProtocol());
		assertThat(context.get(TransportContextKeys.TLS_CIPHER_SUITE)).isEqualTo(info().cipherSuite());
		assertThat(context.get(TransportContextKeys.PRINCIPAL)).isNull();
		assertThat(context.get(TransportContextKeys.CLIENT_CERTIFICATES)).isNull();
		assertThat(context.get(TransportContextKeys.CLIENT_CERTIFICATE_SUBJECT)).isNull();
	}

	@Test
	void toolSeesNoTlsWhereThereIsNone() {
		ConfigurableApplicationContext server = serve("mcp.websocket.use-tls=false");
		call(this.applications.client("ws://127.0.0.1:" + Applications.endpointPort(server),
				"mcp.websocket.use-tls=false"));
		McpTransportContext context = captured.get();
		assertThat(context.get(TransportContextKeys.REMOTE_ADDRESS)).isInstanceOf(InetSocketAddress.class);
		assertThat(context.get(TransportContextKeys.TLS_PROTOCOL)).isNull();
		assertThat(context.get(TransportContextKeys.TLS_CIPHER_SUITE)).isNull();
	}

	@Test
	@SuppressWarnings("unchecked")
	void toolSeesClientCertificate() {
		TestCertificates root = TestCertificates.authority("Test CA");
		Issued identity = root.issue("localhost");
		Issued client = root.intermediate("Test Sub CA").issueClient("billing");
		String ca = "mcp.websocket.tls.ca-cert-path=" + root.writeTo(file("ca.crt"));
		String[] serverTls = { ca, "mcp.websocket.tls.cert-path=" + identity.writeCertificateTo(file("server.crt")),
				"mcp.websocket.tls.key-path=" + identity.writeKeyTo(file("server.key")) };
		String[] clientTls = { ca, "mcp.websocket.tls.cert-path=" + client.writeCertificateTo(file("client.crt")),
				"mcp.websocket.tls.key-path=" + client.writeKeyTo(file("client.key")) };
		McpTransportContext context = capture(serverTls, clientTls);
		List<X509Certificate> chain = (List<X509Certificate>) context.get(TransportContextKeys.CLIENT_CERTIFICATES);
		assertThat(chain).startsWith(client.chain().toArray(X509Certificate[]::new)).hasSizeGreaterThan(1);
		assertThat(context.get(TransportContextKeys.CLIENT_CERTIFICATE_SUBJECT)).isEqualTo("CN=billing");
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> chain.remove(0));
	}

	@Test
	void clientWithoutCertificateIsSeenWithoutWhereItIsOnlyWanted() {
		TestCertificates root = TestCertificates.authority("Test CA");
		Issued identity = root.issue("localhost");
		String ca = "mcp.websocket.tls.ca-cert-path=" + root.writeTo(file("ca.crt"));
		McpTransportContext context = capture(new String[] { ca, "mcp.websocket.tls.client-auth=want",
				"mcp.websocket.tls.cert-path=" + identity.writeCertificateTo(file("server.crt")),
				"mcp.websocket.tls.key-path=" + identity.writeKeyTo(file("server.key")) }, new String[] { ca });
		assertThat(context.get(TransportContextKeys.TLS_PROTOCOL)).isEqualTo("TLSv1.3");
		assertThat(context.get(TransportContextKeys.CLIENT_CERTIFICATES)).isNull();
	}

	@Test
	void beanOfTheApplicationDecidesInstead() {
		assertThat(call(ServerApplication.class, ExtractorConfiguration.class)).isEqualTo("tenant acme");
	}

	private String call(Class<?>... configurations) {
		ConfigurableApplicationContext server = serve(configurations, development());
		return call(this.applications.client(Applications.endpointPort(server),
				with(development(), "mcp.websocket.headers.X-Tenant=acme")));
	}

	private McpTransportContext capture(String[] serverProperties, String[] clientProperties, String... further) {
		ConfigurableApplicationContext server = serve(serverProperties);
		this.client = this.applications.client(Applications.endpointPort(server), with(clientProperties, further));
		call(this.client);
		return captured.get();
	}

	private ConfigurableApplicationContext serve(String... properties) {
		return serve(new Class<?>[] { ServerApplication.class }, properties);
	}

	private ConfigurableApplicationContext serve(Class<?>[] configurations, String... properties) {
		return this.applications.run(new SpringApplicationBuilder(configurations).web(this.type), properties,
				"server.port=0", "server.address=127.0.0.1", "mcp.websocket.server-mode=true",
				(this.type == WebApplicationType.NONE) ? "mcp.websocket.url=127.0.0.1:0" : "a=b");
	}

	private static String call(ConfigurableApplicationContext client) {
		CallToolResult result = client.getBean(McpSyncClient.class).callTool(CallToolRequest.builder("who").build());
		return ((TextContent) result.content().get(0)).text();
	}

	private String[] development() {
		return new String[] { "mcp.websocket.tls.dev-certificate=true",
				"mcp.websocket.tls.dev-certificate-directory=" + this.directory };
	}

	private ConnectionInfo info() {
		return this.client.getBean(McpWebSocketClientTransport.class).getConnectionInfo().orElseThrow();
	}

	private Path file(String name) {
		return this.directory.resolve(name);
	}

	private static String[] with(String[] properties, String... further) {
		return StringUtils.concatenateStringArrays(properties, further);
	}

	private static String describe(McpTransportContext context) {
		captured.set(context);
		Object tenant = context.get("tenant");
		if (tenant != null) {
			return "tenant " + tenant;
		}
		HttpHeaders headers = (HttpHeaders) context.get(TransportContextKeys.HEADERS);
		InetSocketAddress address = (InetSocketAddress) context.get(TransportContextKeys.REMOTE_ADDRESS);
		return headers.getFirst("X-Tenant") + " from " + address.getAddress().getHostAddress();
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class ServerApplication {

		@Bean(destroyMethod = "")
		McpSyncServer mcpServer(McpServerTransportProvider provider) {
			SyncToolSpecification who = SyncToolSpecification.builder()
				.tool(Tool.builder("who", Map.of("type", "object")).build())
				.callHandler((exchange, request) -> CallToolResult.builder()
					.addTextContent(describe(exchange.transportContext()))
					.build())
				.build();
			return McpServer.sync(provider).serverInfo("test", "1").tools(who).build();
		}

	}

	static class ExtractorConfiguration {

		@Bean
		McpTransportContextExtractor<ServerHttpRequest> tenant() {
			return (request) -> McpTransportContext
				.create(Map.of("tenant", String.valueOf(request.getHeaders().getFirst("X-Tenant"))));
		}

	}

}
