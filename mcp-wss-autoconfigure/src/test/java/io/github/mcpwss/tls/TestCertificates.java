package io.github.mcpwss.tls;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

import javax.net.ssl.KeyManagerFactory;
import javax.security.auth.x500.X500Principal;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.CertificateBuilder.KeyUsage;
import io.netty.pkitesting.X509Bundle;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.jspecify.annotations.Nullable;

/**
 * A certificate authority for tests, and the PEM files of what it issues.
 */
public final class TestCertificates {

	private final X509Bundle bundle;

	private final List<X509Certificate> intermediates;

	private TestCertificates(X509Bundle bundle, List<X509Certificate> intermediates) {
		this.bundle = bundle;
		this.intermediates = intermediates;
	}

	/**
	 * Create an authority with the given common name.
	 */
	public static TestCertificates authority(String name) {
		return new TestCertificates(build(authorityBuilder(name), null), List.of());
	}

	/**
	 * Create an authority with a key of the given algorithm.
	 */
	public static TestCertificates authority(Algorithm algorithm, String name) {
		return new TestCertificates(build(authorityBuilder(name).algorithm(algorithm), null), List.of());
	}

	/**
	 * Create an authority under this one. What it issues carries its certificate along.
	 */
	public TestCertificates intermediate(String name) {
		X509Bundle issued = build(authorityBuilder(name), this.bundle);
		return new TestCertificates(issued, List.of(issued.getCertificate()));
	}

	/**
	 * Return the authority's certificate.
	 */
	public X509Certificate certificate() {
		return this.bundle.getCertificate();
	}

	/**
	 * Return the authority's certificate in PEM form.
	 */
	public String certificatePem() {
		return pem(certificate());
	}

	/**
	 * Write the authority's certificate.
	 */
	public Path writeTo(Path file) {
		return write(file, pem(certificate()));
	}

	/**
	 * Issue a server certificate that is valid now.
	 */
	public Issued issue(String... hosts) {
		return issue(daysFromNow(-1), daysFromNow(90), hosts);
	}

	/**
	 * Issue a server certificate with the given validity.
	 */
	public Issued issue(Instant notBefore, Instant notAfter, String... hosts) {
		return issued(build(serverBuilder(notBefore, notAfter, hosts), this.bundle));
	}

	/**
	 * Issue a server certificate with a key of the given algorithm.
	 */
	public Issued issue(Algorithm algorithm, String... hosts) {
		return issued(build(serverBuilder(daysFromNow(-1), daysFromNow(90), hosts).algorithm(algorithm), this.bundle));
	}

	/**
	 * Issue a client certificate that is valid now.
	 */
	public Issued issueClient(String name) {
		return issueClient(daysFromNow(-1), daysFromNow(90), name);
	}

	/**
	 * Issue a client certificate with the given validity.
	 */
	public Issued issueClient(Instant notBefore, Instant notAfter, String name) {
		return issueClient(Algorithm.ecp256, notBefore, notAfter, name);
	}

	/**
	 * Issue a client certificate with a key of the given algorithm.
	 */
	public Issued issueClient(Algorithm algorithm, String name) {
		return issueClient(algorithm, daysFromNow(-1), daysFromNow(90), name);
	}

	private Issued issueClient(Algorithm algorithm, Instant notBefore, Instant notAfter, String name) {
		return issued(build(new CertificateBuilder().algorithm(algorithm)
			.subject(new X500Principal("CN=" + name))
			.notBefore(notBefore)
			.notAfter(notAfter)
			.setKeyUsage(true, KeyUsage.digitalSignature)
			.addExtendedKeyUsageClientAuth(), this.bundle));
	}

	/**
	 * Create a self-signed server certificate, like those of {@code openssl req -x509}.
	 */
	public static Issued selfSigned(Instant notBefore, Instant notAfter, String... hosts) {
		X509Bundle bundle = build(serverBuilder(notBefore, notAfter, hosts).setIsCertificateAuthority(true)
			.setKeyUsage(true, KeyUsage.digitalSignature, KeyUsage.keyCertSign), null);
		return new Issued(List.of(bundle.getCertificate()), bundle.getKeyPair().getPrivate());
	}

	/**
	 * Return the instant so many days from now, in whole seconds.
	 */
	public static Instant daysFromNow(int days) {
		return Instant.now().truncatedTo(ChronoUnit.SECONDS).plus(days, ChronoUnit.DAYS);
	}

	private Issued issued(X509Bundle issued) {
		List<X509Certificate> chain = new ArrayList<>(List.of(issued.getCertificate()));
		chain.addAll(this.intermediates);
		return new Issued(chain, issued.getKeyPair().getPrivate());
	}

	private static CertificateBuilder authorityBuilder(String name) {
		return new CertificateBuilder().ecp256()
			.subject(new X500Principal("CN=" + name))
			.notBefore(daysFromNow(-1000))
			.notAfter(daysFromNow(1000))
			.setIsCertificateAuthority(true)
			.setPathLengthConstraint(OptionalInt.of(3))
			.setKeyUsage(true, KeyUsage.keyCertSign);
	}

	private static CertificateBuilder serverBuilder(Instant notBefore, Instant notAfter, String... hosts) {
		CertificateBuilder builder = new CertificateBuilder().ecp256()
			.subject(new X500Principal("O=Test"))
			.notBefore(notBefore)
			.notAfter(notAfter)
			.setKeyUsage(true, KeyUsage.digitalSignature)
			.addExtendedKeyUsageServerAuth();
		for (String host : hosts) {
			if (host.contains(":") || host.matches("[0-9.]+")) {
				builder.addSanIpAddress(address(host));
			}
			else {
				builder.addSanDnsName(host);
			}
		}
		return builder;
	}

	private static InetAddress address(String host) {
		try {
			return InetAddress.getByName(host);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static X509Bundle build(CertificateBuilder builder, @Nullable X509Bundle issuer) {
		try {
			return (issuer != null) ? builder.buildIssuedBy(issuer) : builder.buildSelfSigned();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String pem(Object object) {
		StringWriter text = new StringWriter();
		try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
			writer.writeObject(object);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return text.toString();
	}

	private static Path write(Path file, String content) {
		try {
			return Files.writeString(file, content);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * A certificate with its chain and private key.
	 *
	 * @param chain the certificate first, without the root
	 * @param privateKey the private key of the certificate
	 */
	public record Issued(List<X509Certificate> chain, PrivateKey privateKey) {

		/**
		 * Return the certificate itself.
		 */
		public X509Certificate certificate() {
			return this.chain.get(0);
		}

		/**
		 * Return the same without the certificates of its issuers.
		 */
		public Issued withoutIssuers() {
			return new Issued(this.chain.subList(0, 1), this.privateKey);
		}

		/**
		 * Write the certificate chain in PEM form.
		 */
		public Path writeCertificateTo(Path file) {
			return write(file, certificatePem());
		}

		/**
		 * Write the private key in PKCS#8 PEM form.
		 */
		public Path writeKeyTo(Path file) {
			return write(file, keyPem(null));
		}

		/**
		 * Write the private key in encrypted PKCS#8 PEM form.
		 */
		public Path writeKeyTo(Path file, String password) {
			return write(file, keyPem(password));
		}

		/**
		 * Return the certificate chain in PEM form.
		 */
		public String certificatePem() {
			return String.join("", this.chain.stream().map(TestCertificates::pem).toList());
		}

		/**
		 * Return the private key in PKCS#8 PEM form, encrypted if there is a password.
		 */
		public String keyPem(@Nullable String password) {
			try {
				return pem(new JcaPKCS8Generator(this.privateKey,
						(password != null) ? new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
							.setProvider(new BouncyCastleProvider())
							.setPRF(PKCS8Generator.PRF_HMACSHA256)
							.setPassword(password.toCharArray())
							.build() : null));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			catch (OperatorCreationException ex) {
				throw new IllegalStateException(ex);
			}
		}

		/**
		 * Return a key manager factory with this identity.
		 */
		public KeyManagerFactory keyManagerFactory() {
			try {
				KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
				factory.init(keyStore(), new char[0]);
				return factory;
			}
			catch (GeneralSecurityException ex) {
				throw new IllegalStateException(ex);
			}
		}

		/**
		 * Return a key store with this identity, whose password is empty. One of PKCS#12
		 * would spend much time on that.
		 */
		public KeyStore keyStore() {
			try {
				KeyStore keyStore = KeyStore.getInstance("JKS");
				keyStore.load(null, null);
				keyStore.setKeyEntry("key", this.privateKey, new char[0], this.chain.toArray(new X509Certificate[0]));
				return keyStore;
			}
			catch (IOException | GeneralSecurityException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
