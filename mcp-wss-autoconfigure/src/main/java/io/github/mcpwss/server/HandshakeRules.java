package io.github.mcpwss.server;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Decides whether a handshake is one that RFC 6455 and this server allow. Web stacks let
 * different ones through: this is the same on all of them. Thread-safe.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6455#section-4.2.1">RFC 6455, section
 * 4.2.1</a>
 */
public final class HandshakeRules {

	private static final String VERSION = "13";

	private static final int KEY_LENGTH = 16;

	private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

	/**
	 * An extension and its parameters.
	 *
	 * @see <a href="https://www.rfc-editor.org/rfc/rfc6455#section-9.1">RFC 6455, section
	 * 9.1</a>
	 */
	private static final Pattern EXTENSION = Pattern
		.compile(TOKEN + "(\\s*;\\s*" + TOKEN + "(\\s*=\\s*(" + TOKEN + "|\"" + TOKEN + "\"))?)*+");

	private final AllowedHosts allowedHosts;

	private final AllowedOrigins allowedOrigins;

	private final @Nullable TlsRule tlsRule;

	/**
	 * Create rules.
	 * @param allowedOrigins the origins of web pages that may connect besides those of
	 * this server
	 * @param allowedHosts the hosts under which this server may be addressed
	 * @param tlsRequired whether a socket has to be over TLS
	 */
	public HandshakeRules(AllowedOrigins allowedOrigins, AllowedHosts allowedHosts, boolean tlsRequired) {
		this(allowedOrigins, allowedHosts, tlsRequired ? TlsRule.ANY : null);
	}

	/**
	 * Create rules that look at the TLS.
	 * @param allowedOrigins the origins of web pages that may connect besides those of
	 * this server
	 * @param allowedHosts the hosts under which this server may be addressed
	 * @param tlsRule what TLS has to be like, {@code null} if a socket need not be over
	 * TLS
	 */
	public HandshakeRules(AllowedOrigins allowedOrigins, AllowedHosts allowedHosts, @Nullable TlsRule tlsRule) {
		this.allowedOrigins = allowedOrigins;
		this.allowedHosts = allowedHosts;
		this.tlsRule = tlsRule;
	}

	/**
	 * Check a handshake.
	 * @param request the request
	 * @return why it is refused, or empty if it may lead to a socket
	 */
	public Optional<HandshakeRefusal> check(HandshakeRequest request) {
		return Stream
			.<Rule>of(this::checkTls, HandshakeRules::checkRequestLine, this::checkHost, HandshakeRules::checkBody,
					HandshakeRules::checkUpgrade, HandshakeRules::checkVersion, HandshakeRules::checkKey,
					HandshakeRules::checkExtensions, this::checkOrigin)
			.flatMap((rule) -> Stream.ofNullable(rule.check(request)))
			.findFirst();
	}

	private @Nullable HandshakeRefusal checkTls(HandshakeRequest request) {
		TlsRule rule = this.tlsRule;
		if (rule == null) {
			return null;
		}
		HandshakeTls tls = request.tls();
		String reason = (tls != null) ? rule.check(tls) : "This server takes sockets over TLS alone: use a wss:// URL";
		return (reason != null) ? new HandshakeRefusal(403, reason) : null;
	}

	private static @Nullable HandshakeRefusal checkRequestLine(HandshakeRequest request) {
		if (!"GET".equals(request.method())) {
			return new HandshakeRefusal(405, "A WebSocket handshake is a GET request", Map.of("Allow", "GET"));
		}
		return "HTTP/1.1".equals(request.protocol()) ? null : badRequest("A WebSocket handshake needs HTTP/1.1");
	}

	private @Nullable HandshakeRefusal checkHost(HandshakeRequest request) {
		List<String> hosts = request.header("Host");
		HostAndPort host = (hosts.size() == 1) ? HostAndPort.parse(hosts.get(0)) : null;
		if (host == null) {
			return badRequest("A WebSocket handshake has one Host header, which names a host");
		}
		if (!this.allowedHosts.allow(host, request.scheme())) {
			return new HandshakeRefusal(421,
					"Host " + host.host() + " is not allowed: add it to mcp.websocket.allowed-hosts if it should be");
		}
		return null;
	}

	private static @Nullable HandshakeRefusal checkBody(HandshakeRequest request) {
		boolean body = !request.header("Transfer-Encoding").isEmpty()
				|| !List.of("0").containsAll(request.header("Content-Length"));
		return body ? badRequest("A WebSocket handshake has no body") : null;
	}

	private static @Nullable HandshakeRefusal checkUpgrade(HandshakeRequest request) {
		if (!hasToken(request.header("Upgrade"), "websocket") || !hasToken(request.header("Connection"), "upgrade")) {
			return badRequest("Not a WebSocket handshake: 'Upgrade: websocket' and 'Connection: Upgrade' are missing");
		}
		return null;
	}

	private static @Nullable HandshakeRefusal checkVersion(HandshakeRequest request) {
		if (!List.of(VERSION).equals(request.header("Sec-WebSocket-Version"))) {
			return new HandshakeRefusal(426, "The version of WebSocket is " + VERSION,
					Map.of("Sec-WebSocket-Version", VERSION, "Upgrade", "websocket"));
		}
		return null;
	}

	private static @Nullable HandshakeRefusal checkKey(HandshakeRequest request) {
		List<String> keys = request.header("Sec-WebSocket-Key");
		if (keys.size() != 1 || !isKey(keys.get(0))) {
			return badRequest("A WebSocket handshake has one Sec-WebSocket-Key, which is 16 bytes in Base64");
		}
		return null;
	}

	private static boolean isKey(String key) {
		try {
			return key.length() == 24 && Base64.getDecoder().decode(key).length == KEY_LENGTH;
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	private static @Nullable HandshakeRefusal checkExtensions(HandshakeRequest request) {
		boolean valid = request.header("Sec-WebSocket-Extensions")
			.stream()
			.flatMap((line) -> Arrays.stream(line.split(",")))
			.map(String::trim)
			.allMatch((extension) -> extension.isEmpty() || EXTENSION.matcher(extension).matches());
		return valid ? null : badRequest("Sec-WebSocket-Extensions is malformed");
	}

	private @Nullable HandshakeRefusal checkOrigin(HandshakeRequest request) {
		List<String> origins = request.header("Origin");
		if (origins.isEmpty() || (origins.size() == 1 && this.allowedOrigins.allow(origins.get(0), request))) {
			return null;
		}
		return new HandshakeRefusal(403, "Origin " + String.join(", ", origins)
				+ " is not allowed: add it to mcp.websocket.allowed-origins if it should be");
	}

	private static boolean hasToken(List<String> lines, String token) {
		return lines.stream()
			.flatMap((line) -> Arrays.stream(line.split(",")))
			.anyMatch((element) -> element.trim().equalsIgnoreCase(token));
	}

	private static HandshakeRefusal badRequest(String reason) {
		return new HandshakeRefusal(400, reason);
	}

	private interface Rule {

		@Nullable HandshakeRefusal check(HandshakeRequest request);

	}

}
