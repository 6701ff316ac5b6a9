package io.github.mcpwss.tls;

import java.util.List;
import java.util.function.Supplier;

/**
 * Tells how the server and the clients of an application do TLS. Safe for use by several
 * threads.
 */
public final class TlsAudit {

	private final Supplier<List<TlsReport>> reports;

	/**
	 * Create a new audit.
	 * @param reports makes the reports
	 */
	public TlsAudit(Supplier<List<TlsReport>> reports) {
		this.reports = reports;
	}

	/**
	 * Return the reports, made now: certificates may have been renewed since the startup.
	 * @return a report for the server or client, and for each named connection
	 */
	public List<TlsReport> getReports() {
		return this.reports.get();
	}

}
