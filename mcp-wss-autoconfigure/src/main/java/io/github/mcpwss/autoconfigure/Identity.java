package io.github.mcpwss.autoconfigure;

import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

import io.github.mcpwss.tls.CertificateReport;
import io.github.mcpwss.tls.PemLoader;
import io.github.mcpwss.tls.TlsConfigurationException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.io.ApplicationResourceLoader;
import org.springframework.boot.ssl.SslBundle;

/**
 * The certificate that a server or client presents, with those of its issuers.
 *
 * @param property the property that it comes from
 * @param chain the chain, empty if there is none
 */
record Identity(String property, List<X509Certificate> chain) {

	/**
	 * Return the identity that the files of the properties hold.
	 * @param endpoint the properties
	 * @return the identity, which is empty if the files cannot be read: that is told
	 * elsewhere
	 */
	static Identity ofFiles(EndpointProperties endpoint) {
		String property = endpoint.property("tls.cert-path");
		String location = endpoint.tls().certPath();
		if (location == null || !endpoint.isTls()) {
			return new Identity(property, List.of());
		}
		try {
			return new Identity(property,
					new PemLoader(ApplicationResourceLoader.get()).loadCertificates(property, location));
		}
		catch (TlsConfigurationException ex) {
			return new Identity(property, List.of());
		}
	}

	/**
	 * Return the identity that an SSL bundle holds.
	 * @param endpoint the properties
	 * @param bundle the bundle
	 * @return the identity
	 */
	static Identity of(EndpointProperties endpoint, @Nullable SslBundle bundle) {
		return of(endpoint.property((endpoint.tls().bundle() != null) ? "tls.bundle" : "tls.cert-path"), bundle);
	}

	/**
	 * Return the identity that an SSL bundle holds.
	 * @param property the property that it comes from
	 * @param bundle the bundle
	 * @return the identity
	 */
	static Identity of(String property, @Nullable SslBundle bundle) {
		KeyStore keyStore = (bundle != null) ? bundle.getStores().getKeyStore() : null;
		return new Identity(property, (bundle != null && keyStore != null) ? chain(keyStore, bundle) : List.of());
	}

	private static List<X509Certificate> chain(KeyStore keyStore, SslBundle bundle) {
		try {
			String configured = bundle.getKey().getAlias();
			for (String alias : Collections.list(keyStore.aliases())) {
				Certificate[] chain = keyStore.getCertificateChain(alias);
				if (chain != null && (configured == null || configured.equalsIgnoreCase(alias))) {
					return Stream.of(chain)
						.filter(X509Certificate.class::isInstance)
						.map(X509Certificate.class::cast)
						.toList();
				}
			}
			return List.of();
		}
		catch (KeyStoreException ex) {
			throw new IllegalStateException("Unable to read key store", ex);
		}
	}

	/**
	 * Find what makes the certificates unfit for production.
	 * @return the violations
	 */
	List<SecurityViolation> violations() {
		return CertificateReport.of(this.chain, Clock.systemUTC())
			.stream()
			.flatMap((certificate) -> certificate.problems()
				.stream()
				.map((problem) -> new SecurityViolation(this.property,
						"the certificate %s %s".formatted(certificate.subject(), problem),
						"have a new certificate issued, with a key of RSA 2048, EC 256 or Ed25519 and a signature of SHA-256 or better")))
			.toList();
	}

}
