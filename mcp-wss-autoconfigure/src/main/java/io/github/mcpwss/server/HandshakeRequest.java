package io.github.mcpwss.server;

import java.util.List;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * What a web stack tells of the HTTP request that asks for a socket.
 *
 * @param method the method
 * @param protocol the protocol with its version, such as {@code HTTP/1.1}
 * @param scheme the scheme that the client used, as far as known: behind a proxy, that of
 * the proxy
 * @param serverName the host that the client used, as far as known, an IPv6 address in
 * brackets
 * @param serverPort the port that the client used, or -1 for that of the scheme
 * @param tls the TLS that the connection itself does, whatever a proxy says, {@code null}
 * for none
 * @param headers gives the lines of a header by its name, empty for none
 */
public record HandshakeRequest(String method, String protocol, String scheme, String serverName, int serverPort,
		@Nullable HandshakeTls tls, Function<String, List<String>> headers) {

	List<String> header(String name) {
		return this.headers.apply(name);
	}

}
