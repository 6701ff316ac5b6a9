package io.github.mcpwss.autoconfigure;

import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import io.github.mcpwss.autoconfigure.McpWebSocketProperties.ClientAuth;
import io.github.mcpwss.autoconfigure.McpWebSocketProperties.Tls;
import io.github.mcpwss.tls.CertificateReport;
import io.github.mcpwss.tls.MissingIssuer;
import io.github.mcpwss.tls.Revocation;
import io.github.mcpwss.tls.TlsReport;
import io.github.mcpwss.tls.TrustedAuthorities;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslOptions;

/**
 * Says in words how TLS is done.
 *
 * @param clock tells what time it is
 * @param expiryThreshold the time before the end of a certificate from which on it is
 * warned of
 */
record TlsReports(Clock clock, Duration expiryThreshold) {

	private static final String UNCHECKED = "not checked";

	/**
	 * Report on a server or client that our properties configure.
	 * @param endpoint the properties
	 * @param bundleName the name of the bundle, {@code null} if it has none
	 * @param bundle the bundle, {@code null} if there is none
	 * @param revocation how certificates are checked for revocation
	 * @param engine what does TLS
	 * @return the report
	 */
	TlsReport of(EndpointProperties endpoint, @Nullable String bundleName, @Nullable SslBundle bundle,
			Revocation revocation, String engine) {
		boolean server = endpoint.mode() == Mode.SERVER;
		SslOptions options = TlsOptions.get(endpoint.tls())
			.apply((bundle != null) ? bundle.getOptions() : SslOptions.NONE);
		List<X509Certificate> authorities = authorities(bundle);
		List<X509Certificate> chain = Identity.of(endpoint, bundle).chain();
		List<CertificateReport> identity = CertificateReport.of(chain, this.clock);
		List<SecurityViolation> violations = new ArrayList<>(SecurityViolation.ofTrust(endpoint));
		violations.addAll(SecurityViolation.ofBundle(endpoint, bundle));
		return new TlsReport(endpoint.prefix(), endpoint.property("tls"), bundleName, engine,
				list(options.getEnabledProtocols()), list(options.getCiphers()), identity,
				MissingIssuer.in(chain, authorities),
				server ? ofServer(ServerTls.clientAuth(endpoint.tls()), authorities)
						: ofClient(endpoint.tls(), authorities),
				isPeerVerified(endpoint) ? describe(revocation) : null, warnings(violations, identity));
	}

	/**
	 * Report on a server that {@code server.ssl} configures.
	 * @param endpoint our properties
	 * @param tls what {@code server.ssl} says
	 * @param engine what does TLS
	 * @return the report
	 */
	TlsReport of(EndpointProperties endpoint, WebServerTls tls, String engine) {
		List<X509Certificate> authorities = authorities(tls.bundle());
		List<X509Certificate> chain = Identity.of(tls.property(), tls.bundle()).chain();
		List<CertificateReport> identity = CertificateReport.of(chain, this.clock);
		ClientAuth clientAuth = ClientAuth.valueOf(tls.clientAuth().name());
		return new TlsReport(endpoint.prefix(), WebServerTls.PREFIX, tls.bundleName(), engine, tls.protocols(),
				tls.cipherSuites(), identity, MissingIssuer.in(chain, authorities), ofServer(clientAuth, authorities),
				(clientAuth != ClientAuth.NONE) ? UNCHECKED : null, warnings(tls.violations(), identity));
	}

	/**
	 * Warn of certificates that are near their end.
	 * @param identity the certificates
	 * @return the warnings
	 */
	List<String> ofNearEnd(List<CertificateReport> identity) {
		return identity.stream()
			.filter((certificate) -> certificate.daysLeft() >= 0
					&& certificate.daysLeft() < this.expiryThreshold.toDays())
			.map((certificate) -> "%s expires in %d days".formatted(certificate.subject(), certificate.daysLeft()))
			.toList();
	}

	private List<String> warnings(List<SecurityViolation> violations, List<CertificateReport> identity) {
		return Stream.concat(violations.stream().map(SecurityViolation::toString), ofNearEnd(identity).stream())
			.toList();
	}

	private static boolean isPeerVerified(EndpointProperties endpoint) {
		Tls tls = endpoint.tls();
		return (endpoint.mode() == Mode.SERVER) ? ServerTls.clientAuth(tls) != ClientAuth.NONE
				: tls.isVerifyServer() && !tls.isAcceptInvalidCerts();
	}

	private static String describe(Revocation revocation) {
		if (!revocation.isEnabled()) {
			return UNCHECKED;
		}
		return "checked (%s) by %s".formatted(revocation.mode().name().toLowerCase(Locale.ROOT),
				(revocation.lists() != null) ? "revocation lists" : "OCSP and distribution points");
	}

	private static List<X509Certificate> authorities(@Nullable SslBundle bundle) {
		KeyStore trustStore = (bundle != null) ? bundle.getStores().getTrustStore() : null;
		return (trustStore != null) ? TrustedAuthorities.of(trustStore) : List.of();
	}

	private static List<String> list(String @Nullable [] values) {
		return (values != null) ? List.of(values) : List.of();
	}

	private static String ofServer(ClientAuth clientAuth, List<X509Certificate> authorities) {
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
		int pins = tls.pinnedKeys().size();
		return "demands a server certificate for %s%s, verified by %s%s".formatted(name,
				(pins == 0) ? "" : (pins == 1) ? " that has the pin" : " that has one of " + pins + " pins",
				ofAuthorities(authorities), (pins == 0) ? "" : " unless it is self-signed");
	}

	private static String ofAuthorities(List<X509Certificate> authorities) {
		return authorities.isEmpty() ? "the authorities of the system"
				: authorities.size() + " trusted certificate" + ((authorities.size() > 1) ? "s" : "");
	}

}
