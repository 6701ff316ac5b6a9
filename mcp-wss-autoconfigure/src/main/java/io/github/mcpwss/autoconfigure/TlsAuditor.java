package io.github.mcpwss.autoconfigure;

import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.github.mcpwss.autoconfigure.McpWebSocketProperties.ClientAuth;
import io.github.mcpwss.autoconfigure.McpWebSocketProperties.Tls;
import io.github.mcpwss.tls.CertificateReport;
import io.github.mcpwss.tls.MissingIssuer;
import io.github.mcpwss.tls.TlsReport;
import io.github.mcpwss.tls.TrustedAuthorities;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslOptions;

/**
 * Reports on the TLS of the server and the clients, and logs that at startup.
 */
final class TlsAuditor implements SmartInitializingSingleton, TlsDecision {

	private static final Logger logger = LoggerFactory.getLogger(TlsAuditor.class);

	private final McpWebSocketProperties properties;

	private final TlsMaterials materials;

	private final ClientTargets targets;

	private final SslBundles sslBundles;

	private final boolean servlet;

	private final Duration expiryThreshold;

	TlsAuditor(McpWebSocketProperties properties, TlsMaterials materials, ClientTargets targets, SslBundles sslBundles,
			boolean servlet, Duration expiryThreshold) {
		this.properties = properties;
		this.materials = materials;
		this.targets = targets;
		this.sslBundles = sslBundles;
		this.servlet = servlet;
		this.expiryThreshold = expiryThreshold;
	}

	@Override
	public void afterSingletonsInstantiated() {
		for (TlsReport report : reports()) {
			logger.info("{}", report.describe());
			report.warnings()
				.stream()
				.filter((warning) -> !isOfGuard(warning, report))
				.forEach((warning) -> logger.warn("TLS of {}: {}", report.name(), warning));
		}
	}

	/**
	 * Return whether the guard has warned of it.
	 * @param warning the warning
	 * @param report the report that has it
	 * @return whether it is a problem that makes a certificate unfit for production
	 */
	private static boolean isOfGuard(String warning, TlsReport report) {
		return report.identity()
			.stream()
			.anyMatch((certificate) -> problems(certificate).anyMatch((problem) -> problem.equals(warning)));
	}

	private static Stream<String> problems(CertificateReport certificate) {
		return certificate.problems().stream().map((problem) -> certificate.subject() + " " + problem);
	}

	List<TlsReport> reports() {
		List<TlsReport> reports = new ArrayList<>();
		add(EndpointProperties.of(this.properties), this.materials.endpoint(), reports);
		EndpointProperties.named(this.properties)
			.forEach((endpoint) -> add(endpoint, this.materials.named(String.valueOf(endpoint.name())), reports));
		return reports;
	}

	private void add(EndpointProperties properties, TlsMaterial material, List<TlsReport> reports) {
		ClientTarget target = this.targets.get(properties);
		EndpointProperties endpoint = target.endpoint();
		boolean server = endpoint.mode() == Mode.SERVER;
		String bundleName = (target.sslBundle() == null) ? material.bundleName() : null;
		if (endpoint.mode() == Mode.NONE || !endpoint.isTls() || (server && bundleName == null)) {
			return;
		}
		SslBundle bundle = (bundleName != null) ? this.sslBundles.getBundle(bundleName) : target.sslBundle();
		SslOptions options = TlsOptions.get(endpoint.tls())
			.apply((bundle != null) ? bundle.getOptions() : SslOptions.NONE);
		List<X509Certificate> authorities = authorities(bundle);
		List<X509Certificate> chain = Identity.of(endpoint, bundle).chain();
		List<CertificateReport> identity = CertificateReport.of(chain);
		reports.add(new TlsReport(endpoint.prefix(), bundleName,
				(server && this.servlet) ? TlsEngine.ofServlet() : TlsEngine.ofNetty(bundle),
				list(options.getEnabledProtocols()), list(options.getCiphers()), identity,
				MissingIssuer.in(chain, authorities),
				server ? ofServer(endpoint.tls(), authorities) : ofClient(endpoint.tls(), authorities),
				warnings(identity)));
	}

	private static List<X509Certificate> authorities(@Nullable SslBundle bundle) {
		KeyStore trustStore = (bundle != null) ? bundle.getStores().getTrustStore() : null;
		return (trustStore != null) ? TrustedAuthorities.of(trustStore) : List.of();
	}

	private static List<String> list(String @Nullable [] values) {
		return (values != null) ? List.of(values) : List.of();
	}

	private static String ofServer(Tls tls, List<X509Certificate> authorities) {
		ClientAuth clientAuth = ServerTls.clientAuth(tls);
		return switch (clientAuth) {
			case NONE -> "asks for no client certificate";
			case WANT -> "verifies client certificates, which are optional, by " + ofAuthorities(authorities);
			case NEED -> "demands client certificates, verified by " + ofAuthorities(authorities);
		};
	}

	private static String ofClient(Tls tls, List<X509Certificate> authorities) {
		String name = (tls.serverName() != null) ? "the name " + tls.serverName() : "the host of the URL";
		if (!tls.isVerifyServer()) {
			return "accepts every server certificate";
		}
		if (tls.isAcceptInvalidCerts()) {
			return "accepts every server certificate for " + name;
		}
		return "demands a server certificate for %s, verified by %s%s".formatted(name, ofAuthorities(authorities),
				tls.pinnedKeys().isEmpty() ? "" : ", and one of " + tls.pinnedKeys().size() + " pins");
	}

	private static String ofAuthorities(List<X509Certificate> authorities) {
		return authorities.isEmpty() ? "the authorities of the system"
				: authorities.size() + " trusted certificate" + ((authorities.size() > 1) ? "s" : "");
	}

	private List<String> warnings(List<CertificateReport> identity) {
		List<String> warnings = new ArrayList<>();
		for (CertificateReport certificate : identity) {
			problems(certificate).forEach(warnings::add);
			if (certificate.daysLeft() >= 0 && certificate.daysLeft() < this.expiryThreshold.toDays()) {
				warnings.add("%s expires in %d days".formatted(certificate.subject(), certificate.daysLeft()));
			}
		}
		return warnings;
	}

}
