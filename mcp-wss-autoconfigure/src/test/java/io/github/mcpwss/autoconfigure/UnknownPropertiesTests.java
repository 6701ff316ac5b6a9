package io.github.mcpwss.autoconfigure;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Names below {@code mcp.websocket} that are no properties.
 */
class UnknownPropertiesTests {

	@ParameterizedTest
	@CsvSource({ "tls.cert-pth, tls.cert-path", "server-mod, server-mode", "tls.verify-servers, tls.verify-server",
			"allowed-origin, allowed-origins", "timeouts, timeout", "max-connection, max-connections",
			"connections.a.tls.cert-pth, connections.a.tls.cert-path",
			"connections.a.time-outs, connections.a.timeout" })
	void misspelledNameIsRefusedWithSuggestion(String name, String meant) {
		Contexts.client()
			.withPropertyValues("mcp.websocket." + name + "=hunter2")
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("There is no property 'mcp.websocket." + name + "'", "Write 'mcp.websocket." + meant + "'")
				.doesNotContain("hunter2"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "tls.server-names", "connections.a.tls.server", "connections.a.uri.b", "tls.pinned-keys-a",
			"tls.ciphers.a", "headers", "port", "service.host", "allowed-origins-pattern", "allowed-hosts-regex",
			"production-profiles-extra", "headers-timeout", "header.secret", "connections.a.headers-timeout" })
	void unknownNameIsRefused(String name) {
		Contexts.client()
			.withPropertyValues("mcp.websocket." + name + "=a")
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("There is no property 'mcp.websocket." + name + "'"));
	}

	@Test
	void placeOfUnknownNameIsTold() {
		Contexts.client()
			.withPropertyValues("mcp.websocket.foo=a")
			.run((context) -> assertThat(Failures.text(context.getStartupFailure())).contains("(set in "));
	}

	@ParameterizedTest
	@ValueSource(strings = { "mcp.websocket.tls.verify-server", "mcp.websocket.tls.verifyServer",
			"mcp.websocket.tls.verify_server", "mcp.websocket.headers.X-Any", "mcp.websocket.headers[X_Any]",
			"mcp.websocket.connections.a.url", "mcp.websocket.connections.My-Server_1.tls.verifyServer",
			"mcp.websocket.connections.a.headers.X-Any", "mcp.websocket.connections",
			"mcp.websocket.allowed-origins[0]", "mcp.websocket.allowedOrigins[1]", "mcp.websocket.tls.pinned-keys[0]",
			"mcp.websocket.connections.a.tls.enabled-protocols[1]", "mcp.websocket.tls.ciphers",
			"mcp.websocket.enabled", "mcp.websockets.foo", "mcp.other" })
	void knownNamePasses(String name) {
		assertThat(find(Map.of(name, "a"), Map.of())).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "MCP_WEBSOCKET_TLS_VERIFYSERVER", "MCP_WEBSOCKET_TLS_VERIFY_SERVER",
			"MCP_WEBSOCKET_HEADERS_AUTHORIZATION", "MCP_WEBSOCKET_ALLOWEDORIGINS_0", "MCP_WEBSOCKET_ALLOWED_ORIGINS_0",
			"MCP_WEBSOCKET_URL", "MCP_WEBSOCKET_CONNECTIONS_A_TLS_VERIFY_SERVER",
			"MCP_WEBSOCKET_CONNECTIONS_A_HEADERS_AUTHORIZATION", "MCP_WEBSOCKETS_FOO" })
	void knownEnvironmentVariablePasses(String name) {
		assertThat(find(Map.of(), Map.of(name, "a"))).isEmpty();
	}

	@Test
	void serviceLinksOfKubernetesPass() {
		assertThat(find(Map.of(),
				Map.of("MCP_WEBSOCKET_SERVICE_HOST", "10.0.0.1", "MCP_WEBSOCKET_SERVICE_PORT", "8443",
						"MCP_WEBSOCKET_PORT", "tcp://10.0.0.1:8443", "MCP_WEBSOCKET_PORT_8443_TCP_ADDR", "10.0.0.1")))
			.isEmpty();
	}

	@Test
	void unknownEnvironmentVariableIsFound() {
		assertThat(find(Map.of(), Map.of("MCP_WEBSOCKET_TLS_VERIFYSERVERS", "a"))).singleElement()
			.satisfies((problem) -> assertThat(problem.action()).contains("mcp.websocket.tls.verify-server"));
	}

	@Test
	void emptySectionPasses() {
		assertThat(find(Map.of("mcp.websocket", "", "mcp.websocket.tls", "", "mcp.websocket.headers", ""), Map.of()))
			.isEmpty();
	}

	private static List<ConfigurationProblem> find(Map<String, Object> properties, Map<String, Object> variables) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, new SystemEnvironmentPropertySource(
					StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
		environment.getPropertySources().addLast(new MapPropertySource("test", properties));
		ConfigurationPropertySources.attach(environment);
		return new UnknownProperties(environment).find();
	}

}
