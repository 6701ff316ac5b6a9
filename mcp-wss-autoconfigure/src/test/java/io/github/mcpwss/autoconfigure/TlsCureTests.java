package io.github.mcpwss.autoconfigure;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.mcpwss.tls.ForgedCertificate;
import io.github.mcpwss.tls.TestCertificates;
import io.github.mcpwss.tls.TestCertificates.Issued;
import io.github.mcpwss.tls.TestRevocation;
import io.modelcontextprotocol.client.McpSyncClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * What a user reads when TLS with a server fails, and that doing what it says cures it.
 */
@Tag("engine")
class TlsCureTests {

	private static final String TLS = "mcp.websocket.tls.";

	private static final Issued authority = ForgedCertificate.authority("CA").selfSigned();

	private static final Applications applications = new Applications();

	@TempDir
	private static Path directory;

	private static int port;

	private static int mutualPort;

	private static int selfSignedPort;

	private static Issued selfSigned;

	@BeforeAll
	static void start() {
		Issued identity = ForgedCertificate.server("localhost").signedBy(authority);
		port = server(identity);
		mutualPort = server(identity, TLS + "ca-cert-path=" + authority.writeCertificateTo(file("clients.crt")));
		selfSigned = TestCertificates.selfSigned(TestCertificates.daysFromNow(-1), TestCertificates.daysFromNow(1),
				"localhost");
		selfSignedPort = server(selfSigned);
	}

	@AfterAll
	static void stop() {
		applications.close();
	}

	static Stream<Case> cases() {
		String ca = TLS + "ca-cert-path=" + authority.writeCertificateTo(file("ca.crt"));
		String hard = TLS + "revocation=hard";
		String client = identity("client", ForgedCertificate.client().signedBy(authority));
		return Stream.of(new Case("unknown issuer", "localhost", port, List.of(), "ca-cert-path", ca),
				new Case("self-signed", "localhost", selfSignedPort, List.of(), "ca-cert-path",
						TLS + "ca-cert-path=" + selfSigned.writeCertificateTo(file("self.crt"))),
				new Case("self-signed", "localhost", selfSignedPort, List.of(), "pinned-keys",
						TLS + "pinned-keys=" + TlsMatrixPeers.pin(selfSigned)),
				new Case("host 127.0.0.1 is not among the names localhost", "127.0.0.1", port, List.of(ca),
						"server-name", TLS + "server-name=localhost"),
				new Case("is not pinned", "localhost", port,
						List.of(ca, TLS + "pinned-keys=" + TlsMatrixPeers.pin(TlsMatrixPeers.stranger())),
						"pinned-keys", TLS + "pinned-keys=PIN"),
				new Case("may have been revoked", "localhost", port, List.of(ca, hard, list("other.crl", selfSigned())),
						"crl-paths", list("ca.crl", authority)),
				new Case("may have been revoked", "localhost", port, List.of(ca, hard, list("other.crl", selfSigned())),
						"revocation=soft", TLS + "revocation=soft"),
				new Case("handshake_failure", "localhost", port,
						List.of(ca, TLS + "enabled-protocols=TLSv1.2",
								TLS + "ciphers=TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"),
						"ciphers", TLS + "ciphers="),
				new Case("client certificate required", "localhost", mutualPort, List.of(ca), "cert-path", client),
				new Case("does not accept the client certificate", "localhost", mutualPort, List.of(ca, identity("old",
						ForgedCertificate.client().notAfter(TestCertificates.daysFromNow(-1)).signedBy(authority))),
						"key-path", client));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("cases")
	void actionCures(Case each) {
		FailureAnalysis analysis = Failures.analyze(catchThrowable(() -> connect(each, List.of())));
		assertThat(analysis.getDescription()).contains("Could not connect to wss://" + each.host(),
				"TLS handshake failed: ", each.words());
		assertThat(analysis.getAction()).contains(TLS + each.property());
		Matcher pin = Pattern.compile("sha256/\\S{44}").matcher(analysis.getDescription());
		connect(each,
				List.of(pin.find() ? each.cure().replace("PIN", pin.group().trim().replace(",", "")) : each.cure()));
	}

	private static void connect(Case each, List<String> cure) {
		List<String> properties = new ArrayList<>();
		Stream.concat(each.properties().stream(), cure.stream())
			.flatMap((property) -> Stream.of(property.split(" ")))
			.forEach(properties::add);
		// which is not closed yet: that would take the event loops of the servers away
		ConfigurableApplicationContext client = applications.client("wss://" + each.host() + ":" + each.port(),
				lastOfEach(properties));
		client.getBean(McpSyncClient.class).initialize();
	}

	private static String[] lastOfEach(List<String> properties) {
		List<String> last = new ArrayList<>();
		for (String property : properties) {
			String name = property.substring(0, property.indexOf('=') + 1);
			last.removeIf((other) -> other.startsWith(name));
			last.add(property);
		}
		return last.toArray(String[]::new);
	}

	private static int server(Issued identity, String... properties) {
		return Applications.endpointPort(applications.run(
				new SpringApplicationBuilder(Applications.ServerApplication.class).web(WebApplicationType.NONE),
				properties, "mcp.websocket.server-mode=true", "mcp.websocket.url=wss://127.0.0.1:0",
				TLS + "cert-path="
						+ identity.writeCertificateTo(file(properties.length + identity.hashCode() + ".crt")),
				TLS + "key-path=" + identity.writeKeyTo(file(properties.length + identity.hashCode() + ".key"))));
	}

	private static String identity(String name, Issued identity) {
		return TLS + "cert-path=" + identity.writeCertificateTo(file(name + ".crt")) + " " + TLS + "key-path="
				+ identity.writeKeyTo(file(name + ".key"));
	}

	private static String list(String name, Issued issuer) {
		return TLS + "crl-paths=" + new TestRevocation(issuer).writeListTo(file(name));
	}

	private static Issued selfSigned() {
		return ForgedCertificate.authority("Other").selfSigned();
	}

	private static Path file(String name) {
		return directory.resolve(name);
	}

	/**
	 * A client that cannot connect.
	 *
	 * @param words what went wrong
	 * @param host the host of the URL
	 * @param port the port of the server
	 * @param properties the client's properties
	 * @param property what the action names
	 * @param cure what is set then, or set instead
	 */
	record Case(String words, String host, int port, List<String> properties, String property, String cure) {

		@Override
		public String toString() {
			return this.words + ": " + this.property;
		}

	}

}
