package io.github.mcpwss.server.servlet;

import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;

/**
 * What Jetty alone knows of a connection's TLS. Loaded where there is Jetty.
 */
final class JettyTlsSession {

	/**
	 * The attribute of requests where Jetty keeps it.
	 */
	static final String ATTRIBUTE = "org.eclipse.jetty.io.Endpoint.SslSessionData";

	private JettyTlsSession() {
	}

	static @Nullable String protocol(Object attribute) {
		return (attribute instanceof EndPoint.SslSessionData data && data.sslSession() != null)
				? data.sslSession().getProtocol() : null;
	}

}
