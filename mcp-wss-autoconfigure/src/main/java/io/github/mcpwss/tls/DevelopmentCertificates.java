package io.github.mcpwss.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.util.ClassUtils;

/**
 * Makes, keeps and renews a certificate for {@code localhost} and the local authority
 * that issues it, for development only. The authority is limited by name constraints to
 * {@code localhost} and the loopback addresses, so that its key is of no use elsewhere
 * for browsers and OpenSSL; the JDK does not look at the constraints of an authority that
 * it trusts directly. The files are made once and reused until fewer than 30 days of
 * their validity remain; damaged ones are made anew. Needs Bouncy Castle
 * ({@code org.bouncycastle:bcpkix-jdk18on}) when something has to be made. Safe for use
 * by several threads and processes at once.
 */
public final class DevelopmentCertificates {

	private static final Logger logger = LoggerFactory.getLogger(DevelopmentCertificates.class);

	private static final String PROPERTY = "mcp.websocket.tls.dev-certificate-directory";

	private static final String BOUNCY_CASTLE = "org.bouncycastle.openssl.jcajce.JcaPEMWriter";

	private final Path directory;

	private final Clock clock;

	/**
	 * Create a new instance.
	 * @param directory the directory for the files, created when it is missing
	 */
	public DevelopmentCertificates(Path directory) {
		this(directory, Clock.systemUTC());
	}

	DevelopmentCertificates(Path directory, Clock clock) {
		this.directory = directory.toAbsolutePath();
		this.clock = clock;
	}

	/**
	 * Return the directory that is used where none is configured,
	 * {@code .mcp-wss/dev-certificate} below the user's home.
	 * @return the directory
	 */
	public static Path defaultDirectory() {
		return Path.of(System.getProperty("user.home"), ".mcp-wss", "dev-certificate");
	}

	/**
	 * Return the certificate, made or renewed where necessary.
	 * @return the files of the certificate
	 * @throws TlsConfigurationException if the files cannot be made
	 */
	public DevelopmentCertificate get() {
		DevelopmentCertificateStore store = new DevelopmentCertificateStore(this.directory);
		try {
			if (store.load(this.clock.instant()).state() != DevelopmentCertificateStore.State.GOOD) {
				OwnerOnlyFiles.createDirectories(this.directory);
				DirectoryLock.run(this.directory, () -> make(store));
			}
			return store.files();
		}
		catch (IOException ex) {
			throw failure(
					"Failed to make the development certificate in '%s' (%s): %s".formatted(this.directory, PROPERTY,
							ex),
					"Make the directory writable for the user that runs the application, or set " + PROPERTY
							+ " to one that is.",
					ex);
		}
	}

	private void make(DevelopmentCertificateStore store) throws IOException {
		// another thread or process may have been faster
		DevelopmentCertificateStore.Contents contents = store.load(this.clock.instant());
		if (contents.state() == DevelopmentCertificateStore.State.GOOD) {
			return;
		}
		if (!ClassUtils.isPresent(BOUNCY_CASTLE, DevelopmentCertificates.class.getClassLoader())) {
			throw failure("Failed to make the development certificate: Bouncy Castle is not on the classpath",
					"Add the dependency org.bouncycastle:bcpkix-jdk18on for development, or use a certificate of your own.",
					null);
		}
		if (contents.state() == DevelopmentCertificateStore.State.DAMAGED) {
			logger.warn("The development certificate in {} is damaged or incomplete and is made anew", this.directory);
		}
		DevelopmentCertificateIssuer issuer = new DevelopmentCertificateIssuer(this.clock);
		PemIdentity authority = contents.authority().orElseGet(issuer::authority);
		if (contents.authority().isEmpty()) {
			store.saveAuthority(authority);
		}
		PemIdentity leaf = issuer.leaf(authority);
		store.saveLeaf(leaf);
		logger.info("Made a development certificate for localhost in {}, valid until {}; clients have to trust {}",
				this.directory, leaf.chain().get(0).getNotAfter().toInstant().atOffset(ZoneOffset.UTC).toLocalDate(),
				store.files().caCertificate().getFileName());
	}

	private TlsConfigurationException failure(String description, String action, @Nullable Exception cause) {
		return new TlsConfigurationException(PROPERTY, this.directory.toString(), description, action, cause);
	}

}
