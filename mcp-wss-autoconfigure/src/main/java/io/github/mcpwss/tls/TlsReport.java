package io.github.mcpwss.tls;

import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * How a server or a client does TLS.
 *
 * @param name what this is about, such as {@code mcp.websocket}, the beginning of the
 * names of its properties
 * @param source where the certificates are configured, such as {@code mcp.websocket.tls}
 * or {@code server.ssl}, the beginning of the names of properties
 * @param bundle the SSL bundle, {@code null} if there is none
 * @param engine what does TLS
 * @param protocols the protocols that may be used
 * @param cipherSuites the cipher suites that may be used, in the order of preference
 * @param identity the certificates that are presented, empty if there are none
 * @param missingIssuer the issuer that the chain of certificates lacks, {@code null} if
 * it is complete; peers have to know that issuer
 * @param trust what is demanded of the other side
 * @param revocation how certificates of the other side are checked for revocation,
 * {@code null} if none is verified
 * @param warnings what is not fit for production, or will not be soon
 */
public record TlsReport(String name, String source, @Nullable String bundle, String engine, List<String> protocols,
		List<String> cipherSuites, List<CertificateReport> identity, @Nullable String missingIssuer, String trust,
		@Nullable String revocation, List<String> warnings) {

	/**
	 * Create a new report.
	 */
	public TlsReport {
		protocols = List.copyOf(protocols);
		cipherSuites = List.copyOf(cipherSuites);
		identity = List.copyOf(identity);
		warnings = List.copyOf(warnings);
	}

	/**
	 * Return the report in one line.
	 * @return the text
	 */
	public String describe() {
		String presented = this.identity.isEmpty() ? "no certificate"
				: this.identity.stream().map(TlsReport::describe).collect(Collectors.joining(", issued by "))
						+ ((this.missingIssuer != null)
								? ", chain without its issuer " + this.missingIssuer + ", whom peers have to know"
								: ", chain complete");
		return "TLS of %s: %s, %s%s, %s; presents %s; %s%s".formatted(this.name, this.engine, this.source,
				(this.bundle != null) ? " (SSL bundle '" + this.bundle + "')" : "",
				String.join(" and ", this.protocols), presented, this.trust,
				(this.revocation != null) ? ", revocation " + this.revocation : "");
	}

	private static String describe(CertificateReport certificate) {
		return certificate.subject() + (certificate.names().isEmpty() ? "" : " for " + certificate.names()) + " ("
				+ certificate.key() + ", " + certificate.signature() + ", until "
				+ certificate.notAfter().toString().substring(0, 10) + ", " + certificate.daysLeft() + " days)";
	}

}
