package io.github.mcpwss.autoconfigure;

import java.util.List;
import java.util.function.UnaryOperator;

import io.github.mcpwss.autoconfigure.McpWebSocketProperties.ClientAuth;
import io.github.mcpwss.autoconfigure.McpWebSocketProperties.Tls;
import io.github.mcpwss.server.TlsRule;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.Ssl;

/**
 * How the application's web server does TLS.
 *
 * @param ssl what to configure it with, {@code null} to leave it as it is
 * @param sslBundles the SSL bundles that it uses
 * @param rule what the TLS of each handshake has to be like
 */
record ServerTls(@Nullable Ssl ssl, SslBundles sslBundles, TlsRule rule) implements TlsDecision {

	private static final List<String> IDENTITIES = List.of("cert-path", "bundle", "dev-certificate");

	/**
	 * Return the decision.
	 * @param properties the properties
	 * @param material the TLS material
	 * @param serverSsl what {@code server.ssl} says
	 * @param sslBundles the SSL bundles
	 * @param guard refuses certificates that are not for production
	 * @return the decision
	 */
	static ServerTls get(McpWebSocketProperties properties, TlsMaterial material, @Nullable Ssl serverSsl,
			SslBundles sslBundles, ProductionGuard guard) {
		if (Ssl.isEnabled(serverSsl)) {
			refuseBesidesServerSsl(properties);
			return new ServerTls(null, new ServerSslBundles(sslBundles, WebServerTls.bundleNames(serverSsl),
					guarded(guard.ofWebServer(properties))), ServerTlsRule.ofWebServer(properties, guard));
		}
		if (!properties.isTls() || properties.tls().isOffloaded()) {
			return new ServerTls(null, sslBundles, TlsRule.ANY);
		}
		String bundleName = material.bundleName();
		if (bundleName == null || !(material.files() == null || material.hasIdentity())) {
			throw new McpWebSocketConfigurationException("The server has no certificate for TLS.",
					"Set %s.cert-path and %s.key-path, or %s.bundle, or server.ssl. For development, set %s.dev-certificate to true."
						.formatted(Tls.PREFIX, Tls.PREFIX, Tls.PREFIX, Tls.PREFIX));
		}
		EndpointProperties endpoint = EndpointProperties.of(properties);
		ServerBundleCustomizer customizer = new ServerBundleCustomizer(endpoint, material,
				guard.of(properties, endpoint));
		SslBundle bundle = ConfiguredBundle.get(bundleName, endpoint, sslBundles);
		requireIdentity(bundle, bundleName);
		Ssl ssl = Ssl.forBundle(bundleName);
		ssl.setClientAuth(clientAuth(properties.tls(), bundle));
		ServerTlsRule rule = new ServerTlsRule(clientAuth(properties.tls()));
		UnaryOperator<SslBundle> followed = (current) -> {
			SslBundle customized = customizer.apply(current);
			rule.follow(current, customized.getOptions());
			return customized;
		};
		ServerSslBundles used = new ServerSslBundles(sslBundles, List.of(bundleName), followed);
		// What is wrong with it is told now rather than when the server starts.
		used.getBundle(bundleName);
		return new ServerTls(ssl, used, rule);
	}

	private static UnaryOperator<SslBundle> guarded(BundleGuard guard) {
		return (bundle) -> {
			guard.check(bundle);
			return bundle;
		};
	}

	private static void refuseBesidesServerSsl(McpWebSocketProperties properties) {
		if (!properties.isTls()) {
			refuse(McpWebSocketProperties.PREFIX + ".use-tls", "is false",
					"the web server of this application does TLS by server.ssl");
		}
		if (properties.tls().isOffloaded()) {
			refuse(Tls.PREFIX + ".offloaded", "is true", "the web server of this application does TLS by server.ssl");
		}
		properties.tls().values().forEach((name, value) -> {
			if (value != null && !Boolean.FALSE.equals(value)) {
				refuse(Tls.PREFIX + "." + name, "is set",
						IDENTITIES.contains(name) ? "server.ssl is set, too" : "TLS is configured by server.ssl");
			}
		});
	}

	private static void refuse(String property, String state, String reason) {
		throw new McpWebSocketConfigurationException("%s %s, and %s.".formatted(property, state, reason),
				"Remove %s, or what is below server.ssl.".formatted(property));
	}

	private static void requireIdentity(SslBundle bundle, String bundleName) {
		if (bundle.getStores().getKeyStore() == null) {
			throw new McpWebSocketConfigurationException(
					"The SSL bundle '%s' (%s.bundle) has no certificate and private key for the server."
						.formatted(bundleName, Tls.PREFIX),
					"Give the bundle a keystore.");
		}
	}

	static ClientAuth clientAuth(Tls tls) {
		ClientAuth byDefault = (tls.caCertPath() != null) ? ClientAuth.NEED : ClientAuth.NONE;
		return Defaults.orDefault(tls.clientAuth(), byDefault);
	}

	private static Ssl.ClientAuth clientAuth(Tls tls, SslBundle bundle) {
		ClientAuth clientAuth = clientAuth(tls);
		if (clientAuth != ClientAuth.NONE && bundle.getStores().getTrustStore() == null) {
			throw new McpWebSocketConfigurationException(
					"%s.client-auth is set, and the SSL bundle '%s' (%s.bundle) has no authorities to verify client certificates with."
						.formatted(Tls.PREFIX, tls.bundle(), Tls.PREFIX),
					"Give the bundle a truststore, or remove %s.client-auth.".formatted(Tls.PREFIX));
		}
		return Ssl.ClientAuth.valueOf(clientAuth.name());
	}

}
