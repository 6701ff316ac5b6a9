package io.github.mcpwss.integration;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.mcpwss.client.McpWebSocketConnections;
import io.github.mcpwss.client.McpWebSocketHeadersCustomizer;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.oauth2.client.AuthorizedClientServiceReactiveOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.ClientCredentialsReactiveOAuth2AuthorizedClientProvider;
import org.springframework.security.oauth2.client.OAuth2AuthorizeRequest;
import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.registration.ReactiveClientRegistrationRepository;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.web.SecurityFilterChain;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A client that gets its tokens by Spring Security's OAuth 2.0 client, as docs/client.md
 * has it.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class OAuth2ClientTests {

	private static final Tokens TOKENS = new Tokens();

	private static final Duration TOKEN_LIFE = Duration.ofSeconds(4);

	private final List<String> tokens = new CopyOnWriteArrayList<>();

	@TempDir
	private Path directory;

	private SecuredApplications applications;

	private HttpServer authorizationServer;

	@BeforeEach
	void start() throws IOException {
		this.applications = new SecuredApplications(this.directory);
		this.authorizationServer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.authorizationServer.createContext("/token", this::issue);
		this.authorizationServer.start();
	}

	@AfterEach
	void stop() {
		this.applications.close();
		this.authorizationServer.stop(0);
	}

	private void issue(HttpExchange exchange) throws IOException {
		String token = TOKENS.issue("mcp", TOKEN_LIFE);
		this.tokens.add(token);
		byte[] answer = "{\"access_token\":\"%s\",\"token_type\":\"Bearer\",\"expires_in\":1}".formatted(token)
			.getBytes(StandardCharsets.UTF_8);
		exchange.getResponseHeaders().set("Content-Type", "application/json");
		exchange.sendResponseHeaders(200, answer.length);
		exchange.getResponseBody().write(answer);
		exchange.close();
	}

	@Test
	void tokenThatHasExpiredIsRenewedForTheNextHandshake(CapturedOutput output) {
		int port = this.applications.serve(WebStack.TOMCAT, ResourceServerConfiguration.class);
		List<String> properties = new ArrayList<>();
		for (String connection : List.of("first", "second")) {
			String prefix = "mcp.websocket.connections." + connection;
			properties.add(prefix + ".url=wss://localhost:" + port);
			properties.add(prefix + ".tls.dev-certificate=true");
			properties.add(prefix + ".tls.dev-certificate-directory=" + this.directory);
		}
		String registration = "spring.security.oauth2.client.registration.mcp.";
		properties.add(registration + "client-id=client");
		properties.add(registration + "client-secret=hunter2");
		properties.add(registration + "authorization-grant-type=client_credentials");
		properties.add("spring.security.oauth2.client.provider.mcp.token-uri=http://localhost:"
				+ this.authorizationServer.getAddress().getPort() + "/token");
		ConfigurableApplicationContext client = this.applications
			.start(new SpringApplicationBuilder(ClientApplication.class).web(WebApplicationType.NONE), properties);
		assertThat(whoAmI(client, "first")).isEqualTo("carol");
		assertThat(this.tokens).hasSize(1);
		Instant expired = Instant.now().plus(TOKEN_LIFE);
		Awaitility.await().until(() -> Instant.now().isAfter(expired));
		assertThat(whoAmI(client, "second")).isEqualTo("carol");
		assertThat(this.tokens).hasSize(2).doesNotHaveDuplicates();
		assertThat(output).doesNotContain(this.tokens).doesNotContain("hunter2");
	}

	private static String whoAmI(ConfigurableApplicationContext client, String connection) {
		try (McpSyncClient mcpClient = McpClient
			.sync(client.getBean(McpWebSocketConnections.class).getTransport(connection))
			.build()) {
			mcpClient.initialize();
			return ((TextContent) mcpClient.callTool(CallToolRequest.builder("who").build()).content().get(0)).text();
		}
	}

	static class ResourceServerConfiguration {

		@Bean
		SecurityFilterChain mcpSecurity(HttpSecurity http) throws Exception {
			return http.securityMatcher("/mcp")
				.authorizeHttpRequests((requests) -> requests.anyRequest().hasAuthority("SCOPE_mcp"))
				.oauth2ResourceServer((server) -> server.jwt(Customizer.withDefaults()))
				.build();
		}

		@Bean
		JwtDecoder jwtDecoder() {
			NimbusJwtDecoder decoder = NimbusJwtDecoder.withPublicKey(TOKENS.publicKey()).build();
			decoder.setJwtValidator(new JwtTimestampValidator(Duration.ZERO));
			return decoder;
		}

	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class ClientApplication {

		@Bean
		ReactiveOAuth2AuthorizedClientManager authorizedClientManager(ReactiveClientRegistrationRepository clients,
				ReactiveOAuth2AuthorizedClientService service) {
			AuthorizedClientServiceReactiveOAuth2AuthorizedClientManager manager = new AuthorizedClientServiceReactiveOAuth2AuthorizedClientManager(
					clients, service);
			ClientCredentialsReactiveOAuth2AuthorizedClientProvider provider = new ClientCredentialsReactiveOAuth2AuthorizedClientProvider();
			provider.setClockSkew(Duration.ZERO);
			manager.setAuthorizedClientProvider(provider);
			return manager;
		}

		@Bean
		McpWebSocketHeadersCustomizer bearerToken(ReactiveOAuth2AuthorizedClientManager clients) {
			OAuth2AuthorizeRequest request = OAuth2AuthorizeRequest.withClientRegistrationId("mcp")
				.principal("mcp-client")
				.build();
			return (handshake) -> clients.authorize(request)
				.doOnNext((client) -> handshake.headers().setBearerAuth(client.getAccessToken().getTokenValue()))
				.then();
		}

	}

}
