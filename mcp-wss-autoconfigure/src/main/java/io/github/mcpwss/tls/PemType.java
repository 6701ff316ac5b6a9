package io.github.mcpwss.tls;

/**
 * What a PEM source has to hold.
 */
enum PemType {

	/**
	 * One certificate or more.
	 */
	CERTIFICATE("certificate", "-----BEGIN CERTIFICATE-----"),

	/**
	 * A private key.
	 */
	PRIVATE_KEY("private key", "-----BEGIN PRIVATE KEY-----"),

	/**
	 * One certificate revocation list or more.
	 */
	REVOCATION_LIST("revocation list", "-----BEGIN X509 CRL-----");

	private final String description;

	private final String header;

	PemType(String description, String header) {
		this.description = description;
		this.header = header;
	}

	String header() {
		return this.header;
	}

	@Override
	public String toString() {
		return this.description;
	}

}
