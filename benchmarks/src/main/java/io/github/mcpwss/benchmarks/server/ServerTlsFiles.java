package io.github.mcpwss.benchmarks.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;

/**
 * The certificate that every server presents.
 */
public final class ServerTlsFiles {

	/**
	 * The certificate's file, which a client trusts, too.
	 */
	public static final String CERTIFICATE = "server.crt";

	static final String KEY = "server.key";

	private ServerTlsFiles() {
	}

	/**
	 * Make a certificate.
	 * @param directory where to
	 * @throws IOException if the files cannot be written
	 */
	public static void write(Path directory) throws IOException {
		X509Bundle bundle;
		try {
			bundle = new CertificateBuilder().subject("CN=localhost")
				.addSanDnsName("localhost")
				.addSanIpAddress("127.0.0.1")
				.ecp256()
				.setIsCertificateAuthority(true)
				.buildSelfSigned();
		}
		catch (Exception ex) {
			throw new IOException("Could not make a certificate", ex);
		}
		Files.writeString(directory.resolve(CERTIFICATE), bundle.getCertificatePEM());
		Path key = Files.createFile(directory.resolve(KEY),
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
		Files.writeString(key, bundle.getPrivateKeyPEM());
	}

}
