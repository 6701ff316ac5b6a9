package io.github.mcpwss.autoconfigure;

import java.net.InetAddress;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.boot.web.server.Ssl;

/**
 * Looks at the TLS of the application's web server when all customizers and
 * post-processors have had their say, and before it listens.
 */
final class WebServerTlsCheck implements SmartInitializingSingleton, TlsDecision {

	private static final Logger logger = LoggerFactory.getLogger(WebServerTlsCheck.class);

	private final McpWebSocketProperties properties;

	private final ServerTls tls;

	private final ObjectProvider<AbstractConfigurableWebServerFactory> factory;

	private final ProductionGuard guard;

	private final boolean netty;

	/**
	 * What files were made into, which web servers read once.
	 */
	private volatile @Nullable WebServerTls ofFiles;

	WebServerTlsCheck(McpWebSocketProperties properties, ServerTls tls,
			ObjectProvider<AbstractConfigurableWebServerFactory> factory, ProductionGuard guard, boolean netty) {
		this.properties = properties;
		this.tls = tls;
		this.factory = factory;
		this.guard = guard;
		this.netty = netty;
	}

	@Override
	public void afterSingletonsInstantiated() {
		AbstractConfigurableWebServerFactory factory = this.factory.getIfUnique();
		boolean tlsWanted = this.properties.isTls() && !this.properties.tls().isOffloaded();
		if (factory != null && tlsWanted && !Ssl.isEnabled(factory.getSsl())) {
			logger.warn(
					"The web server of this application lost its TLS to a customizer or post-processor of {}: it refuses all sockets",
					factory.getClass().getName());
		}
		if (factory != null && !Ssl.isEnabled(factory.getSsl())) {
			InetAddress address = factory.getAddress();
			this.guard.check(this.properties, SecurityViolation.ofPlainServer(this.properties,
					(address != null) ? address.getHostAddress() : null));
		}
		get().ifPresent((tls) -> {
			if (tls.bundle().getStores().getKeyStore() == null) {
				throw new McpWebSocketConfigurationException(
						"%s has no certificate and private key for the server.".formatted(tls.property()),
						"Give it a keystore.");
			}
			if (this.netty) {
				TlsEngine.requireUsableByNetty(tls.property(), tls.bundle());
				tls.serverNames()
					.values()
					.forEach((bundle) -> TlsEngine.requireUsableByNetty(WebServerTls.SERVER_NAMES, bundle));
			}
			this.guard.check(this.properties, tls.violations());
		});
	}

	/**
	 * Return the TLS of the web server where it is not the one of our properties.
	 * @return the TLS, or empty if there is none but ours
	 */
	Optional<WebServerTls> get() {
		AbstractConfigurableWebServerFactory factory = this.factory.getIfUnique();
		Ssl ssl = (factory != null) ? factory.getSsl() : null;
		if (factory == null || !Ssl.isEnabled(ssl) || isOurs(ssl, factory.getSslBundles())) {
			return Optional.empty();
		}
		WebServerTls ofFiles = this.ofFiles;
		if (ofFiles != null && ofFiles.ssl() == ssl) {
			return Optional.of(ofFiles);
		}
		WebServerTls current = WebServerTls.of(ssl, factory.getSslBundles());
		if (current.bundleName() == null) {
			this.ofFiles = current;
		}
		return Optional.of(current);
	}

	private boolean isOurs(Ssl ssl, @Nullable SslBundles sslBundles) {
		return this.tls.ssl() != null && sslBundles instanceof ServerSslBundles bundles
				&& bundles == this.tls.sslBundles() && bundles.isCustomized(ssl.getBundle())
				&& ssl.getServerNameBundles().isEmpty();
	}

}
