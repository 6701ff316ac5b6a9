package io.github.mcpwss.autoconfigure;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import javax.net.ssl.SSLContext;

import io.github.mcpwss.testing.OpenSsl;
import io.github.mcpwss.testing.ScriptedServer;
import io.github.mcpwss.tls.CertificatePin;
import io.github.mcpwss.tls.ForgedCertificate;
import io.github.mcpwss.tls.TestCertificates;
import io.github.mcpwss.tls.TestCertificates.Issued;
import io.github.mcpwss.tls.TestRevocation;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * The servers of {@link TlsMatrixTests}, with the certificates that they present, and
 * what their clients are given. The servers are applications, which change their
 * certificate for each row; one that rightly does not start is replaced by one of another
 * make.
 */
final class TlsMatrixPeers implements AutoCloseable {

	static final String NAME = "mcp.example.com";

	private static final String LOCALHOST = "localhost";

	private static final String BUNDLE = "mcp-websocket";

	private static final String ADDRESS = "127.0.0.1";

	private static final Instant PAST = TestCertificates.daysFromNow(-9);

	private static final Instant YESTERDAY = TestCertificates.daysFromNow(-1);

	private static final Instant TOMORROW = TestCertificates.daysFromNow(1);

	private static final Instant FUTURE = TestCertificates.daysFromNow(9);

	private static final String TRUST_STORE = "javax.net.ssl.trustStore";

	private static final String TRUST_STORE_PASSWORD = TRUST_STORE + "Password";

	private static final Issued stranger = ForgedCertificate.authority("Stranger").key("RSA", 2048).selfSigned();

	private final Issued root = ForgedCertificate.authority("Matrix Root").selfSigned();

	private final Issued constrained = ForgedCertificate.authority("Matrix Constrained")
		.permittedDomain("example.org")
		.selfSigned();

	private final Issued system = ForgedCertificate.authority("Matrix System").selfSigned();

	private final Issued own = ForgedCertificate.authority("Matrix Own").selfSigned();

	private final Issued clients = ForgedCertificate.authority("Matrix Clients").selfSigned();

	private final Map<String, Case> cases = new LinkedHashMap<>();

	private final WebApplicationType type;

	private final Path directory;

	private final Path authorities;

	private final Applications applications = new Applications();

	private final Map<Server, ConfigurableApplicationContext> servers = new LinkedHashMap<>();

	private final Map<Server, Issued> presented = new HashMap<>();

	private final Map<List<String>, ConfigurableApplicationContext> clientApplications = new HashMap<>();

	private final List<Runnable> closeables = new ArrayList<>();

	TlsMatrixPeers(WebApplicationType type, Path directory) {
		this.type = type;
		this.directory = directory;
		this.authorities = new Issued(
				List.of(this.root.certificate(), this.constrained.certificate(), this.own.certificate()),
				this.root.privateKey())
			.writeCertificateTo(directory.resolve("ca.crt"));
		trustInSystem(this.root, this.constrained, this.system);
		addTrust();
		addDates();
		addHosts();
		addSelfSigned();
		addWeaknesses();
		addRevoked();
		addHandshakes();
	}

	private void trustInSystem(Issued... trusted) {
		Path file = this.directory.resolve("system.p12");
		try (OutputStream output = Files.newOutputStream(file)) {
			KeyStore store = KeyStore.getInstance("PKCS12");
			store.load(null, null);
			for (Issued authority : trusted) {
				X509Certificate certificate = authority.certificate();
				store.setCertificateEntry(certificate.getSubjectX500Principal().getName(), certificate);
			}
			store.store(output, "changeit".toCharArray());
		}
		catch (IOException | GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
		System.setProperty(TRUST_STORE, file.toString());
		System.setProperty(TRUST_STORE_PASSWORD, "changeit");
	}

	private void addTrust() {
		Issued intermediate = ForgedCertificate.authority("Sub").signedBy(this.root);
		add("valid", good().signedBy(this.root));
		add("valid, with its intermediate", good().signedBy(intermediate));
		add("of an authority of the CA file alone", good().signedBy(this.own));
		add("of an authority of the system alone", good().signedBy(this.system));
		add("of an unknown CA", good().signedBy(stranger));
		add("of a namesake of the CA", TestCertificates.authority("Matrix Root").issue(LOCALHOST, NAME));
		add("missing intermediate", good().signedBy(intermediate).withoutIssuers());
		add("wrong EKU", good().purpose(KeyPurposeId.id_kp_clientAuth).signedBy(this.root));
		add("name-constraint violation", good().signedBy(this.constrained));
	}

	private void addDates() {
		add("expired", good().notAfter(YESTERDAY).signedBy(this.root));
		add("not yet valid", good().notBefore(TOMORROW).signedBy(this.root));
		add("with an expired intermediate",
				good().signedBy(ForgedCertificate.authority("Old").notAfter(YESTERDAY).signedBy(this.root)));
	}

	private void addHosts() {
		add("for another host", server("mcp.example.org").signedBy(this.root));
		add("for the name alone", server(NAME).signedBy(this.root));
		addByAddress("IP SAN", server(ADDRESS));
		addByAddress("IP SAN of another address", server("127.0.0.2"));
		add("IP SAN, asked for by name", server(ADDRESS).signedBy(this.root));
		addByAddress("address in a DNS SAN", server().dnsNames(ADDRESS));
		add("wildcard", server("*.example.com").signedBy(this.root));
		add("wildcard within the label", server("m*.example.com").signedBy(this.root));
		add("CN only", server().subject("CN=" + LOCALHOST).signedBy(this.root));
	}

	private void addByAddress(String name, ForgedCertificate certificate) {
		add(name, new Case(Server.OURS, certificate.signedBy(this.root), ADDRESS, this.authorities, List.of()));
	}

	private void addSelfSigned() {
		Issued leaf = TestCertificates.selfSigned(PAST, FUTURE, LOCALHOST, NAME);
		add("self-signed leaf", leaf);
		add("self-signed leaf as CA", trusted(leaf, "leaf.crt"));
		Issued expired = TestCertificates.selfSigned(PAST, YESTERDAY, LOCALHOST, NAME);
		add("expired self-signed leaf", expired);
		add("expired self-signed leaf as CA", trusted(expired, "expired.crt"));
	}

	private Case trusted(Issued leaf, String file) {
		return new Case(Server.OURS, leaf, LOCALHOST, leaf.writeCertificateTo(this.directory.resolve(file)), List.of());
	}

	private void addWeaknesses() {
		add("SHA-1", good().signature("SHA1withRSA").signedBy(this.root));
		add("SHA-1 of the intermediate",
				good().signedBy(ForgedCertificate.authority("Weak").signature("SHA1withRSA").signedBy(this.root)));
		add("MD5", good().signature("MD5withRSA").signedBy(this.root));
		add("RSA-1024", good().key("RSA", 1024).signedBy(this.root));
		add("RSA-1024 of the intermediate",
				good().signedBy(ForgedCertificate.authority("Weak").key("RSA", 1024).signedBy(this.root)));
	}

	private void addRevoked() {
		Issued revoked = good().signedBy(this.root);
		Path list = new TestRevocation(this.root).revoke(revoked.certificate())
			.writeListTo(this.directory.resolve("root.crl"));
		Path otherList = new TestRevocation(this.own).writeListTo(this.directory.resolve("own.crl"));
		add("revoked, revocation none", revoked);
		add("revoked, revocation soft", revoked, "tls.revocation=soft", "tls.crl-paths=" + list);
		add("revoked, revocation hard", revoked, "tls.revocation=hard", "tls.crl-paths=" + list);
		add("of no list, revocation soft", revoked, "tls.revocation=soft", "tls.crl-paths=" + otherList);
		add("of no list, revocation hard", revoked, "tls.revocation=hard", "tls.crl-paths=" + otherList);
	}

	private void addHandshakes() {
		Issued issued = good().signedBy(this.root);
		add("key mismatch", Server.WITH_KEY_OF_ANOTHER, new Issued(issued.chain(), stranger.privateKey()));
		add("TLS 1.1 only", Server.OLD, issued);
		add("mTLS, no client certificate", Server.MUTUAL, issued);
		addClient("mTLS, untrusted client certificate", issued,
				TestCertificates.authority("Matrix Clients").issueClient("untrusted"));
		addClient("mTLS, expired client certificate", issued,
				ForgedCertificate.client().notAfter(YESTERDAY).signedBy(this.clients));
		addClient("mTLS, right client certificate", issued, ForgedCertificate.client().signedBy(this.clients));
	}

	private void addClient(String name, Issued identity, Issued client) {
		int number = this.cases.size();
		add(name,
				new Case(Server.MUTUAL, identity, LOCALHOST, this.authorities,
						List.of("tls.cert-path=" + client.writeCertificateTo(this.directory.resolve(number + ".crt")),
								"tls.key-path=" + client.writeKeyTo(this.directory.resolve(number + ".key")))));
	}

	private static ForgedCertificate good() {
		return server(LOCALHOST, NAME);
	}

	private static ForgedCertificate server(String... hosts) {
		return ForgedCertificate.server(hosts);
	}

	private void add(String name, Issued identity, String... properties) {
		add(name, new Case(Server.OURS, identity, LOCALHOST, this.authorities, List.of(properties)));
	}

	private void add(String name, Server server, Issued identity) {
		add(name, new Case(server, identity, LOCALHOST, this.authorities, List.of()));
	}

	private void add(String name, Case added) {
		this.cases.put(name, added);
	}

	Set<String> names() {
		return this.cases.keySet();
	}

	/**
	 * Return an authority that nobody trusts.
	 */
	static Issued stranger() {
		return stranger;
	}

	/**
	 * Have the server of a row present its certificate.
	 * @param name the row
	 * @return the server
	 */
	Peer get(String name) {
		Case found = this.cases.get(name);
		return new Peer(port(found), found);
	}

	private int port(Case found) {
		if (found.server().refusal != null) {
			assertThatThrownBy(() -> start(found)).hasStackTraceContaining(found.server().refusal);
			return portOfAnotherMake(found);
		}
		ConfigurableApplicationContext server = this.servers.computeIfAbsent(found.server(), (key) -> start(found));
		if (found.identity().equals(this.presented.put(found.server(), found.identity()))) {
			return Applications.endpointPort(server);
		}
		KeyStore trustStore = server.getBean(SslBundles.class).getBundle(BUNDLE).getStores().getTrustStore();
		server.getBean(SslBundleRegistry.class)
			.updateBundle(BUNDLE, SslBundle.of(SslStoreBundle.of(found.identity().keyStore(), "", trustStore)));
		return Applications.endpointPort(server);
	}

	private int portOfAnotherMake(Case found) {
		if (found.server() == Server.OLD) {
			OpenSsl.assumeInstalled();
			OpenSsl.Server server = OpenSsl.serve("-tls1_1", "-cipher", "ALL:@SECLEVEL=0", "-cert", file(found, ".crt"),
					"-key", file(found, ".key"));
			this.closeables.add(server::close);
			return server.port();
		}
		ScriptedServer server = ScriptedServer.overTls(context(found.identity()), false, (peer) -> peer.hang());
		this.closeables.add(server::close);
		return server.port();
	}

	private String file(Case found, String extension) {
		return this.directory.resolve(found.server() + extension).toString();
	}

	/**
	 * Return the connections of a client.
	 * @param properties the properties of the client
	 * @return the connections
	 */
	NamedConnections client(List<String> properties) {
		return this.clientApplications.computeIfAbsent(properties,
				(key) -> this.applications.run(
						new SpringApplicationBuilder(ClientApplication.class).web(WebApplicationType.NONE),
						properties.toArray(String[]::new)))
			.getBean(NamedConnections.class);
	}

	/**
	 * Return the pins of the keys of all servers.
	 */
	String pins() {
		return this.cases.values()
			.stream()
			.map(Case::identity)
			.map(TlsMatrixPeers::pin)
			.distinct()
			.collect(Collectors.joining(","));
	}

	/**
	 * Return the pin of the key of a certificate.
	 */
	static String pin(Issued identity) {
		return CertificatePin.ofPublicKey(identity.certificate()).toString();
	}

	private ConfigurableApplicationContext start(Case found) {
		List<String> properties = new ArrayList<>(List.of(
				"mcp.websocket.tls.cert-path=" + found.identity().writeCertificateTo(Path.of(file(found, ".crt"))),
				"mcp.websocket.tls.key-path=" + found.identity().writeKeyTo(Path.of(file(found, ".key")))));
		if (found.server() == Server.MUTUAL) {
			properties.add("mcp.websocket.tls.ca-cert-path="
					+ this.clients.writeCertificateTo(this.directory.resolve("clients.crt")));
		}
		if (found.server() == Server.OLD) {
			properties.add("mcp.websocket.tls.enabled-protocols=TLSv1.1");
			properties.add("mcp.websocket.tls.ciphers=TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA");
		}
		return this.applications.run(new SpringApplicationBuilder(Applications.ServerApplication.class).web(this.type),
				properties.toArray(String[]::new), "server.port=0", "server.address=127.0.0.1",
				"mcp.websocket.server-mode=true");
	}

	private static SSLContext context(Issued identity) {
		try {
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(identity.keyManagerFactory().getKeyManagers(), null, null);
			return context;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		System.clearProperty(TRUST_STORE);
		System.clearProperty(TRUST_STORE_PASSWORD);
		this.applications.close();
		this.closeables.forEach(Runnable::run);
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class ClientApplication {

	}

	/**
	 * A server that presents the certificate of a row.
	 */
	record Peer(int port, Case row) {

		String host() {
			return this.row.host();
		}

		Issued identity() {
			return this.row.identity();
		}

		Path authorities() {
			return this.row.authorities();
		}

		List<String> properties() {
			return this.row.properties();
		}

	}

	/**
	 * A row.
	 *
	 * @param server what presents the certificate
	 * @param identity the certificate
	 * @param host how the client asks for the server
	 * @param authorities the client's file of authorities
	 * @param properties further properties of the client
	 */
	record Case(Server server, Issued identity, String host, Path authorities, List<String> properties) {

	}

	/**
	 * Kinds of servers.
	 */
	enum Server {

		OURS(null),

		/**
		 * Demands client certificates.
		 */
		MUTUAL(null),

		/**
		 * Speaks TLS 1.1, as ours do not.
		 */
		OLD("No TLS handshake can be made with the protocols TLSv1.1"),

		/**
		 * Has the key of another certificate, with which ours do not start.
		 */
		WITH_KEY_OF_ANOTHER("does not belong to the certificate");

		private final @Nullable String refusal;

		Server(@Nullable String refusal) {
			this.refusal = refusal;
		}

	}

}
