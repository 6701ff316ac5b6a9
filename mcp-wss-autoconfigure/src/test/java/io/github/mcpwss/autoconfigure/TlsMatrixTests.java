package io.github.mcpwss.autoconfigure;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import io.github.mcpwss.autoconfigure.TlsMatrixPeers.Peer;
import io.github.mcpwss.client.McpWebSocketConnectException;
import io.github.mcpwss.tls.TlsFailure.Reason;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.spec.McpClientTransport;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.WebApplicationType;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who may talk to whom: every flaw of a certificate with every kind of trust, between
 * applications, on Tomcat and on Reactor Netty.
 */
@Tag("engine")
@Tag("matrix")
@ParameterizedClass
@EnumSource(value = WebApplicationType.class, names = { "SERVLET", "REACTIVE" })
class TlsMatrixTests {

	/**
	 * What becomes of each connection: {@code ok}, the kind of failure, or a client that
	 * does not start. {@link TlsMatrixPeers} has the certificates.
	 */
	private static final String MATRIX = """
			the server's certificate               | strict   | CA       | invalid  | none     | pinned   | other pin | name
			valid                                  | ok       | ok       | ok       | ok       | ok       | pin       | ok
			valid, with its intermediate           | ok       | ok       | ok       | ok       | ok       | pin       | ok
			of an authority of the CA file alone   | issuer   | ok       | ok       | ok       | issuer   | issuer    | issuer
			of an authority of the system alone    | ok       | issuer   | ok       | ok       | ok       | pin       | ok
			expired                                | expired  | expired  | ok       | ok       | expired  | expired   | expired
			not yet valid                          | future   | future   | ok       | ok       | future   | future    | future
			with an expired intermediate           | expired  | expired  | ok       | ok       | expired  | expired   | expired
			for another host                       | host     | host     | host     | ok       | host     | host      | host
			for the name alone                     | host     | host     | host     | ok       | host     | host      | ok
			IP SAN                                 | ok       | ok       | ok       | ok       | ok       | pin       | host
			IP SAN of another address              | host     | host     | host     | ok       | host     | host      | host
			IP SAN, asked for by name              | host     | host     | host     | ok       | host     | host      | host
			address in a DNS SAN                   | host     | host     | host     | ok       | host     | host      | host
			wildcard                               | host     | host     | host     | ok       | host     | host      | ok
			wildcard within the label              | host     | host     | host     | ok       | host     | host      | host
			CN only                                | host     | host     | host     | ok       | host     | host      | host
			self-signed leaf                       | self     | self     | ok       | ok       | ok       | self      | self
			self-signed leaf as CA                 | self     | ok       | ok       | ok       | ok       | self      | self
			expired self-signed leaf               | self     | self     | ok       | ok       | expired  | self      | self
			expired self-signed leaf as CA         | self     | expired  | ok       | ok       | expired  | self      | self
			of an unknown CA                       | issuer   | issuer   | ok       | ok       | issuer   | issuer    | issuer
			of a namesake of the CA                | issuer   | issuer   | ok       | ok       | issuer   | issuer    | issuer
			missing intermediate                   | issuer   | issuer   | ok       | ok       | issuer   | issuer    | issuer
			wrong EKU                              | purpose  | purpose  | ok       | ok       | purpose  | purpose   | purpose
			name-constraint violation              | names    | names    | ok       | ok       | names    | names     | names
			SHA-1                                  | digest   | digest   | ok       | ok       | digest   | digest    | digest
			SHA-1 of the intermediate              | digest   | digest   | ok       | ok       | digest   | digest    | digest
			MD5                                    | digest   | digest   | ok       | ok       | digest   | digest    | digest
			RSA-1024                               | key      | key      | ok       | ok       | key      | key       | key
			RSA-1024 of the intermediate           | key      | key      | ok       | ok       | key      | key       | key
			revoked, revocation none               | ok       | ok       | ok       | ok       | ok       | pin       | ok
			revoked, revocation soft               | revoked  | revoked  | startup  | startup  | revoked  | revoked   | revoked
			revoked, revocation hard               | revoked  | revoked  | startup  | startup  | revoked  | revoked   | revoked
			of no list, revocation soft            | ok       | ok       | startup  | startup  | ok       | pin       | ok
			of no list, revocation hard            | unknown  | unknown  | startup  | startup  | unknown  | unknown   | unknown
			key mismatch                           | mismatch | mismatch | mismatch | mismatch | mismatch | pin       | mismatch
			TLS 1.1 only                           | protocol | protocol | protocol | protocol | protocol | protocol  | protocol
			mTLS, no client certificate            | required | required | required | required | required | pin       | required
			mTLS, untrusted client certificate     | refused  | refused  | refused  | refused  | refused  | pin       | refused
			mTLS, expired client certificate       | refused  | refused  | refused  | refused  | refused  | pin       | refused
			mTLS, right client certificate         | ok       | ok       | ok       | ok       | ok       | pin       | ok
			""";

	private static final Map<String, Reason> REASONS = Map.ofEntries(Map.entry("issuer", Reason.UNKNOWN_ISSUER),
			Map.entry("expired", Reason.CERTIFICATE_EXPIRED), Map.entry("future", Reason.CERTIFICATE_NOT_YET_VALID),
			Map.entry("host", Reason.HOST_NAME_MISMATCH), Map.entry("self", Reason.SELF_SIGNED),
			Map.entry("purpose", Reason.WRONG_KEY_USAGE), Map.entry("names", Reason.NAME_CONSTRAINT_VIOLATION),
			Map.entry("digest", Reason.WEAK_SIGNATURE), Map.entry("key", Reason.WEAK_KEY),
			Map.entry("revoked", Reason.CERTIFICATE_REVOKED), Map.entry("unknown", Reason.REVOCATION_UNKNOWN),
			Map.entry("pin", Reason.PIN_MISMATCH), Map.entry("mismatch", Reason.KEY_MISMATCH),
			Map.entry("protocol", Reason.PROTOCOL_OR_CIPHER), Map.entry("required", Reason.CLIENT_CERTIFICATE_REQUIRED),
			Map.entry("refused", Reason.CLIENT_CERTIFICATE_REFUSED));

	@Parameter
	WebApplicationType type;

	@TempDir
	private static Path directory;

	private static TlsMatrixPeers peers;

	@BeforeParameterizedClassInvocation
	static void start(WebApplicationType type) {
		peers = new TlsMatrixPeers(type, directory);
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		peers.close();
	}

	static Stream<Row> rows() {
		return MATRIX.lines().skip(1).map(Row::parse);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("rows")
	void connection(Row row) {
		Peer peer = peers.get(row.name());
		List<String> properties = new ArrayList<>();
		SoftAssertions cells = new SoftAssertions();
		row.cells().forEach((column, expected) -> {
			List<String> connection = properties(column, peer);
			if ("startup".equals(expected)) {
				Contexts.any()
					.withPropertyValues(connection.toArray(String[]::new))
					.run((context) -> cells.assertThat(context.getStartupFailure())
						.as("%s", column)
						.hasMessageContaining("tls.revocation has no effect"));
			}
			else {
				properties.addAll(connection);
			}
		});
		NamedConnections connections = peers.client(properties);
		row.cells()
			.entrySet()
			.stream()
			.filter((cell) -> !"startup".equals(cell.getValue()))
			.forEach((cell) -> cells.assertThat(connect(connections.createTransport(name(cell.getKey()))))
				.as("%s", cell.getKey())
				.startsWith(cell.getValue() + ":"));
		cells.assertAll();
	}

	@Test
	void eachCertificateIsInTheMatrix() {
		assertThat(rows().map(Row::name)).containsExactlyInAnyOrderElementsOf(peers.names());
	}

	private static List<String> properties(Column column, Peer peer) {
		String prefix = "mcp.websocket.connections." + name(column) + ".";
		List<String> properties = new ArrayList<>(List.of(prefix + "url=wss://" + peer.host() + ":" + peer.port()));
		peer.properties().forEach((property) -> properties.add(prefix + property));
		switch (column) {
			case STRICT -> {
			}
			case CA -> properties.add(prefix + "tls.ca-cert-path=" + peer.authorities());
			case INVALID -> properties.add(prefix + "tls.accept-invalid-certs=true");
			case NONE -> properties.add(prefix + "tls.verify-server=false");
			case PINNED -> properties.add(prefix + "tls.pinned-keys=" + peers.pins());
			case OTHER_PIN ->
				properties.add(prefix + "tls.pinned-keys=" + TlsMatrixPeers.pin(TlsMatrixPeers.stranger()));
			case NAME -> properties.add(prefix + "tls.server-name=" + TlsMatrixPeers.NAME);
		}
		return properties;
	}

	private static String name(Column column) {
		return column.name().replace("_", "").toLowerCase(Locale.ROOT);
	}

	/**
	 * Return what becomes of a connection.
	 * @param transport the client's side
	 * @return a word of the matrix, and the message of the failure
	 */
	private static String connect(McpClientTransport transport) {
		try (McpSyncClient client = McpClient.sync(transport).build()) {
			client.initialize();
			return "ok:";
		}
		catch (RuntimeException ex) {
			Throwable failure = ex;
			while (!(failure instanceof McpWebSocketConnectException)) {
				failure = failure.getCause();
				if (failure == null) {
					throw ex;
				}
			}
			Reason reason = ((McpWebSocketConnectException) failure).getTlsFailure().orElse(null);
			return REASONS.entrySet()
				.stream()
				.filter((entry) -> entry.getValue() == reason)
				.map(Map.Entry::getKey)
				.findFirst()
				.orElse("?") + ": " + failure.getMessage();
		}
	}

	/**
	 * A row of the matrix.
	 */
	record Row(String name, Map<Column, String> cells) {

		static Row parse(String line) {
			String[] words = line.split("\\|");
			Map<Column, String> cells = new EnumMap<>(Column.class);
			for (Column column : Column.values()) {
				cells.put(column, words[column.ordinal() + 1].trim());
			}
			return new Row(words[0].trim(), cells);
		}

		@Override
		public String toString() {
			return this.name;
		}

	}

	/**
	 * What a client demands of the server.
	 */
	enum Column {

		/**
		 * Nothing is set: the system's authorities.
		 */
		STRICT,

		/**
		 * {@code tls.ca-cert-path}.
		 */
		CA,

		/**
		 * {@code tls.accept-invalid-certs=true}.
		 */
		INVALID,

		/**
		 * {@code tls.verify-server=false}.
		 */
		NONE,

		/**
		 * {@code tls.pinned-keys} with the keys of all servers, beside the system's
		 * authorities.
		 */
		PINNED,

		/**
		 * {@code tls.pinned-keys} with another key.
		 */
		OTHER_PIN,

		/**
		 * {@code tls.server-name=mcp.example.com}.
		 */
		NAME

	}

}
