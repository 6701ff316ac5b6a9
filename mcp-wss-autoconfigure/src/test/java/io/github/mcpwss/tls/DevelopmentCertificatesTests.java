package io.github.mcpwss.tls;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;

import io.github.mcpwss.tls.TlsFailure.Reason;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.io.DefaultResourceLoader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link DevelopmentCertificates}.
 */
@ExtendWith(OutputCaptureExtension.class)
class DevelopmentCertificatesTests {

	@TempDir
	private Path parent;

	private Path directory;

	@BeforeEach
	void setUp() {
		this.directory = this.parent.resolve("home/dev-certificate");
	}

	@Test
	void getMakesFilesForTheirOwnerOnly(CapturedOutput output) throws IOException {
		DevelopmentCertificate certificate = new DevelopmentCertificates(this.directory).get();
		assertThat(certificate).isEqualTo(new DevelopmentCertificate(this.directory.resolve("ca.pem"),
				this.directory.resolve("localhost.pem"), this.directory.resolve("localhost-key.pem")));
		assertThat(permissions(this.directory)).isEqualTo("rwx------");
		assertThat(permissions(this.directory.getParent())).isEqualTo("rwx------");
		assertThat(permissions(certificate.privateKey())).isEqualTo("rw-------");
		assertThat(permissions(this.directory.resolve("ca-key.pem"))).isEqualTo("rw-------");
		assertThat(PrivateKeyPermissions.warning(certificate.privateKey())).isEmpty();
		assertThat(Files.readString(certificate.privateKey())).startsWith("-----BEGIN PRIVATE KEY-----\n");
		assertThat(output.getAll().lines().filter((line) -> line.contains("Made a development certificate")))
			.singleElement()
			.asString()
			.contains("INFO")
			.contains(this.directory.toString())
			.contains("valid until ");
		try (Stream<Path> files = Files.list(this.directory)) {
			assertThat(files.map((file) -> file.getFileName().toString())).containsExactlyInAnyOrder(".lock", "ca.pem",
					"ca-key.pem", "localhost.pem", "localhost-key.pem");
		}
	}

	@Test
	void certificatesAreLimited() throws Exception {
		new DevelopmentCertificates(this.directory).get();
		X509Certificate authority = certificate("ca.pem");
		assertThat(authority.getBasicConstraints()).isZero();
		assertThat(authority.getCriticalExtensionOIDs()).contains("2.5.29.30", "2.5.29.15", "2.5.29.19");
		X509Certificate leaf = certificate("localhost.pem");
		assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
		assertThat(leaf.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
		assertThat(leaf.getSubjectAlternativeNames()).extracting((name) -> (Object) name.get(1))
			.containsExactly("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
		assertThat(leaf.getSubjectX500Principal().getName()).doesNotContain("CN=");
		assertThat(Duration.between(leaf.getNotBefore().toInstant(), leaf.getNotAfter().toInstant()))
			.isLessThanOrEqualTo(Duration.ofDays(398));
	}

	@ParameterizedTest
	@ValueSource(strings = { "localhost", "127.0.0.1", "::1" })
	void certificateVerifiesForLocalHost(String host) throws Exception {
		try (TlsPeers server = server()) {
			server.connect(client(), host);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "example.com", "127.0.0.2", "host.localhost" })
	void certificateDoesNotVerifyForOtherHosts(String host) throws Exception {
		try (TlsPeers server = server()) {
			SSLContext client = client();
			Throwable failure = catchThrowable(() -> server.connect(client, host));
			assertThat(TlsFailures.classify(failure, host)).get()
				.extracting(TlsFailure::reason)
				.isEqualTo(Reason.HOST_NAME_MISMATCH);
		}
	}

	@Test
	void getReusesFiles() throws IOException {
		new DevelopmentCertificates(this.directory).get();
		Map<String, String> before = contents();
		new DevelopmentCertificates(this.directory).get();
		in(366).get();
		assertThat(contents()).isEqualTo(before);
	}

	@Test
	void getRenewsCertificateThatIsAboutToExpire(CapturedOutput output) throws IOException {
		new DevelopmentCertificates(this.directory).get();
		Map<String, String> before = contents();
		in(368).get();
		Map<String, String> after = contents();
		assertThat(changed(before, after)).containsExactlyInAnyOrder("localhost.pem", "localhost-key.pem");
		in(368 + 366).get();
		assertThat(contents()).isEqualTo(after);
		assertThat(output).doesNotContain("WARN");
	}

	@Test
	void getRenewsAuthorityThatIsAboutToExpire() throws IOException {
		new DevelopmentCertificates(this.directory).get();
		Map<String, String> before = contents();
		in(5 * 365 - 29).get();
		assertThat(changed(before, contents())).containsExactlyInAnyOrder("ca.pem", "ca-key.pem", "localhost.pem",
				"localhost-key.pem");
	}

	@Test
	void getRenewsCertificateThatIsNotYetValid() throws IOException {
		in(10).get();
		Map<String, String> before = contents();
		new DevelopmentCertificates(this.directory).get();
		assertThat(changed(before, contents())).hasSize(4);
	}

	@ParameterizedTest
	@ValueSource(strings = { "ca.pem", "ca-key.pem", "localhost.pem", "localhost-key.pem" })
	void getMakesDamagedFilesAnew(String file, CapturedOutput output) throws IOException {
		DevelopmentCertificates certificates = new DevelopmentCertificates(this.directory);
		certificates.get();
		Path damaged = this.directory.resolve(file);
		for (String content : new String[] { "", "junk", Files.readString(damaged).substring(0, 120) }) {
			Files.writeString(damaged, content);
			certificates.get();
			assertGood();
		}
		Files.delete(damaged);
		certificates.get();
		assertGood();
		assertThat(output.getAll().lines().filter((line) -> line.contains("WARN"))).hasSize(4)
			.allSatisfy((line) -> assertThat(line).contains("is damaged or incomplete and is made anew"));
	}

	@Test
	void getReplacesCertificateOfAnotherAuthority(CapturedOutput output) throws IOException {
		new DevelopmentCertificates(this.directory).get();
		DevelopmentCertificate other = new DevelopmentCertificates(this.parent.resolve("other")).get();
		Files.write(this.directory.resolve("localhost.pem"), Files.readAllBytes(other.certificate()));
		Files.write(this.directory.resolve("localhost-key.pem"), Files.readAllBytes(other.privateKey()));
		new DevelopmentCertificates(this.directory).get();
		assertGood();
		assertThat(output).contains("WARN");
	}

	@Test
	void getByThreadsAtOnceMakesFilesOnce(CapturedOutput output) throws Exception {
		int threads = 8;
		CyclicBarrier barrier = new CyclicBarrier(threads);
		Callable<Map<String, String>> start = () -> {
			barrier.await();
			new DevelopmentCertificates(this.directory).get();
			return contents();
		};
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			Set<Map<String, String>> seen = new HashSet<>();
			for (Future<Map<String, String>> future : executor.invokeAll(Collections.nCopies(threads, start))) {
				seen.add(future.get());
			}
			assertThat(seen).hasSize(1);
		}
		finally {
			executor.shutdownNow();
		}
		assertGood();
		assertThat(output).containsOnlyOnce("Made a development certificate").doesNotContain("WARN");
	}

	@Test
	void getByProcessesAtOnceMakesFilesOnce() throws Exception {
		List<Process> processes = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			processes.add(start(System.getProperty("java.class.path")));
		}
		StringBuilder output = new StringBuilder();
		for (Process process : processes) {
			output.append(new String(process.getInputStream().readAllBytes()));
			assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
			assertThat(process.exitValue()).as(output.toString()).isZero();
		}
		assertGood();
		assertThat(output).containsOnlyOnce("Made a development certificate").doesNotContain("WARN");
	}

	@Test
	void getWithoutBouncyCastleNamesDependency() throws Exception {
		String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((entry) -> !entry.contains("bcpkix") && !entry.contains("bcprov"))
			.collect(Collectors.joining(File.pathSeparator));
		Process process = start(classPath);
		assertThat(new String(process.getInputStream().readAllBytes())).contains("TlsConfigurationException")
			.contains("Bouncy Castle is not on the classpath")
			.contains("ACTION Add the dependency org.bouncycastle:bcpkix-jdk18on");
		assertThat(process.waitFor()).isOne();
		new DevelopmentCertificates(this.directory).get();
		Process reuse = start(classPath);
		assertThat(new String(reuse.getInputStream().readAllBytes())).doesNotContain("Exception");
		assertThat(reuse.waitFor()).isZero();
	}

	@Test
	void getWhenDirectoryCannotBeMade() throws IOException {
		Path file = Files.writeString(this.parent.resolve("file"), "");
		TlsConfigurationException failure = catchThrowableOfType(TlsConfigurationException.class,
				() -> new DevelopmentCertificates(file.resolve("below")).get());
		assertThat(failure.getProperty()).isEqualTo("mcp.websocket.tls.dev-certificate-directory");
		assertThat(failure.getLocation()).isEqualTo(file.resolve("below").toString());
		assertThat(failure).hasMessageStartingWith("Failed to make the development certificate in '" + file);
		assertThat(failure.getAction()).contains("writable")
			.contains("set mcp.websocket.tls.dev-certificate-directory");
	}

	@Test
	void defaultDirectoryIsBelowHome() {
		assertThat(DevelopmentCertificates.defaultDirectory())
			.isEqualTo(Path.of(System.getProperty("user.home")).resolve(".mcp-wss/dev-certificate"));
	}

	private DevelopmentCertificates in(int days) {
		Instant then = Instant.now().plus(Duration.ofDays(days));
		return new DevelopmentCertificates(this.directory, Clock.fixed(then, ZoneOffset.UTC));
	}

	private TlsPeers server() throws IOException {
		new DevelopmentCertificates(this.directory).get();
		PemIdentity identity = assertGood();
		return TlsPeers.server(new TestCertificates.Issued(identity.chain(), identity.privateKey()));
	}

	private SSLContext client() {
		return TlsPeers.context(null,
				ServerTrustManagers.trustManagerFactory(ServerTrust.AUTHORITIES, List.of(certificate("ca.pem"))));
	}

	private PemIdentity assertGood() throws IOException {
		PemLoader loader = new PemLoader(new DefaultResourceLoader());
		loader.loadIdentity("ca", "file:" + this.directory.resolve("ca.pem"), "ca-key",
				"file:" + this.directory.resolve("ca-key.pem"), null);
		PemIdentity identity = loader.loadIdentity("cert", "file:" + this.directory.resolve("localhost.pem"), "key",
				"file:" + this.directory.resolve("localhost-key.pem"), null);
		assertThat(identity.chain()).singleElement()
			.satisfies((leaf) -> leaf.verify(certificate("ca.pem").getPublicKey()));
		return identity;
	}

	private X509Certificate certificate(String file) {
		try (InputStream content = Files.newInputStream(this.directory.resolve(file))) {
			return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(content);
		}
		catch (IOException | CertificateException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private Map<String, String> contents() throws IOException {
		Map<String, String> contents = new TreeMap<>();
		for (String file : List.of("ca.pem", "ca-key.pem", "localhost.pem", "localhost-key.pem")) {
			contents.put(file, Files.readString(this.directory.resolve(file)));
		}
		return contents;
	}

	private static Collection<String> changed(Map<String, String> before, Map<String, String> after) {
		return before.keySet().stream().filter((file) -> !before.get(file).equals(after.get(file))).toList();
	}

	private static String permissions(Path path) throws IOException {
		return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
	}

	private Process start(String classPath) throws IOException {
		return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m", "-cp",
				classPath, Main.class.getName(), this.directory.toString())
			.redirectErrorStream(true)
			.start();
	}

	/**
	 * A process that asks for the certificate.
	 */
	public static final class Main {

		private Main() {
		}

		public static void main(String[] arguments) {
			try {
				new DevelopmentCertificates(Path.of(arguments[0])).get();
			}
			catch (TlsConfigurationException ex) {
				System.out.println(ex);
				System.out.println("ACTION " + ex.getAction());
				System.exit(1);
			}
		}

	}

}
