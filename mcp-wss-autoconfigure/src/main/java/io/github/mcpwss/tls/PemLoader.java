package io.github.mcpwss.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.pem.PemContent;
import org.springframework.core.io.ResourceLoader;

/**
 * Loads certificates and private keys from PEM files and says exactly what is wrong with
 * one that cannot be used. Locations are what the given {@link ResourceLoader} supports;
 * with that of
 * {@link org.springframework.boot.io.ApplicationResourceLoader#get(ResourceLoader, boolean)}
 * these are plain paths, {@code file:}, {@code classpath:} and {@code base64:}. PEM text
 * itself is accepted too, as in Spring Boot's SSL bundles, whose parser is used. Safe for
 * use by several threads.
 */
public final class PemLoader {

	private static final Pattern CERTIFICATE_HEADER = Pattern.compile("-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----");

	private final PemReader reader;

	/**
	 * Create a new loader.
	 * @param resourceLoader the resource loader that resolves locations
	 */
	public PemLoader(ResourceLoader resourceLoader) {
		this.reader = new PemReader(resourceLoader);
	}

	/**
	 * Load a certificate chain and its private key.
	 * @param certProperty the name of the property with the certificate's location
	 * @param certLocation the location of the certificate chain
	 * @param keyProperty the name of the property with the private key's location
	 * @param keyLocation the location of the private key
	 * @param keyPassword the password of the private key or {@code null}
	 * @return the identity
	 * @throws TlsConfigurationException if one of the two cannot be read or parsed, or
	 * the private key does not belong to the first certificate
	 */
	public PemIdentity loadIdentity(String certProperty, String certLocation, String keyProperty, String keyLocation,
			@Nullable String keyPassword) {
		PemSource certSource = this.reader.read(PemType.CERTIFICATE, certProperty, certLocation);
		List<X509Certificate> chain = certificates(certSource);
		PemSource keySource = this.reader.read(PemType.PRIVATE_KEY, keyProperty, keyLocation);
		PrivateKey privateKey = privateKey(keySource,
				(keyPassword != null && !keyPassword.isEmpty()) ? keyPassword : null);
		if (!KeyMatch.matches(privateKey, chain.get(0))) {
			throw mismatch(certSource, chain, keySource, privateKey);
		}
		return new PemIdentity(chain, privateKey);
	}

	/**
	 * Load certificates.
	 * @param property the name of the property with the location
	 * @param location the location
	 * @return the certificates, never empty
	 * @throws TlsConfigurationException if they cannot be read or parsed
	 */
	public List<X509Certificate> loadCertificates(String property, String location) {
		return certificates(this.reader.read(PemType.CERTIFICATE, property, location));
	}

	/**
	 * Load the certificates of certificate authorities.
	 * @param property the name of the property with the location
	 * @param location the location
	 * @return the certificates, never empty
	 * @throws TlsConfigurationException if they cannot be read or parsed, or none of them
	 * is of an authority or self-signed
	 */
	public List<X509Certificate> loadAuthorities(String property, String location) {
		PemSource source = this.reader.read(PemType.CERTIFICATE, property, location);
		List<X509Certificate> certificates = certificates(source);
		if (!TrustedAuthorities.isAnyIn(certificates)) {
			throw source.parseFailure(PemProblem.noAuthority(certificates.get(0)), null);
		}
		return certificates;
	}

	private List<X509Certificate> certificates(PemSource source) {
		List<X509Certificate> certificates;
		try {
			certificates = PemContent.of(source.content()).getCertificates();
		}
		catch (RuntimeException ex) {
			throw source.parseFailure(PemProblem.of(source, false, ex), ex);
		}
		// the parser passes over what it does not understand between good certificates
		if (PemProblem.isCutOff(source.content())) {
			throw source.parseFailure(PemProblem.cutOff(), null);
		}
		if (certificates.size() < CERTIFICATE_HEADER.matcher(source.content()).results().count()) {
			throw source.parseFailure(PemProblem.damaged(source), null);
		}
		return certificates;
	}

	private PrivateKey privateKey(PemSource source, @Nullable String password) {
		RuntimeException failure = new IllegalStateException("No private key");
		try {
			PrivateKey privateKey = PemContent.of(source.content()).getPrivateKey(password);
			if (privateKey != null) {
				return privateKey;
			}
		}
		catch (RuntimeException ex) {
			failure = ex;
		}
		throw source.parseFailure(PemProblem.of(source, password != null, failure), failure);
	}

	private static TlsConfigurationException mismatch(PemSource certSource, List<X509Certificate> chain,
			PemSource keySource, PrivateKey privateKey) {
		if (KeyMatch.matchesAny(privateKey, chain)) {
			return certSource.parseFailure(
					new PemProblem(
							"the certificate of the private key '%s' (%s) is not the first in the file"
								.formatted(keySource.location(), keySource.property()),
							"Put the certificate of the private key first, then the one that issued it, and so on."),
					null);
		}
		return keySource.parseFailure(new PemProblem(
				"the private key does not belong to the certificate '%s' (%s)".formatted(certSource.location(),
						certSource.property()),
				"Use the key and the certificate of one pair: 'openssl pkey -pubout -in %s' and 'openssl x509 -noout -pubkey -in %s' print the same public key."
					.formatted(keySource.shellWord(), certSource.shellWord())),
				null);
	}

}
