package io.github.mcpwss.server.servlet;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;

import io.github.mcpwss.testing.FailingClients;
import io.github.mcpwss.testing.TlsProbe;
import io.github.mcpwss.tls.ForgedCertificate;
import io.github.mcpwss.tls.ServerTrust;
import io.github.mcpwss.tls.ServerTrustManagers;
import io.github.mcpwss.tls.TestCertificates;
import io.github.mcpwss.tls.TestCertificates.Issued;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NegotiatingServerConnection;
import org.eclipse.jetty.server.NegotiatingServerConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link JettyTls} and {@link JettyTlsFailures} on a live server that is
 * configured by stores, as Spring Boot does it.
 */
@ExtendWith(OutputCaptureExtension.class)
class JettyTlsTests {

	private final Server server = new Server();

	private final Issued authority = ForgedCertificate.authority("CA").selfSigned();

	private JettyTls tls;

	@AfterEach
	void stop() throws Exception {
		this.server.stop();
	}

	@Test
	void clientCertificateIsHeldToTheTrustManagerOfTheBundle() throws Exception {
		int port = start(this.authority.certificate(), Duration.ofSeconds(30));
		assertThat(probe(ForgedCertificate.client()).connect(port).getProtocol()).isEqualTo("TLSv1.3");
		assertThatIOException().isThrownBy(() -> probe(ForgedCertificate.client().key("RSA", 1024)).connect(port));
	}

	@Test
	void updatedContextIsUsedForNewConnections() throws Exception {
		int port = start(this.authority.certificate(), Duration.ofSeconds(30));
		Issued renewed = ForgedCertificate.server("localhost").signedBy(this.authority);
		this.tls.update(context(renewed, this.authority.certificate()));
		assertThat(probe(ForgedCertificate.client()).connect(port).getPeerCertificates()[0])
			.isEqualTo(renewed.certificate());
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void failuresAreTold(CapturedOutput output) throws Exception {
		TestCertificates clientAuthority = TestCertificates.authority("CA");
		int port = start(clientAuthority.certificate(), Duration.ofSeconds(3));
		// as a load balancer does: no failure at all
		new Socket(InetAddress.getByName("127.0.0.1"), port).close();
		Map<String, String> expected = new LinkedHashMap<>();
		try (FailingClients clients = new FailingClients(port, clientAuthority, 1);
				FailingClients oldClients = new FailingClients(port, clientAuthority, 50)) {
			expected.putAll(clients.run(false));
			expected.putAll(oldClients.run(true));
			await().atMost(Duration.ofSeconds(15))
				.untilAsserted(() -> expected
					.forEach((client, words) -> assertThat(linesOf(client, output)).as(client + " " + words)
						.singleElement()
						.asString()
						.containsPattern(words.replace("ADDRESS", client))));
		}
		assertThat(output).doesNotContain("secret-token").doesNotContain("client 127.0.0.1:");
	}

	@Test
	void handshakeThatDripsIsCutWhereHttpIsNegotiated() throws Exception {
		int port = start(this.authority.certificate(), Duration.ofSeconds(1), new SslNegotiation());
		assertThat(probe(ForgedCertificate.client()).connect(port).getProtocol()).isEqualTo("TLSv1.3");
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			socket.getOutputStream().write(new byte[] { 22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xFC, 3, 3, 7 });
			socket.setSoTimeout(100);
			await().pollInterval(Duration.ofMillis(1)).until(() -> {
				try {
					socket.getOutputStream().write(1);
					return socket.getInputStream().read() < 0;
				}
				catch (SocketTimeoutException ex) {
					return false;
				}
				catch (IOException ex) {
					return true;
				}
			});
		}
	}

	private static Stream<String> linesOf(String client, CharSequence output) {
		return output.toString().lines().filter((line) -> line.matches(".*client " + client + "(\\D.*)?"));
	}

	private int start(X509Certificate clientAuthority, Duration timeout, ConnectionFactory... negotiation)
			throws Exception {
		Issued identity = ForgedCertificate.server("localhost").signedBy(this.authority);
		SslContextFactory.Server ssl = new SslContextFactory.Server();
		KeyStore store = KeyStore.getInstance("PKCS12");
		store.load(null, null);
		store.setKeyEntry("key", identity.privateKey(), new char[0], identity.chain().toArray(new Certificate[0]));
		store.setCertificateEntry("ca", clientAuthority);
		ssl.setKeyStore(store);
		ssl.setKeyStorePassword("");
		ssl.setTrustStore(store);
		ssl.setNeedClientAuth(true);
		ServerConnector connector = new ServerConnector(this.server,
				new SslConnectionFactory(ssl, (negotiation.length > 0) ? negotiation[0].getProtocol() : "http/1.1"));
		for (ConnectionFactory factory : negotiation) {
			connector.addConnectionFactory(factory);
		}
		connector.addConnectionFactory(new HttpConnectionFactory());
		connector.setHost("127.0.0.1");
		this.server.addConnector(connector);
		this.tls = new JettyTls(context(identity, clientAuthority));
		this.tls.customize(this.server);
		new JettyHandshakeTimeout(timeout).customize(this.server);
		new JettyTlsFailures(timeout).customize(this.server);
		this.server.start();
		return connector.getLocalPort();
	}

	private static SSLContext context(Issued identity, X509Certificate clientAuthority) {
		TrustManagerFactory trust = ServerTrustManagers.trustManagerFactory(ServerTrust.AUTHORITIES,
				List.of(clientAuthority));
		return SslBundle.of(null, null, null, null, SslManagerBundle.of(identity.keyManagerFactory(), trust))
			.createSslContext();
	}

	private TlsProbe probe(ForgedCertificate certificate) {
		return new TlsProbe(certificate.signedBy(this.authority).keyManagerFactory());
	}

	/**
	 * Stands between TLS and HTTP, as ALPN does.
	 */
	private static final class SslNegotiation extends NegotiatingServerConnectionFactory {

		SslNegotiation() {
			super("negotiation", "http/1.1");
			setDefaultProtocol("http/1.1");
		}

		@Override
		protected AbstractConnection newServerConnection(Connector connector, EndPoint endPoint, SSLEngine engine,
				List<String> protocols, String defaultProtocol) {
			return new Negotiation(connector, endPoint, engine, protocols, defaultProtocol);
		}

	}

	private static final class Negotiation extends NegotiatingServerConnection {

		Negotiation(Connector connector, EndPoint endPoint, SSLEngine engine, List<String> protocols,
				String defaultProtocol) {
			super(connector, endPoint, engine, protocols, defaultProtocol);
			((SslConnection.SslEndPoint) endPoint).getSslConnection().addHandshakeListener(new SslHandshakeListener() {

				@Override
				public void handshakeSucceeded(Event event) {
					setProtocol(defaultProtocol);
				}

			});
		}

	}

}
