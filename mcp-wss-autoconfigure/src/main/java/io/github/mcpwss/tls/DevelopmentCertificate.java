package io.github.mcpwss.tls;

import java.nio.file.Path;

/**
 * The files of a development certificate, all in PEM form.
 *
 * @param caCertificate the certificate of the local authority, for clients to trust
 * @param certificate the certificate for {@code localhost}, {@code 127.0.0.1} and
 * {@code ::1}, without its authority
 * @param privateKey the private key of the certificate, in PKCS#8 form and readable by
 * its owner only
 */
public record DevelopmentCertificate(Path caCertificate, Path certificate, Path privateKey) {

}
