package io.github.mcpwss.testing;

import java.security.KeyStore;

import javax.net.ssl.SSLContext;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;

/**
 * A certificate authority and a certificate that it issued, of {@code localhost} or of
 * another host.
 */
public final class TestTls {

	private final X509Bundle authority;

	private final X509Bundle server;

	public TestTls() {
		this("localhost");
	}

	public TestTls(String host) {
		try {
			this.authority = new CertificateBuilder().subject("CN=Test CA")
				.setIsCertificateAuthority(true)
				.ecp256()
				.buildSelfSigned();
			this.server = new CertificateBuilder().subject("CN=" + host)
				.addSanDnsName(host)
				.addSanIpAddress("127.0.0.1")
				.ecp256()
				.buildIssuedBy(this.authority);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	public SslBundle serverBundle() {
		try {
			KeyStore keyStore = this.server.toKeyStore(new char[0]);
			return SslBundle.of(SslStoreBundle.of(keyStore, "", null));
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return the bundle of a client that trusts the authority, and no other.
	 * @return the bundle
	 */
	public SslBundle clientBundle() {
		try {
			KeyStore trustStore = KeyStore.getInstance("PKCS12");
			trustStore.load(null, null);
			trustStore.setCertificateEntry("ca", this.authority.getCertificate());
			return SslBundle.of(SslStoreBundle.of(null, null, trustStore));
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	public SSLContext clientContext() {
		SSLContext context = clientBundle().createSslContext();
		// The JDK keeps those of 20,480 connections otherwise, which looks like a leak.
		context.getClientSessionContext().setSessionCacheSize(1);
		return context;
	}

}
