package io.github.mcpwss.autoconfigure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Properties that cannot take effect fail startup by their name.
 */
class PropertyRulesTests {

	@ParameterizedTest
	@ValueSource(strings = { "max-reconnect-attempts=1", "reconnect-delay=1", "reconnect-wait=1", "headers.a=b",
			"tls.verify-server=true", "tls.verify-server=false", "tls.accept-invalid-certs=false" })
	void propertyOfClientIsRefusedInServerMode(String property) {
		Contexts.server()
			.withPropertyValues("mcp.websocket.tls.bundle=server", "mcp.websocket." + property)
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("mcp.websocket." + name(property), "for clients", "Remove mcp.websocket." + name(property)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "compression=true", "max-connections=1", "max-in-flight-requests=1",
			"initialization-timeout=1", "allowed-origins=https://a.example", "allowed-hosts=a.example",
			"tls.client-auth=none", "tls.offloaded=false" })
	void propertyOfServerIsRefusedInClientMode(String property) {
		Contexts.client()
			.withPropertyValues("mcp.websocket." + property)
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("mcp.websocket." + name(property), "for servers"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "path=/mcp", "use-tls=true", "timeout=5", "heartbeat-interval=5", "max-message-size=1MB",
			"max-connections=1", "max-in-flight-requests=1", "initialization-timeout=1", "allowed-origins=*",
			"allowed-hosts=*", "headers.a=b", "tls.cert-path=a", "tls.dev-certificate=true" })
	void propertyIsRefusedWithoutMode(String property) {
		Contexts.any()
			.withPropertyValues("mcp.websocket." + property)
			.run((context) -> assertThat(Failures.text(context.getStartupFailure())).contains(
					"mcp.websocket." + name(property) + " has no effect", "mcp.websocket.server-mode",
					"mcp.websocket.url"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "cert-path=a", "key-path=a", "key-password=a", "ca-cert-path=a", "bundle=a",
			"verify-server=false", "accept-invalid-certs=true", "server-name=a", "ciphers=TLS_AES_128_GCM_SHA256",
			"enabled-protocols=TLSv1.3", "reload-on-update=true", "dev-certificate=true",
			"dev-certificate-directory=a" })
	void tlsPropertyIsRefusedWithoutTls(String property) {
		Contexts.any()
			.withPropertyValues("mcp.websocket.url=ws://localhost", "mcp.websocket.use-tls=false",
					"mcp.websocket.tls." + property)
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("mcp.websocket.tls." + name(property) + " has no effect: mcp.websocket.use-tls is false"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "cert-path=a", "bundle=a", "client-auth=need", "dev-certificate=true" })
	void tlsPropertyIsRefusedWhenOffloaded(String property) {
		Contexts.offloadedServer()
			.withPropertyValues("mcp.websocket.tls." + property)
			.run((context) -> assertThat(Failures.text(context.getStartupFailure())).contains(
					"mcp.websocket.tls." + name(property) + " has no effect: mcp.websocket.tls.offloaded is true"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "cert-path=a", "key-path=a", "key-password=a", "ca-cert-path=a", "reload-on-update=true",
			"dev-certificate=true", "dev-certificate-directory=a" })
	void filesAreRefusedBesidesBundle(String property) {
		Contexts.client()
			.withPropertyValues("mcp.websocket.tls.bundle=mine", "mcp.websocket.tls." + property)
			.run((context) -> assertThat(Failures.text(context.getStartupFailure())).contains(
					"mcp.websocket.tls." + name(property) + " and mcp.websocket.tls.bundle are both set",
					"spring.ssl.bundle"));
	}

	@ParameterizedTest
	@CsvSource({ "cert-path=a, key-path", "key-path=a, cert-path", "key-password=a, key-path" })
	void companionIsRequired(String property, String companion) {
		Contexts.client()
			.withPropertyValues("mcp.websocket.tls." + property)
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("mcp.websocket.tls." + name(property) + " is set without mcp.websocket.tls." + companion));
	}

	@Test
	void directoryNeedsDevelopmentCertificate() {
		Contexts.client()
			.withPropertyValues("mcp.websocket.tls.dev-certificate-directory=a")
			.run((context) -> assertThat(Failures.text(context.getStartupFailure())).contains(
					"mcp.websocket.tls.dev-certificate-directory has no effect: mcp.websocket.tls.dev-certificate is not true"));
	}

	@Test
	void developmentCertificateIsRefusedBesidesFiles() {
		Contexts.server()
			.withPropertyValues("mcp.websocket.tls.dev-certificate=true", "mcp.websocket.tls.cert-path=a",
					"mcp.websocket.tls.key-path=b")
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("mcp.websocket.tls.dev-certificate and mcp.websocket.tls.cert-path are both set"));
		Contexts.client()
			.withPropertyValues("mcp.websocket.tls.dev-certificate=true", "mcp.websocket.tls.ca-cert-path=a")
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("mcp.websocket.tls.dev-certificate and mcp.websocket.tls.ca-cert-path are both set"));
	}

	@ParameterizedTest
	@CsvSource({ "verify-server=false, verify-server is false",
			"accept-invalid-certs=true, accept-invalid-certs is true" })
	void authoritiesAreRefusedWhereNothingIsVerified(String property, String reason) {
		for (String authorities : new String[] { "ca-cert-path=a", "dev-certificate=true" }) {
			Contexts.client()
				.withPropertyValues("mcp.websocket.tls." + property, "mcp.websocket.tls." + authorities)
				.run((context) -> assertThat(Failures.text(context.getStartupFailure())).contains(
						"mcp.websocket.tls." + name(authorities) + " has no effect: mcp.websocket.tls." + reason));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "want", "need" })
	void clientAuthenticationNeedsAuthorities(String clientAuth) {
		Contexts.server()
			.withPropertyValues("mcp.websocket.tls.cert-path=a", "mcp.websocket.tls.key-path=b",
					"mcp.websocket.tls.client-auth=" + clientAuth)
			.run((context) -> assertThat(Failures.text(context.getStartupFailure())).contains(
					"mcp.websocket.tls.client-auth is '" + clientAuth + "' without mcp.websocket.tls.ca-cert-path"));
	}

	@Test
	void authoritiesOfServerNeedClientAuthentication() {
		Contexts.server()
			.withPropertyValues("mcp.websocket.tls.cert-path=a", "mcp.websocket.tls.key-path=b",
					"mcp.websocket.tls.ca-cert-path=c", "mcp.websocket.tls.client-auth=none")
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("mcp.websocket.tls.ca-cert-path has no effect: mcp.websocket.tls.client-auth is 'none'"));
	}

	@Test
	void reloadNeedsFiles() {
		Contexts.client()
			.withPropertyValues("mcp.websocket.tls.reload-on-update=false")
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("mcp.websocket.tls.reload-on-update has no effect: there are no files to follow"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "timeout=0", "timeout=-1s", "timeout=25d", "heartbeat-interval=-1s",
			"max-message-size=1023", "max-message-size=2GB", "path=mcp", "path=/a?b", "path=/a/**", "path=/{id}",
			"headers.Host=a", "headers.Sec-WebSocket-Key=a" })
	void valueOfClientIsRefused(String property) {
		Contexts.client()
			.withPropertyValues("mcp.websocket." + property)
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("mcp.websocket." + name(property)));
	}

	@ParameterizedTest
	@CsvSource({ "max-send-buffer-size=1023, max-message-size=1024", "max-send-buffer-size=16MB, max-message-size=17MB",
			"max-send-buffer-size=15MB, max-message-size=" })
	void sendBufferThatNoMessageFitsIsRefused(String buffer, String message) {
		Contexts.offloadedServer()
			.withPropertyValues("mcp.websocket." + buffer, "mcp.websocket." + message)
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("mcp.websocket.max-send-buffer-size is", "less than mcp.websocket.max-message-size"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "max-connections=0", "max-in-flight-requests=0", "initialization-timeout=-1s",
			"allowed-origins=a.example", "allowed-origins=https://a.example/", "allowed-hosts=https://a.example",
			"allowed-hosts=a.example/mcp" })
	void valueOfServerIsRefused(String property) {
		Contexts.offloadedServer()
			.withPropertyValues("mcp.websocket." + property)
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("mcp.websocket." + name(property)));
	}

	@Test
	void headerWithLineBreakIsRefusedWithoutItsValue() {
		Contexts.client()
			.withPropertyValues("mcp.websocket.headers.Authorization=secret\nX-Evil: 1")
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("mcp.websocket.headers.Authorization is not a valid HTTP header")
				.doesNotContain("secret"));
	}

	@Test
	void allProblemsAreToldAtOnce() {
		Contexts.client()
			.withPropertyValues("mcp.websocket.max-connections=5", "mcp.websocket.timeout=0",
					"mcp.websocket.tls.cert-path=a")
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("mcp.websocket.max-connections", "mcp.websocket.timeout", "mcp.websocket.tls.cert-path"));
	}

	@Test
	void emptyTextIsUnset() {
		Contexts.client()
			.withPropertyValues("mcp.websocket.path=", "mcp.websocket.timeout=", "mcp.websocket.max-connections=",
					"mcp.websocket.allowed-origins=", "mcp.websocket.tls.cert-path=", "mcp.websocket.tls.key-password=",
					"mcp.websocket.tls.bundle= ", "mcp.websocket.tls.client-auth=", "mcp.websocket.tls.offloaded=",
					"mcp.websocket.use-tls=", "mcp.websocket.max-message-size=", "mcp.websocket.server-mode=")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	private static String name(String property) {
		return property.startsWith("headers.a=") ? "headers" : property.substring(0, property.indexOf('='));
	}

}
