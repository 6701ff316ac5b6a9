package io.github.mcpwss.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;

import io.netty.pkitesting.CertificateBuilder.Algorithm;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.io.ApplicationResourceLoader;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.Resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link PemLoader}.
 */
class PemLoaderTests {

	private static final String CERT = "mcp.websocket.tls.cert-path";

	private static final String KEY = "mcp.websocket.tls.key-path";

	private static final String CA = "mcp.websocket.tls.ca-cert-path";

	private static final TestCertificates authority = TestCertificates.authority("Root");

	private static final TestCertificates.Issued issued = authority.intermediate("Intermediate").issue("localhost");

	private final PemLoader loader = new PemLoader(ApplicationResourceLoader.get(new DefaultResourceLoader(), true));

	@TempDir
	private Path directory;

	private Path cert;

	private Path key;

	@BeforeEach
	void setUp() {
		this.cert = issued.writeCertificateTo(this.directory.resolve("server.pem"));
		this.key = issued.writeKeyTo(this.directory.resolve("server-key.pem"));
	}

	@Test
	void loadIdentityLoadsChainAndKey() {
		PemIdentity identity = load();
		assertThat(identity.chain()).isEqualTo(issued.chain());
		assertThat(identity.privateKey()).isEqualTo(issued.privateKey());
		assertThat(identity).hasToString(
				"PemIdentity[subject=O=Test, certificates=2, algorithm=" + issued.privateKey().getAlgorithm() + "]");
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.INCLUDE,
			names = { "ecp256", "ecp384", "rsa2048", "rsa3072", "ed25519", "ed448" })
	void loadIdentityLoadsKeysOfAlgorithm(Algorithm algorithm) {
		TestCertificates.Issued other = authority.issue(algorithm, "localhost");
		other.writeCertificateTo(this.cert);
		other.writeKeyTo(this.key);
		assertThat(load().privateKey()).isEqualTo(other.privateKey());
		authority.issue(algorithm, "localhost").writeKeyTo(this.key);
		assertThat(failure()).hasMessageContaining("does not belong to the certificate");
	}

	@Test
	void loadIdentityLoadsFromAllKindsOfLocations() {
		assertThat(load("file:" + this.cert, "file:" + this.key, null).chain()).hasSize(2);
		assertThat(load(this.cert.toUri().toString(), this.key.toUri().toString(), null).chain()).hasSize(2);
		assertThat(load(base64(issued.certificatePem()), base64(issued.keyPem(null)), null).chain()).hasSize(2);
		assertThat(load(issued.certificatePem(), issued.keyPem(null), null).chain()).hasSize(2);
	}

	@Test
	void loadIdentityLoadsCertificateAndKeyFromOneFile() throws IOException {
		Files.writeString(this.cert, issued.keyPem(null) + issued.certificatePem());
		assertThat(load(this.cert.toString(), this.cert.toString(), null).chain()).hasSize(2);
	}

	@Test
	void loadIdentityDecryptsKey() {
		issued.writeKeyTo(this.key, "secret");
		assertThat(load(this.cert.toString(), this.key.toString(), "secret").privateKey())
			.isEqualTo(issued.privateKey());
	}

	@Test
	void loadAuthoritiesLoadsAllCertificates() throws IOException {
		Files.writeString(this.cert, "# comment\r\n" + issued.certificatePem().replace("\n", "\r\n"));
		assertThat(this.loader.loadAuthorities(CA, this.cert.toString())).isEqualTo(issued.chain())
			.allSatisfy((certificate) -> assertThat(certificate).isInstanceOf(X509Certificate.class));
	}

	@Test
	void missingFile() {
		TlsConfigurationException failure = failure("missing.pem", this.key.toString(), null);
		assertThat(failure.getProperty()).isEqualTo(CERT);
		assertThat(failure.getLocation()).isEqualTo("missing.pem");
		assertThat(failure).hasMessage("Failed to read certificate from 'missing.pem' (mcp.websocket.tls.cert-path): "
				+ "there is no such file");
		assertThat(failure.getAction()).contains("Correct the path").contains(Path.of("").toAbsolutePath().toString());
		assertThat(failure(this.cert.toString(), "file:" + this.directory + "/none.pem", null))
			.hasMessageStartingWith("Failed to read private key")
			.hasMessageContaining("there is no such file");
		assertThat(failure("classpath:none.pem", this.key.toString(), null)).hasMessageContaining("no such file");
	}

	@Test
	void directoryInsteadOfFile() {
		assertThat(failure(this.directory.toString(), this.key.toString(), null))
			.hasMessageStartingWith("Failed to read certificate")
			.hasMessageEndingWith("it is a directory");
		assertThat(failure(this.cert.toString(), this.directory.toUri().toString(), null))
			.hasMessageStartingWith("Failed to read private key")
			.hasMessageEndingWith("it is a directory");
	}

	@Test
	void unreadableFile() {
		// the tests may run as root, who can read every file
		PemLoader denied = new PemLoader(new DefaultResourceLoader() {
			@Override
			public Resource getResource(String location) {
				return new ByteArrayResource(new byte[0]) {
					@Override
					public InputStream getInputStream() throws IOException {
						throw new AccessDeniedException(location);
					}
				};
			}
		});
		TlsConfigurationException failure = catchThrowableOfType(TlsConfigurationException.class,
				() -> denied.loadAuthorities(CA, "/ca.pem"));
		assertThat(failure).hasMessageStartingWith("Failed to read certificate from '/ca.pem' (" + CA + ")")
			.hasMessageContaining("not readable for user '" + System.getProperty("user.name") + "'");
		assertThat(failure.getAction()).contains("chown").contains("/ca.pem");
	}

	@Test
	void hugeFile() throws IOException {
		Files.write(this.cert, new byte[8 * 1024 * 1024 + 1]);
		assertThat(failure()).hasMessageStartingWith("Failed to read certificate").hasMessageContaining("8 MB");
	}

	@Test
	void malformedBase64() {
		TlsConfigurationException failure = failure(this.cert.toString(), "base64:c2Vj*cmV0", null);
		assertThat(failure).hasMessageStartingWith("Failed to read private key from 'base64:...'");
		assertThat(failure.getLocation()).isEqualTo("base64:...");
	}

	@Test
	void locationWithContentIsNeverShown() {
		String cutOff = issued.keyPem(null).substring(0, 100);
		assertThat(failure(this.cert.toString(), cutOff, null)).hasMessageContaining("PEM text")
			.hasMessageContaining("cut off")
			.message()
			.doesNotContain(cutOff.substring(40, 60));
		String bare = Base64.getEncoder().encodeToString(issued.privateKey().getEncoded());
		assertThat(failure(this.cert.toString(), bare, null)).message().doesNotContain(bare.substring(0, 20));
		assertThat(failure(this.cert.toString(), "k".repeat(900), null)).message().doesNotContain("kkkk");
	}

	@Test
	void emptyFile() throws IOException {
		Files.writeString(this.key, "\n");
		assertThat(failure()).hasMessage("Failed to parse private key from '%s' (%s): the file is empty", this.key,
				KEY);
		Files.writeString(this.cert, "");
		assertThat(failure()).hasMessage("Failed to parse certificate from '%s' (%s): the file is empty", this.cert,
				CERT);
	}

	@Test
	void derInsteadOfPem() throws Exception {
		Files.write(this.key, issued.privateKey().getEncoded());
		TlsConfigurationException failure = failure();
		assertThat(failure).hasMessageStartingWith("Failed to parse private key").hasMessageContaining("DER");
		assertThat(failure.getAction()).contains("openssl pkey -inform der -in " + this.key);
		Files.write(this.cert, issued.certificate().getEncoded());
		failure = failure();
		assertThat(failure).hasMessageStartingWith("Failed to parse certificate").hasMessageContaining("DER");
		assertThat(failure.getAction()).contains("openssl x509 -inform der -in " + this.cert);
	}

	@Test
	void keyStoreInsteadOfPem() throws Exception {
		KeyStore keyStore = KeyStore.getInstance("PKCS12");
		keyStore.load(null, null);
		keyStore.setCertificateEntry("ca", authority.certificate());
		try (var output = Files.newOutputStream(this.cert)) {
			keyStore.store(output, "changeit".toCharArray());
		}
		TlsConfigurationException failure = failure();
		assertThat(failure).hasMessageContaining("PKCS#12");
		assertThat(failure.getAction()).contains("openssl pkcs12 -in " + this.cert + " -nokeys");
		keyStore = KeyStore.getInstance("JKS");
		keyStore.load(null, null);
		try (var output = Files.newOutputStream(this.cert)) {
			keyStore.store(output, "changeit".toCharArray());
		}
		failure = failure();
		assertThat(failure).hasMessageContaining("JKS");
		assertThat(failure.getAction()).contains("keytool -importkeystore");
	}

	@Test
	void utf16InsteadOfAscii() throws IOException {
		Files.writeString(this.cert, issued.certificatePem(), StandardCharsets.UTF_16);
		TlsConfigurationException failure = failure();
		assertThat(failure).hasMessageContaining("UTF-16");
		assertThat(failure.getAction()).contains("iconv");
	}

	@Test
	void junk() throws IOException {
		Files.writeString(this.key, "0 junk");
		assertThat(failure()).hasMessageStartingWith("Failed to parse private key")
			.hasMessageContaining("not PEM")
			.hasMessageContaining("-----BEGIN PRIVATE KEY-----");
		Files.writeString(this.cert, "junk");
		assertThat(failure()).hasMessageStartingWith("Failed to parse certificate")
			.hasMessageContaining("-----BEGIN CERTIFICATE-----");
	}

	@Test
	void certificateAndKeyExchanged() {
		TlsConfigurationException failure = failure(this.key.toString(), this.cert.toString(), null);
		assertThat(failure).hasMessageStartingWith("Failed to parse certificate")
			.hasMessageEndingWith("the file holds a 'PRIVATE KEY' and no certificate");
		assertThat(failure.getAction()).contains("exchanged?");
		failure = failure(this.cert.toString(), this.cert.toString(), null);
		assertThat(failure).hasMessageStartingWith("Failed to parse private key")
			.hasMessageEndingWith("the file holds a 'CERTIFICATE' and no private key");
	}

	@Test
	void signingRequestInsteadOfCertificate() throws IOException {
		Files.writeString(this.cert,
				issued.certificatePem().replace("CERTIFICATE", "CERTIFICATE REQUEST").replace("MII", "MIH"));
		assertThat(failure()).hasMessageStartingWith("Failed to parse certificate")
			.hasMessageContaining("signing request");
	}

	@Test
	void cutOffContent() throws IOException {
		Files.writeString(this.cert, issued.certificatePem().substring(0, 200));
		assertThat(failure()).hasMessageStartingWith("Failed to parse certificate")
			.hasMessageContaining("cut off: a BEGIN line has no END line");
		String chain = issued.certificatePem();
		Files.writeString(this.cert, chain.substring(0, chain.length() - 60));
		assertThat(failure()).hasMessageStartingWith("Failed to parse certificate").hasMessageContaining("cut off");
		issued.writeCertificateTo(this.cert);
		Files.writeString(this.key, issued.keyPem(null).substring(0, 100));
		assertThat(failure()).hasMessageStartingWith("Failed to parse private key").hasMessageContaining("cut off");
	}

	@Test
	void damagedBase64() throws IOException {
		String content = issued.certificatePem();
		int second = content.lastIndexOf("-----BEGIN");
		Files.writeString(this.cert,
				content.substring(0, second) + content.substring(second).replaceFirst("MII", "M*I"));
		assertThat(failure()).hasMessageStartingWith("Failed to parse certificate").hasMessageContaining("damaged");
		Files.writeString(this.cert, content.substring(0, 300) + content.substring(310));
		TlsConfigurationException failure = failure();
		assertThat(failure).hasMessageStartingWith("Failed to parse certificate").hasMessageContaining("damaged");
		assertThat(failure.getAction()).contains("openssl x509 -noout -text -in " + this.cert);
		issued.writeCertificateTo(this.cert);
		String keyPem = issued.keyPem(null);
		Files.writeString(this.key, keyPem.substring(0, 50) + keyPem.substring(61));
		assertThat(failure()).hasMessageStartingWith("Failed to parse private key").hasMessageContaining("damaged");
	}

	@Test
	void encryptedKeyWithoutPassword() {
		issued.writeKeyTo(this.key, "secret");
		for (String password : new String[] { null, "" }) {
			TlsConfigurationException failure = failure(this.cert.toString(), this.key.toString(), password);
			assertThat(failure).hasMessageStartingWith("Failed to parse private key")
				.hasMessageEndingWith("the private key is encrypted and there is no password for it");
			assertThat(failure.getAction()).isEqualTo("Set mcp.websocket.tls.key-password.");
		}
	}

	@Test
	void encryptedKeyWithWrongPassword() {
		issued.writeKeyTo(this.key, "secret");
		TlsConfigurationException failure = failure(this.cert.toString(), this.key.toString(), "hunter2");
		assertThat(failure).hasMessageStartingWith("Failed to parse private key")
			.hasMessageContaining("wrong password")
			.hasStackTraceContaining("Caused by");
		assertThat(failure.getAction()).contains("Correct mcp.websocket.tls.key-password");
		StringWriter stackTrace = new StringWriter();
		failure.printStackTrace(new PrintWriter(stackTrace));
		assertThat(stackTrace.toString()).doesNotContain("hunter2").doesNotContain("secret");
	}

	@Test
	void legacyEncryptedKey() throws IOException {
		Files.writeString(this.key, """
				-----BEGIN RSA PRIVATE KEY-----
				Proc-Type: 4,ENCRYPTED
				DEK-Info: AES-256-CBC,8C3A2B0B1B0C4A5E9C4F1A2B3C4D5E6F

				MIIEowIBAAKCAQEA
				-----END RSA PRIVATE KEY-----
				""");
		TlsConfigurationException failure = failure();
		assertThat(failure).hasMessageStartingWith("Failed to parse private key")
			.hasMessageContaining("Proc-Type: 4,ENCRYPTED");
		assertThat(failure.getAction()).contains("openssl pkcs8 -topk8 -v2 aes-256-cbc -in " + this.key);
	}

	@Test
	void opensshKey() throws IOException {
		Files.writeString(this.key,
				"-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk=\n-----END OPENSSH PRIVATE KEY-----\n");
		assertThat(failure()).hasMessageContaining("OpenSSH");
		assertThat(failure().getAction()).contains("ssh-keygen -p -m PKCS8");
	}

	@Test
	void keyOfAnotherCertificate() {
		authority.issue("localhost").writeKeyTo(this.key);
		TlsConfigurationException failure = failure();
		assertThat(failure).hasMessage(
				"Failed to parse private key from '%s' (%s): the private key does not belong to the certificate '%s' (%s)",
				this.key, KEY, this.cert, CERT);
		assertThat(failure.getProperty()).isEqualTo(KEY);
		assertThat(failure.getAction()).contains("openssl pkey -pubout -in " + this.key)
			.contains("openssl x509 -noout -pubkey -in " + this.cert);
	}

	@Test
	void certificateOfKeyIsNotFirst() throws IOException {
		TestCertificates.Issued other = authority.issue("localhost");
		Files.writeString(this.cert, other.certificatePem() + issued.certificatePem());
		TlsConfigurationException failure = failure();
		assertThat(failure).hasMessageStartingWith("Failed to parse certificate")
			.hasMessageContaining("is not the first in the file");
		assertThat(failure.getProperty()).isEqualTo(CERT);
	}

	@Test
	void authoritiesWithoutCertificate() {
		TlsConfigurationException failure = catchThrowableOfType(TlsConfigurationException.class,
				() -> this.loader.loadAuthorities(CA, this.key.toString()));
		assertThat(failure).hasMessageStartingWith("Failed to parse certificate").hasMessageContaining(CA);
	}

	private static String base64(String content) {
		return "base64:" + Base64.getEncoder().encodeToString(content.getBytes(StandardCharsets.US_ASCII));
	}

	private PemIdentity load() {
		return load(this.cert.toString(), this.key.toString(), null);
	}

	private PemIdentity load(String certLocation, String keyLocation, @Nullable String password) {
		return this.loader.loadIdentity(CERT, certLocation, KEY, keyLocation, password);
	}

	private TlsConfigurationException failure() {
		return failure(this.cert.toString(), this.key.toString(), null);
	}

	private TlsConfigurationException failure(String certLocation, String keyLocation, @Nullable String password) {
		return catchThrowableOfType(TlsConfigurationException.class, () -> load(certLocation, keyLocation, password));
	}

}
