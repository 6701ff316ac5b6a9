package io.github.mcpwss.autoconfigure;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

import io.github.mcpwss.autoconfigure.McpWebSocketProperties.Tls;
import io.github.mcpwss.tls.DevelopmentCertificate;
import io.github.mcpwss.tls.DevelopmentCertificates;
import io.github.mcpwss.tls.PemLoader;
import io.github.mcpwss.tls.PrivateKeyPermissions;
import io.github.mcpwss.tls.Revocation;
import io.github.mcpwss.tls.RevocationLists;
import io.github.mcpwss.tls.RevocationMode;
import io.github.mcpwss.tls.TlsConfigurationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.autoconfigure.ssl.PemSslBundleProperties;
import org.springframework.boot.io.ApplicationResourceLoader;
import org.springframework.core.io.ResourceLoader;

/**
 * Which SSL bundle TLS uses, and the files that it is made of.
 *
 * @param bundleName the name of the bundle, {@code null} if there is none
 * @param files the files to make the bundle of, {@code null} if it is one of the
 * application's own
 * @param revocation how certificates of peers are checked for revocation
 */
record TlsMaterial(@Nullable String bundleName, @Nullable Files files,
		Revocation revocation) implements TlsDecision, AutoCloseable {

	/**
	 * Name of the bundle that is made of the TLS properties.
	 */
	static final String BUNDLE_NAME = "mcp-websocket";

	private static final Logger logger = LoggerFactory.getLogger(TlsMaterial.class);

	private static final TlsMaterial NONE = new TlsMaterial(null, null, Revocation.NONE);

	/**
	 * Return the material for the properties. Files are read to see that they can be
	 * used, and the development certificate is made if it is missing.
	 * @param properties the properties
	 * @param resourceLoader the resource loader that resolves locations
	 * @return the material
	 * @throws TlsConfigurationException if a file cannot be used
	 */
	static TlsMaterial get(EndpointProperties properties, ResourceLoader resourceLoader) {
		Tls tls = properties.tls();
		if (properties.mode() == Mode.NONE || !properties.isTls() || tls.isOffloaded()) {
			return NONE;
		}
		ResourceLoader applicationLoader = ApplicationResourceLoader.get(resourceLoader, true);
		if (tls.bundle() != null) {
			return new TlsMaterial(tls.bundle(), null, revocation(properties, applicationLoader));
		}
		Files files = Files.get(properties);
		if (files.certificate() == null && files.authorities() == null) {
			return new TlsMaterial(null, null, revocation(properties, applicationLoader));
		}
		files.check(properties, applicationLoader);
		return new TlsMaterial(properties.bundleName(), files, revocation(properties, applicationLoader));
	}

	private static Revocation revocation(EndpointProperties properties, ResourceLoader resourceLoader) {
		Tls tls = properties.tls();
		return new Revocation(Defaults.orDefault(tls.revocation(), RevocationMode.NONE), tls.crlPaths().isEmpty() ? null
				: RevocationLists.load(properties.property("tls.crl-paths"), tls.crlPaths(), resourceLoader));
	}

	/**
	 * Begin to follow changes of revocation lists.
	 * @param interval the time between two looks at them
	 */
	void follow(Duration interval) {
		if (this.revocation.lists() instanceof RevocationLists lists) {
			lists.follow(interval);
		}
	}

	@Override
	public void close() {
		if (this.revocation.lists() instanceof RevocationLists lists) {
			lists.close();
		}
	}

	/**
	 * Return whether there is an identity among the files.
	 */
	boolean hasIdentity() {
		return this.files != null && this.files.certificate() != null;
	}

	/**
	 * Return the properties of the bundle to make.
	 * @param endpoint whose material this is
	 * @param resourceLoader the resource loader that resolves locations
	 * @return the properties or {@code null} if there is nothing to make
	 */
	@Nullable PemSslBundleProperties toBundleProperties(EndpointProperties endpoint, ResourceLoader resourceLoader) {
		return (this.files != null)
				? this.files.toBundleProperties(endpoint, ApplicationResourceLoader.get(resourceLoader, true)) : null;
	}

	/**
	 * Read the files as they are now.
	 * @param endpoint whose material this is
	 * @throws TlsConfigurationException if one of them cannot be used
	 */
	void load(EndpointProperties endpoint) {
		if (this.files != null) {
			this.files.load(endpoint, ApplicationResourceLoader.get());
		}
	}

	/**
	 * PEM files.
	 *
	 * @param certificate the location of the certificate chain
	 * @param privateKey the location of the private key
	 * @param keyPassword the password of the private key
	 * @param authorities the location of the authorities' certificates
	 * @param reload whether to follow changes, {@code null} for where that is possible
	 */
	record Files(@Nullable String certificate, @Nullable String privateKey, @Nullable String keyPassword,
			@Nullable String authorities, @Nullable Boolean reload) {

		private static Files get(EndpointProperties properties) {
			Tls tls = properties.tls();
			if (!tls.isDevCertificate()) {
				return new Files(tls.certPath(), tls.keyPath(), tls.keyPassword(), tls.caCertPath(),
						tls.reloadOnUpdate());
			}
			DevelopmentCertificate development = new DevelopmentCertificates(developmentDirectory(properties)).get();
			if (properties.mode() == Mode.CLIENT) {
				return new Files(tls.certPath(), tls.keyPath(), tls.keyPassword(),
						development.caCertificate().toString(), tls.reloadOnUpdate());
			}
			return new Files(development.certificate().toString(), development.privateKey().toString(), null,
					tls.caCertPath(), tls.reloadOnUpdate());
		}

		private static Path developmentDirectory(EndpointProperties properties) {
			String directory = properties.tls().devCertificateDirectory();
			try {
				return (directory != null) ? Path.of(directory) : DevelopmentCertificates.defaultDirectory();
			}
			catch (InvalidPathException ex) {
				String property = properties.property("tls.dev-certificate-directory");
				throw new TlsConfigurationException(property, directory,
						"%s is not a path: %s".formatted(property, ex.getMessage()), "Set it to a directory.", ex);
			}
		}

		private void check(EndpointProperties endpoint, ResourceLoader resourceLoader) {
			load(endpoint, resourceLoader);
			if (this.certificate != null && this.privateKey != null) {
				warnOfPermissions(this.privateKey, resourceLoader);
			}
		}

		private void load(EndpointProperties endpoint, ResourceLoader resourceLoader) {
			PemLoader loader = new PemLoader(resourceLoader);
			if (this.certificate != null && this.privateKey != null) {
				loader.loadIdentity(endpoint.property("tls.cert-path"), this.certificate,
						endpoint.property("tls.key-path"), this.privateKey, this.keyPassword);
			}
			if (this.authorities != null) {
				loader.loadAuthorities(endpoint.property("tls.ca-cert-path"), this.authorities);
			}
		}

		private static void warnOfPermissions(String location, ResourceLoader resourceLoader) {
			try {
				if (isFile(location, resourceLoader)) {
					Path file = resourceLoader.getResource(location).getFile().toPath();
					PrivateKeyPermissions.warning(file).ifPresent(logger::warn);
				}
			}
			catch (IOException ex) {
				logger.debug("Permissions of the private key could not be read", ex);
			}
		}

		private PemSslBundleProperties toBundleProperties(EndpointProperties endpoint, ResourceLoader resourceLoader) {
			PemSslBundleProperties properties = new PemSslBundleProperties();
			properties.getKeystore().setCertificate(this.certificate);
			properties.getKeystore().setPrivateKey(this.privateKey);
			properties.getKeystore().setPrivateKeyPassword(this.keyPassword);
			// so that a new certificate without its key does not take the place of a good
			// pair
			properties.getKeystore().setVerifyKeys(this.certificate != null);
			properties.getTruststore().setCertificate(this.authorities);
			properties.setReloadOnUpdate(isReload(endpoint, resourceLoader));
			return properties;
		}

		private boolean isReload(EndpointProperties endpoint, ResourceLoader resourceLoader) {
			if (Boolean.FALSE.equals(this.reload)) {
				return false;
			}
			boolean watchable = Stream.of(this.certificate, this.privateKey, this.authorities)
				.allMatch((location) -> location == null || isFile(location, resourceLoader));
			if (Boolean.TRUE.equals(this.reload) && !watchable) {
				throw new McpWebSocketConfigurationException(
						"%s is true, and not all certificates and keys are files that can be watched."
							.formatted(endpoint.property("tls.reload-on-update")),
						"Use files in the file system, or remove %s."
							.formatted(endpoint.property("tls.reload-on-update")));
			}
			return watchable;
		}

		private static boolean isFile(String location, ResourceLoader resourceLoader) {
			return !location.contains("-----BEGIN") && resourceLoader.getResource(location).isFile();
		}

		/**
		 * Return a description without locations, which may be PEM text, and password.
		 */
		@Override
		public String toString() {
			return "Files[certificate=" + (this.certificate != null) + ", authorities=" + (this.authorities != null)
					+ "]";
		}

	}

}
