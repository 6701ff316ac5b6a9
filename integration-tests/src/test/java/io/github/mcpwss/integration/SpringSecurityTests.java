package io.github.mcpwss.integration;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicReference;

import io.github.mcpwss.client.McpWebSocketConnectException;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.userdetails.MapReactiveUserDetailsService;
import org.springframework.security.core.userdetails.ReactiveUserDetailsService;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusReactiveJwtDecoder;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.server.SecurityWebFilterChain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Spring Security in front of the endpoint, as docs/security.md has it.
 */
@Timeout(60)
@ParameterizedClass
@EnumSource(WebStack.class)
class SpringSecurityTests {

	private static final String AUTHORIZATION = "mcp.websocket.headers.Authorization=";

	private static final UserDetails ALICE = User.withUsername("alice")
		.password("{noop}wonderland")
		.roles("MCP")
		.build();

	private static final UserDetails BOB = User.withUsername("bob").password("{noop}builder").roles("OTHER").build();

	private static final Tokens TOKENS = new Tokens();

	@Parameter
	WebStack stack;

	@TempDir
	private Path directory;

	private SecuredApplications applications;

	@BeforeEach
	void create() {
		this.applications = new SecuredApplications(this.directory);
	}

	@AfterEach
	void close() {
		this.applications.close();
	}

	@Test
	void httpBasic() {
		int port = serveWithBasic();
		assertRefused(port, 401);
		assertRefused(port, 401, AUTHORIZATION + basic("alice", "wrong"));
		assertRefused(port, 403, AUTHORIZATION + basic("bob", "builder"));
		assertThat(this.applications.whoAmI(port, AUTHORIZATION + basic("alice", "wonderland"))).isEqualTo("alice");
	}

	@Test
	void bearerToken() {
		int port = this.applications.serve(this.stack,
				isReactive() ? ReactiveJwtConfiguration.class : JwtConfiguration.class);
		assertRefused(port, 401);
		assertRefused(port, 401, AUTHORIZATION + "Bearer nonsense");
		assertRefused(port, 401, AUTHORIZATION + bearer(new Tokens(), "mcp", Duration.ofMinutes(5)));
		assertRefused(port, 401, AUTHORIZATION + bearer(TOKENS, "mcp", Duration.ofMinutes(-5)));
		assertRefused(port, 403, AUTHORIZATION + bearer(TOKENS, "other", Duration.ofMinutes(5)));
		assertThat(this.applications.whoAmI(port, AUTHORIZATION + bearer(TOKENS, "mcp", Duration.ofMinutes(5))))
			.isEqualTo("carol");
	}

	@Test
	void noSessionIsCreated() throws Exception {
		int port = serveWithBasic();
		SslContext context = SslContextBuilder.forClient().trustManager(InsecureTrustManagerFactory.INSTANCE).build();
		HttpClient client = HttpClient.create().secure((spec) -> spec.sslContext(context));
		AtomicReference<HttpHeaders> refused = new AtomicReference<>();
		assertThat(client.get().uri("https://localhost:" + port + "/mcp").responseSingle((response, body) -> {
			refused.set(response.responseHeaders());
			return Mono.just(response.status().code());
		}).block(Duration.ofSeconds(10))).isEqualTo(401);
		assertThat(refused.get().contains("Set-Cookie")).isFalse();
		assertThat(refused.get().contains("WWW-Authenticate")).isTrue();
		HttpHeaders accepted = client.headers((headers) -> headers.set("Authorization", basic("alice", "wonderland")))
			.websocket()
			.uri("wss://localhost:" + port + "/mcp")
			.handle((in, out) -> Mono.just(in.headers()))
			.blockFirst(Duration.ofSeconds(10));
		assertThat(accepted.get("Sec-WebSocket-Accept")).isNotEmpty();
		assertThat(accepted.contains("Set-Cookie")).isFalse();
	}

	private int serveWithBasic() {
		return this.applications.serve(this.stack,
				isReactive() ? ReactiveBasicConfiguration.class : BasicConfiguration.class);
	}

	private boolean isReactive() {
		return this.stack.type() == WebApplicationType.REACTIVE;
	}

	private void assertRefused(int port, int status, String... properties) {
		assertThatThrownBy(() -> this.applications.whoAmI(port, properties)).satisfies((failure) -> {
			Throwable cause = failure;
			while (cause != null && !(cause instanceof McpWebSocketConnectException)) {
				cause = cause.getCause();
			}
			assertThat(cause).isNotNull().hasMessageContaining("HTTP " + status);
		});
	}

	private static String basic(String user, String password) {
		return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
	}

	private static String bearer(Tokens tokens, String scope, Duration validity) {
		return "Bearer " + tokens.issue(scope, validity);
	}

	static class BasicConfiguration {

		@Bean
		SecurityFilterChain security(HttpSecurity http) {
			return http
				.authorizeHttpRequests(
						(requests) -> requests.requestMatchers("/mcp").hasRole("MCP").anyRequest().authenticated())
				.httpBasic(Customizer.withDefaults())
				.sessionManagement((sessions) -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
				.build();
		}

		@Bean
		UserDetailsService users() {
			return new InMemoryUserDetailsManager(ALICE, BOB);
		}

	}

	static class JwtConfiguration {

		@Bean
		SecurityFilterChain security(HttpSecurity http) {
			return http
				.authorizeHttpRequests((requests) -> requests.requestMatchers("/mcp")
					.hasAuthority("SCOPE_mcp")
					.anyRequest()
					.authenticated())
				.oauth2ResourceServer((server) -> server.jwt(Customizer.withDefaults()))
				.sessionManagement((sessions) -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
				.build();
		}

		@Bean
		JwtDecoder jwtDecoder() {
			return NimbusJwtDecoder.withPublicKey(TOKENS.publicKey()).build();
		}

	}

	static class ReactiveBasicConfiguration {

		@Bean
		SecurityWebFilterChain security(ServerHttpSecurity http) {
			return http
				.authorizeExchange(
						(exchanges) -> exchanges.pathMatchers("/mcp").hasRole("MCP").anyExchange().authenticated())
				.httpBasic(Customizer.withDefaults())
				.build();
		}

		@Bean
		ReactiveUserDetailsService users() {
			return new MapReactiveUserDetailsService(ALICE, BOB);
		}

	}

	static class ReactiveJwtConfiguration {

		@Bean
		SecurityWebFilterChain security(ServerHttpSecurity http) {
			return http
				.authorizeExchange((exchanges) -> exchanges.pathMatchers("/mcp")
					.hasAuthority("SCOPE_mcp")
					.anyExchange()
					.authenticated())
				.oauth2ResourceServer((server) -> server.jwt(Customizer.withDefaults()))
				.build();
		}

		@Bean
		ReactiveJwtDecoder jwtDecoder() {
			return NimbusReactiveJwtDecoder.withPublicKey(TOKENS.publicKey()).build();
		}

	}

}
