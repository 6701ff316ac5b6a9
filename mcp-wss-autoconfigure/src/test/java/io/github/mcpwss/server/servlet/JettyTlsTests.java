package io.github.mcpwss.server.servlet;

import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.List;

import javax.net.ssl.TrustManagerFactory;

import io.github.mcpwss.testing.TlsProbe;
import io.github.mcpwss.tls.ForgedCertificate;
import io.github.mcpwss.tls.ServerTrust;
import io.github.mcpwss.tls.ServerTrustManagers;
import io.github.mcpwss.tls.TestCertificates.Issued;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.Test;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslManagerBundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link JettyTls} on a live server that is configured by stores, as Spring
 * Boot does it.
 */
class JettyTlsTests {

	private final Issued authority = ForgedCertificate.authority("CA").selfSigned();

	@Test
	void clientCertificateIsHeldToTheTrustManagerOfTheBundle() throws Exception {
		Issued identity = ForgedCertificate.server("localhost").signedBy(this.authority);
		Server server = new Server();
		SslContextFactory.Server ssl = new SslContextFactory.Server();
		KeyStore store = KeyStore.getInstance("PKCS12");
		store.load(null, null);
		store.setKeyEntry("key", identity.privateKey(), new char[0], identity.chain().toArray(new Certificate[0]));
		store.setCertificateEntry("ca", this.authority.certificate());
		ssl.setKeyStore(store);
		ssl.setKeyStorePassword("");
		ssl.setTrustStore(store);
		ssl.setNeedClientAuth(true);
		ServerConnector connector = new ServerConnector(server, new SslConnectionFactory(ssl, "http/1.1"),
				new HttpConnectionFactory());
		connector.setHost("127.0.0.1");
		server.addConnector(connector);
		TrustManagerFactory trust = ServerTrustManagers.trustManagerFactory(ServerTrust.AUTHORITIES,
				List.of(this.authority.certificate()));
		new JettyTls(SslBundle.of(null, null, null, null, SslManagerBundle.of(identity.keyManagerFactory(), trust))
			.createSslContext()).customize(server);
		server.start();
		try {
			int port = connector.getLocalPort();
			assertThat(probe(ForgedCertificate.client()).connect(port).getProtocol()).isEqualTo("TLSv1.3");
			assertThatIOException().isThrownBy(() -> probe(ForgedCertificate.client().key("RSA", 1024)).connect(port));
		}
		finally {
			server.stop();
		}
	}

	private TlsProbe probe(ForgedCertificate certificate) {
		return new TlsProbe(certificate.signedBy(this.authority).keyManagerFactory());
	}

}
