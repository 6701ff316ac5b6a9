package io.github.mcpwss.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.Ssl;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Finds out before there are beans what is wrong with the certificates that properties
 * name, so that it is told together with everything else that is wrong. What cannot be
 * read is told where it is used.
 */
final class ConfiguredCertificates {

	private static final Logger logger = LoggerFactory.getLogger(ConfiguredCertificates.class);

	private static final boolean WEB_SERVER = ClassUtils.isPresent("org.springframework.boot.web.server.Ssl",
			ConfiguredCertificates.class.getClassLoader());

	private ConfiguredCertificates() {
	}

	/**
	 * Find what is not for production.
	 * @param properties the properties
	 * @param environment where there are those of SSL bundles and of the web server
	 * @return the violations
	 */
	static List<SecurityViolation> violations(McpWebSocketProperties properties, Environment environment) {
		SslBundles bundles = PropertiesSslBundles.of(environment);
		List<SecurityViolation> violations = new ArrayList<>(of(EndpointProperties.of(properties), bundles));
		EndpointProperties.named(properties).forEach((connection) -> violations.addAll(of(connection, bundles)));
		if (WEB_SERVER && Mode.of(properties) == Mode.SERVER && !ServerHosting.isListener(properties)) {
			WebServer.find(environment, bundles).ifPresent((tls) -> violations.addAll(tls.violations()));
		}
		return violations;
	}

	private static List<SecurityViolation> of(EndpointProperties endpoint, SslBundles bundles) {
		String bundle = endpoint.tls().bundle();
		if (bundle == null) {
			return Identity.ofFiles(endpoint).violations();
		}
		return (endpoint.isTls() && bundles.getBundleNames().contains(bundle))
				? SecurityViolation.ofBundle(endpoint, bundles.getBundle(bundle)) : List.of();
	}

	private static final class WebServer {

		static Optional<WebServerTls> find(Environment environment, SslBundles bundles) {
			try {
				Ssl ssl = Binder.get(environment).bind(WebServerTls.PREFIX, Ssl.class).orElse(null);
				return (ssl != null && Ssl.isEnabled(ssl)) ? Optional.of(WebServerTls.of(ssl, bundles))
						: Optional.empty();
			}
			catch (RuntimeException ex) {
				logger.debug("{} could not be used", WebServerTls.PREFIX, ex);
				return Optional.empty();
			}
		}

	}

}
