package io.github.mcpwss.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Stream;

import org.springframework.core.io.FileSystemResourceLoader;

/**
 * The files of the development certificate and its authority.
 */
final class DevelopmentCertificateStore {

	private static final Duration RENEWAL = Duration.ofDays(30);

	private final Path authorityCertificate;

	private final Path authorityKey;

	private final Path certificate;

	private final Path privateKey;

	DevelopmentCertificateStore(Path directory) {
		this.authorityCertificate = directory.resolve("ca.pem");
		this.authorityKey = directory.resolve("ca-key.pem");
		this.certificate = directory.resolve("localhost.pem");
		this.privateKey = directory.resolve("localhost-key.pem");
	}

	DevelopmentCertificate files() {
		return new DevelopmentCertificate(this.authorityCertificate, this.certificate, this.privateKey);
	}

	Contents load(Instant now) {
		if (Stream.of(this.authorityCertificate, this.authorityKey, this.certificate, this.privateKey)
			.noneMatch(Files::exists)) {
			return new Contents(State.MISSING, Optional.empty());
		}
		Optional<PemIdentity> authority = load(this.authorityCertificate, this.authorityKey);
		Optional<PemIdentity> leaf = load(this.certificate, this.privateKey);
		if (authority.isEmpty()) {
			return new Contents(State.DAMAGED, authority);
		}
		if (isExpiring(authority.get(), now)) {
			return new Contents(State.EXPIRING, Optional.empty());
		}
		if (leaf.isEmpty() || !isIssuedBy(leaf.get(), authority.get())) {
			return new Contents(State.DAMAGED, authority);
		}
		if (isExpiring(leaf.get(), now)) {
			return new Contents(State.EXPIRING, authority);
		}
		return new Contents(State.GOOD, authority);
	}

	private static Optional<PemIdentity> load(Path certificate, Path privateKey) {
		try {
			return Optional.of(new PemLoader(new FileSystemResourceLoader()).loadIdentity("certificate",
					certificate.toUri().toString(), "key", privateKey.toUri().toString(), null));
		}
		catch (TlsConfigurationException ex) {
			return Optional.empty();
		}
	}

	private static boolean isExpiring(PemIdentity identity, Instant now) {
		X509Certificate certificate = identity.chain().get(0);
		return certificate.getNotBefore().toInstant().isAfter(now)
				|| certificate.getNotAfter().toInstant().isBefore(now.plus(RENEWAL));
	}

	private static boolean isIssuedBy(PemIdentity leaf, PemIdentity authority) {
		try {
			leaf.chain().get(0).verify(authority.chain().get(0).getPublicKey());
			return true;
		}
		catch (GeneralSecurityException ex) {
			return false;
		}
	}

	void saveAuthority(PemIdentity authority) throws IOException {
		save(authority, this.authorityCertificate, this.authorityKey);
	}

	void saveLeaf(PemIdentity leaf) throws IOException {
		save(leaf, this.certificate, this.privateKey);
	}

	private static void save(PemIdentity identity, Path certificate, Path privateKey) throws IOException {
		try {
			OwnerOnlyFiles.write(privateKey, pem("PRIVATE KEY", identity.privateKey().getEncoded()));
			OwnerOnlyFiles.write(certificate, pem("CERTIFICATE", identity.chain().get(0).getEncoded()));
		}
		catch (CertificateEncodingException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static byte[] pem(String type, byte[] content) {
		byte[] lineSeparator = { '\n' };
		String base64 = Base64.getMimeEncoder(64, lineSeparator).encodeToString(content);
		return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(type, base64, type)
			.getBytes(StandardCharsets.US_ASCII);
	}

	/**
	 * What there is in the directory.
	 *
	 * @param state the state of the whole
	 * @param authority the authority, where it can go on to be used
	 */
	record Contents(State state, Optional<PemIdentity> authority) {

	}

	/**
	 * State of the files.
	 */
	enum State {

		/**
		 * None of the files is there.
		 */
		MISSING,

		/**
		 * A file is missing or cannot be used.
		 */
		DAMAGED,

		/**
		 * A certificate is out of its validity period or about to be.
		 */
		EXPIRING,

		/**
		 * All files can be used.
		 */
		GOOD

	}

}
