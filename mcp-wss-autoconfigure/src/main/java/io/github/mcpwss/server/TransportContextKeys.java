package io.github.mcpwss.server;

/**
 * The keys of what a tool knows of its client's handshake, the same on every web stack. A
 * key whose value is unknown is missing.
 *
 * @see io.modelcontextprotocol.common.McpTransportContext#get(String)
 */
public final class TransportContextKeys {

	/**
	 * The {@link java.security.Principal} that the handshake was authenticated as.
	 */
	public static final String PRINCIPAL = "principal";

	/**
	 * The {@link java.net.InetSocketAddress} of the client, or of the proxy before it.
	 */
	public static final String REMOTE_ADDRESS = "remoteAddress";

	/**
	 * The read-only {@code org.springframework.http.HttpHeaders} of the handshake,
	 * without those that {@link HandshakeHeaders} withholds.
	 */
	public static final String HEADERS = "headers";

	/**
	 * The TLS protocol as a {@link String}, such as {@code TLSv1.3}.
	 */
	public static final String TLS_PROTOCOL = "tlsProtocol";

	/**
	 * The TLS cipher suite as a {@link String}, such as {@code TLS_AES_128_GCM_SHA256}.
	 */
	public static final String TLS_CIPHER_SUITE = "tlsCipherSuite";

	/**
	 * The subject of the client's certificate as a {@link String} in the form of RFC
	 * 2253, such as {@code CN=billing,O=Acme}.
	 */
	public static final String CLIENT_CERTIFICATE_SUBJECT = "clientCertificateSubject";

	/**
	 * The client's certificate and those of its issuers, as far as it sent them: an
	 * unmodifiable {@link java.util.List} of {@link java.security.cert.X509Certificate}s.
	 */
	public static final String CLIENT_CERTIFICATES = "clientCertificates";

	private TransportContextKeys() {
	}

}
