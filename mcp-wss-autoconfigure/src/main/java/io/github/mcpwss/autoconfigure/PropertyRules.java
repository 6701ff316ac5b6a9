package io.github.mcpwss.autoconfigure;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import io.github.mcpwss.autoconfigure.McpWebSocketProperties.ClientAuth;
import io.github.mcpwss.autoconfigure.McpWebSocketProperties.Tls;
import io.github.mcpwss.server.AllowedHosts;
import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * Finds properties that cannot take effect as they are. The URL has {@link ServerUrl
 * rules of its own}.
 */
final class PropertyRules {

	private static final String PREFIX = McpWebSocketProperties.PREFIX + ".";

	private static final Set<String> WITHOUT_MODE = Set.of("server-mode", "production-profiles");

	private static final Set<String> CLIENT_ONLY = Set.of("headers", "tls.verify-server", "tls.accept-invalid-certs");

	private static final Set<String> SERVER_ONLY = Set.of("compression", "max-send-buffer-size", "max-connections",
			"max-in-flight-requests", "initialization-timeout", "allowed-origins", "allowed-hosts", "tls.client-auth",
			"tls.offloaded");

	private static final Set<String> BESIDES_BUNDLE = Set.of("tls.bundle", "tls.client-auth", "tls.verify-server",
			"tls.accept-invalid-certs");

	private static final Pattern PATH = Pattern.compile("/[^?#*{}\\s\\\\]*");

	private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

	private static final Pattern HANDSHAKE_HEADER = Pattern
		.compile("host|connection|upgrade|content-length|transfer-encoding|sec-websocket-.*");

	private final McpWebSocketProperties properties;

	private final Tls tls;

	private final Mode mode;

	private final ServerHosting hosting;

	private final List<String> set;

	private final List<ConfigurationProblem> problems = new ArrayList<>();

	private PropertyRules(McpWebSocketProperties properties, Mode mode, ServerHosting hosting) {
		this.properties = properties;
		this.tls = properties.tls();
		this.mode = mode;
		this.hosting = hosting;
		this.set = properties.values()
			.entrySet()
			.stream()
			.filter((entry) -> entry.getValue() != null)
			.map(Map.Entry::getKey)
			.toList();
	}

	static List<ConfigurationProblem> check(McpWebSocketProperties properties, Mode mode, ServerHosting hosting) {
		PropertyRules rules = new PropertyRules(properties, mode, hosting);
		rules.checkMode();
		if (mode != Mode.NONE) {
			rules.checkTls();
			rules.checkIdentity();
			rules.checkTrust();
			rules.checkValues();
			rules.checkHeaders();
		}
		return rules.problems;
	}

	private void checkMode() {
		switch (this.mode) {
			case NONE -> forEach((name) -> !WITHOUT_MODE.contains(name),
					(name) -> problem(
							"%s has no effect: neither %s nor %s is set.".formatted(name, PREFIX + "server-mode",
									PREFIX + "url"),
							"Set %s to true for a server or %s for a client, or remove %s."
								.formatted(PREFIX + "server-mode", PREFIX + "url", name)));
			case SERVER -> {
				if (this.properties.timeout() != null && this.hosting == ServerHosting.SERVLET) {
					problem("%s is for clients and servers on Reactor Netty, and has no effect on a servlet web server."
						.formatted(PREFIX + "timeout"), "Remove %s.".formatted(PREFIX + "timeout"));
				}
				forEach(CLIENT_ONLY::contains,
						(name) -> problem("%s is for clients and has no effect on a server (%s is true)."
							.formatted(name, PREFIX + "server-mode"), "Remove %s.".formatted(name)));
			}
			case CLIENT ->
				forEach(SERVER_ONLY::contains,
						(name) -> problem(
								"%s is for servers and has no effect on a client (%s is set and %s is not true)."
									.formatted(name, PREFIX + "url", PREFIX + "server-mode"),
								"Remove %s.".formatted(name)));
		}
	}

	private void checkTls() {
		if (!this.properties.isTls()) {
			forEach((name) -> name.startsWith("tls.") && !name.equals("tls.offloaded"),
					(name) -> without(name, "use-tls is false"));
		}
		else if (this.tls.isOffloaded()) {
			forEach((name) -> name.startsWith("tls.") && !name.equals("tls.offloaded"),
					(name) -> without(name, "tls.offloaded is true"));
		}
		else if (this.tls.bundle() != null) {
			forEach((name) -> name.startsWith("tls.") && !BESIDES_BUNDLE.contains(name),
					(name) -> problem("%s and %s are both set.".formatted(name, PREFIX + "tls.bundle"),
							"Remove one of them: what is in a bundle is configured below spring.ssl.bundle."));
		}
	}

	private void without(String name, String reason) {
		problem("%s has no effect: %s%s.".formatted(name, PREFIX, reason),
				"Remove %s, or %s%s.".formatted(name, PREFIX, reason.substring(0, reason.indexOf(' '))));
	}

	private void checkIdentity() {
		requires("tls.cert-path", this.tls.certPath(), "tls.key-path", this.tls.keyPath());
		requires("tls.key-path", this.tls.keyPath(), "tls.cert-path", this.tls.certPath());
		requires("tls.key-password", this.tls.keyPassword(), "tls.key-path", this.tls.keyPath());
		if (this.tls.devCertificateDirectory() != null && !this.tls.isDevCertificate() && isFromFiles()) {
			problem("%stls.dev-certificate-directory has no effect: %stls.dev-certificate is not true.".formatted(
					PREFIX, PREFIX), "Set %stls.dev-certificate to true, or remove the directory.".formatted(PREFIX));
		}
		if (this.tls.isDevCertificate() && this.tls.bundle() == null) {
			if (this.mode == Mode.SERVER && this.tls.certPath() != null) {
				both("tls.dev-certificate", "tls.cert-path");
			}
			if (this.mode == Mode.CLIENT && this.tls.caCertPath() != null) {
				both("tls.dev-certificate", "tls.ca-cert-path");
			}
		}
		if (this.tls.reloadOnUpdate() != null && this.tls.bundle() == null && !this.tls.isDevCertificate()
				&& this.tls.certPath() == null && this.tls.caCertPath() == null) {
			problem("%stls.reload-on-update has no effect: there are no files to follow.".formatted(PREFIX),
					"Set %stls.cert-path or %stls.ca-cert-path, or remove it.".formatted(PREFIX, PREFIX));
		}
	}

	private void requires(String name, @Nullable Object value, String other, @Nullable Object otherValue) {
		if (value != null && otherValue == null && isFromFiles()) {
			problem("%s is set without %s.".formatted(PREFIX + name, PREFIX + other),
					"Set %s, or remove %s.".formatted(PREFIX + other, PREFIX + name));
		}
	}

	private boolean isFromFiles() {
		return this.properties.isTls() && !this.tls.isOffloaded() && this.tls.bundle() == null;
	}

	private void both(String name, String other) {
		problem("%s and %s are both set.".formatted(PREFIX + name, PREFIX + other),
				"Remove %s or %s.".formatted(PREFIX + name, PREFIX + other));
	}

	private void checkTrust() {
		if (this.mode == Mode.SERVER && this.tls.clientAuth() != null && isFromFiles()) {
			if (this.tls.clientAuth() != ClientAuth.NONE && this.tls.caCertPath() == null) {
				problem("%s is '%s' without %s: there is no authority to verify client certificates with.".formatted(
						PREFIX + "tls.client-auth", this.tls.clientAuth().name().toLowerCase(Locale.ROOT),
						PREFIX + "tls.ca-cert-path"),
						"Set %s to the certificates of the authorities that client certificates must come from."
							.formatted(PREFIX + "tls.ca-cert-path"));
			}
			if (this.tls.clientAuth() == ClientAuth.NONE && this.tls.caCertPath() != null) {
				problem("%s has no effect: %s is 'none'.".formatted(PREFIX + "tls.ca-cert-path",
						PREFIX + "tls.client-auth"),
						"Remove %s, or %s for mutual TLS.".formatted(PREFIX + "tls.ca-cert-path",
								PREFIX + "tls.client-auth"));
			}
		}
		if (this.mode == Mode.CLIENT) {
			if (!this.tls.isVerifyServer()) {
				untrusted("tls.verify-server is false");
			}
			else if (this.tls.isAcceptInvalidCerts()) {
				untrusted("tls.accept-invalid-certs is true");
			}
		}
	}

	private void untrusted(String reason) {
		if (this.tls.caCertPath() != null) {
			without(PREFIX + "tls.ca-cert-path", reason);
		}
		if (this.tls.isDevCertificate()) {
			without(PREFIX + "tls.dev-certificate", reason);
		}
	}

	private void checkValues() {
		checkDuration("timeout", this.properties.timeout(), false);
		checkDuration("heartbeat-interval", this.properties.heartbeatInterval(), true);
		checkDuration("initialization-timeout", this.properties.initializationTimeout(), true);
		checkPositive("max-connections", this.properties.maxConnections());
		checkPositive("max-in-flight-requests", this.properties.maxInFlightRequests());
		DataSize size = this.properties.maxMessageSize();
		if (size != null && (size.toBytes() < 1024 || size.toBytes() > Integer.MAX_VALUE)) {
			problem("%s is %d bytes.".formatted(PREFIX + "max-message-size", size.toBytes()),
					"Set it to a size from 1KB to 2047MB.");
		}
		checkSendBuffer(Defaults.orDefault(size, Defaults.MAX_MESSAGE_SIZE));
		String path = this.properties.path();
		if (path != null && !PATH.matcher(path).matches()) {
			problem("%s is '%s'.".formatted(PREFIX + "path", path),
					"Set it to a plain path that starts with '/', without query, fragment or patterns.");
		}
		checkAllowedHosts();
		for (String origin : this.properties.allowedOrigins()) {
			if (!origin.equals("*") && !isOrigin(origin)) {
				problem("%s holds '%s', which no browser sends as an origin.".formatted(PREFIX + "allowed-origins",
						origin),
						"Write origins as scheme://host or scheme://host:port, without a path, or '*' for all.");
			}
		}
	}

	private void checkSendBuffer(DataSize messageSize) {
		DataSize size = this.properties.maxSendBufferSize();
		if (size != null && size.compareTo(messageSize) < 0) {
			problem("%s is %d bytes, less than %s (%d bytes): a message of that size could not be sent.".formatted(
					PREFIX + "max-send-buffer-size", size.toBytes(), PREFIX + "max-message-size",
					messageSize.toBytes()),
					"Set it to %s or more, or lower %s.".formatted(PREFIX + "max-message-size",
							PREFIX + "max-message-size"));
		}
	}

	private void checkAllowedHosts() {
		for (String host : this.properties.allowedHosts()) {
			if (!AllowedHosts.isHost(host)) {
				problem("%s holds '%s', which is no host.".formatted(PREFIX + "allowed-hosts", host),
						"Write hosts as name, name:port, address or [IPv6 address], without a scheme or path, or '*' for all.");
			}
		}
	}

	private static boolean isOrigin(String origin) {
		try {
			URI uri = URI.create(origin);
			return uri.getScheme() != null && uri.getRawAuthority() != null
					&& origin.equals(uri.getScheme() + "://" + uri.getRawAuthority());
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	private void checkDuration(String name, @Nullable Duration duration, boolean zeroAllowed) {
		if (duration != null && (duration.isNegative() || (duration.isZero() && !zeroAllowed)
				|| duration.compareTo(Duration.ofDays(24)) > 0)) {
			problem("%s is %s.".formatted(PREFIX + name, duration),
					"Set it to %s than zero and at most 24 days.".formatted(zeroAllowed ? "zero or more" : "more"));
		}
	}

	private void checkPositive(String name, @Nullable Integer number) {
		if (number != null && number < 1) {
			problem("%s is %d.".formatted(PREFIX + name, number), "Set it to 1 or more.");
		}
	}

	private void checkHeaders() {
		this.properties.headers().forEach((name, value) -> {
			if (!HEADER_NAME.matcher(name).matches() || value.chars().anyMatch((c) -> c < ' ' && c != '\t')) {
				problem("%sheaders.%s is not a valid HTTP header.".formatted(PREFIX, name),
						"Correct its name, or remove line breaks and control characters from its value.");
			}
			else if (HANDSHAKE_HEADER.matcher(name.toLowerCase(Locale.ROOT)).matches()) {
				problem("%sheaders.%s is a header of the WebSocket handshake itself.".formatted(PREFIX, name),
						"Remove it.");
			}
		});
	}

	private void forEach(Predicate<String> condition, Consumer<String> action) {
		this.set.stream().filter(condition).map((name) -> PREFIX + name).forEach(action);
	}

	private void problem(String description, String action) {
		this.problems.add(new ConfigurationProblem(description, action));
	}

}
