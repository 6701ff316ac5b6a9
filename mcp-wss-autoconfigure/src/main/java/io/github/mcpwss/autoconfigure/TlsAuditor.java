package io.github.mcpwss.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import io.github.mcpwss.tls.TlsReport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/**
 * Reports on the TLS of the server and the clients, and logs that at startup.
 */
final class TlsAuditor implements SmartInitializingSingleton, TlsDecision {

	private static final Logger logger = LoggerFactory.getLogger(TlsAuditor.class);

	private final McpWebSocketProperties properties;

	private final TlsMaterials materials;

	private final ClientTargets targets;

	private final SslBundles sslBundles;

	private final ObjectProvider<WebServerTlsCheck> webServerTls;

	private final Function<@Nullable SslBundle, String> engine;

	private final TlsReports words;

	/**
	 * Create an auditor.
	 * @param properties the properties
	 * @param materials the TLS material
	 * @param targets what clients connect to
	 * @param sslBundles the SSL bundles
	 * @param webServerTls what the web server does by {@code server.ssl}
	 * @param engine what does TLS on the server, or on the client without a name
	 * @param words makes the reports
	 */
	TlsAuditor(McpWebSocketProperties properties, TlsMaterials materials, ClientTargets targets, SslBundles sslBundles,
			ObjectProvider<WebServerTlsCheck> webServerTls, Function<@Nullable SslBundle, String> engine,
			TlsReports words) {
		this.properties = properties;
		this.materials = materials;
		this.targets = targets;
		this.sslBundles = sslBundles;
		this.webServerTls = webServerTls;
		this.engine = engine;
		this.words = words;
	}

	@Override
	public void afterSingletonsInstantiated() {
		for (TlsReport report : reports()) {
			logger.info("{}", report.describe());
			// The guard has warned of everything else.
			this.words.ofNearEnd(report.identity())
				.forEach((warning) -> logger.warn("TLS of {}: {}", report.name(), warning));
		}
	}

	List<TlsReport> reports() {
		List<TlsReport> reports = new ArrayList<>();
		EndpointProperties endpoint = EndpointProperties.of(this.properties);
		Optional<WebServerTls> webServer = (endpoint.mode() == Mode.SERVER)
				? this.webServerTls.stream().findFirst().flatMap(WebServerTlsCheck::get) : Optional.empty();
		webServer.ifPresentOrElse((tls) -> reports.add(this.words.of(endpoint, tls, this.engine.apply(tls.bundle()))),
				() -> add(endpoint, this.materials.endpoint(), this.engine, reports));
		EndpointProperties.named(this.properties)
			.forEach((named) -> add(named, this.materials.named(String.valueOf(named.name())), TlsEngine::ofNetty,
					reports));
		return reports;
	}

	private void add(EndpointProperties properties, TlsMaterial material, Function<@Nullable SslBundle, String> engine,
			List<TlsReport> reports) {
		ClientTarget target = this.targets.get(properties);
		EndpointProperties endpoint = target.endpoint();
		String bundleName = (target.sslBundle() == null) ? material.bundleName() : null;
		if (endpoint.mode() == Mode.NONE || !endpoint.isTls()
				|| (endpoint.mode() == Mode.SERVER && bundleName == null)) {
			return;
		}
		SslBundle bundle = (bundleName != null) ? this.sslBundles.getBundle(bundleName) : target.sslBundle();
		reports.add(this.words.of(endpoint, bundleName, bundle, material.revocation(), engine.apply(bundle)));
	}

}
