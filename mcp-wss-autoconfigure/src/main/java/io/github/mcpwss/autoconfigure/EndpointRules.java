package io.github.mcpwss.autoconfigure;

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
import io.github.mcpwss.autoconfigure.McpWebSocketProperties.Connection;
import io.github.mcpwss.autoconfigure.McpWebSocketProperties.Tls;
import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * Finds properties of one server or client that cannot take effect as they are.
 */
final class EndpointRules {

	private static final Set<String> BESIDES_BUNDLE = Set.of("tls.bundle", "tls.client-auth", "tls.verify-server",
			"tls.accept-invalid-certs", "tls.server-name", "tls.pinned-keys", "tls.revocation", "tls.crl-paths");

	private static final Pattern PATH = Pattern.compile("/[^?#*{}\\s\\\\]*");

	private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

	private static final Pattern HANDSHAKE_HEADER = Pattern
		.compile("host|connection|upgrade|content-length|transfer-encoding|sec-websocket-.*");

	private final EndpointProperties endpoint;

	private final Connection connection;

	private final Tls tls;

	private final String prefix;

	private final List<String> set;

	private final List<ConfigurationProblem> problems = new ArrayList<>();

	private EndpointRules(EndpointProperties endpoint) {
		this.endpoint = endpoint;
		this.connection = endpoint.connection();
		this.tls = endpoint.tls();
		this.prefix = endpoint.property("");
		this.set = this.connection.values()
			.entrySet()
			.stream()
			.filter((entry) -> entry.getValue() != null)
			.map(Map.Entry::getKey)
			.toList();
	}

	/**
	 * Check the properties.
	 * @param endpoint the properties, with nothing in place of what is unset
	 * @param effective the properties as they take effect
	 * @return the problems
	 */
	static List<ConfigurationProblem> check(EndpointProperties endpoint, Connection effective) {
		EndpointRules rules = new EndpointRules(endpoint);
		if (endpoint.mode() != Mode.NONE) {
			rules.checkTls();
			rules.checkIdentity();
			rules.checkTrust();
			rules.checkRevocation();
			rules.checkHeaders();
			rules.problems.addAll(TlsPropertyRules.check(endpoint));
		}
		rules.problems.addAll(ProxyPropertyRules.check(endpoint));
		rules.checkValues();
		rules.checkSendBuffer(effective);
		return rules.problems;
	}

	private void checkTls() {
		if (!this.endpoint.isTls()) {
			forEach((name) -> name.startsWith("tls.") && !name.equals("tls.offloaded"),
					(name) -> without(name, "use-tls is false"));
		}
		else if (this.tls.isOffloaded()) {
			forEach((name) -> name.startsWith("tls.") && !name.equals("tls.offloaded"),
					(name) -> without(name, "tls.offloaded is true"));
		}
		else if (this.tls.bundle() != null) {
			forEach((name) -> name.startsWith("tls.") && !BESIDES_BUNDLE.contains(name),
					(name) -> problem("%s and %s are both set.".formatted(name, this.prefix + "tls.bundle"),
							"Remove one of them: what is in a bundle is configured below spring.ssl.bundle."));
		}
	}

	private void without(String name, String reason) {
		problem("%s has no effect: %s%s.".formatted(name, this.prefix, reason),
				"Remove %s, or %s%s.".formatted(name, this.prefix, reason.substring(0, reason.indexOf(' '))));
	}

	private void checkIdentity() {
		requires("tls.cert-path", this.tls.certPath(), "tls.key-path", this.tls.keyPath());
		requires("tls.key-path", this.tls.keyPath(), "tls.cert-path", this.tls.certPath());
		requires("tls.key-password", this.tls.keyPassword(), "tls.key-path", this.tls.keyPath());
		if (this.tls.devCertificateDirectory() != null && !this.tls.isDevCertificate() && isFromFiles()) {
			problem("%stls.dev-certificate-directory has no effect: %stls.dev-certificate is not true."
				.formatted(this.prefix, this.prefix),
					"Set %stls.dev-certificate to true, or remove the directory.".formatted(this.prefix));
		}
		if (this.tls.isDevCertificate() && this.tls.bundle() == null) {
			if (this.endpoint.mode() == Mode.SERVER && this.tls.certPath() != null) {
				both("tls.dev-certificate", "tls.cert-path");
			}
			if (this.endpoint.mode() == Mode.CLIENT && this.tls.caCertPath() != null) {
				both("tls.dev-certificate", "tls.ca-cert-path");
			}
		}
		if (this.tls.reloadOnUpdate() != null && this.tls.bundle() == null && !this.tls.isDevCertificate()
				&& this.tls.certPath() == null && this.tls.caCertPath() == null && this.tls.crlPaths().isEmpty()) {
			problem("%stls.reload-on-update has no effect: there are no files to follow.".formatted(this.prefix),
					"Set %stls.cert-path or %stls.ca-cert-path, or remove it.".formatted(this.prefix, this.prefix));
		}
	}

	private void requires(String name, @Nullable Object value, String other, @Nullable Object otherValue) {
		if (value != null && otherValue == null && isFromFiles()) {
			problem("%s is set without %s.".formatted(this.prefix + name, this.prefix + other),
					"Set %s, or remove %s.".formatted(this.prefix + other, this.prefix + name));
		}
	}

	private boolean isFromFiles() {
		return this.endpoint.isTls() && !this.tls.isOffloaded() && this.tls.bundle() == null;
	}

	private void both(String name, String other) {
		problem("%s and %s are both set.".formatted(this.prefix + name, this.prefix + other),
				"Remove %s or %s.".formatted(this.prefix + name, this.prefix + other));
	}

	private void checkRevocation() {
		if (!this.endpoint.isTls() || this.tls.isOffloaded()) {
			return;
		}
		if (!this.tls.crlPaths().isEmpty() && !this.tls.isRevocation()) {
			problem("%stls.crl-paths has no effect: %stls.revocation is neither 'soft' nor 'hard'.".formatted(
					this.prefix, this.prefix), "Set %stls.revocation, or remove the lists.".formatted(this.prefix));
		}
		if (this.tls.isRevocation() && this.endpoint.mode() == Mode.SERVER
				&& ServerTls.clientAuth(this.tls) == ClientAuth.NONE) {
			problem("%stls.revocation has no effect: clients are not asked for certificates.".formatted(this.prefix),
					"Set %s, or remove %stls.revocation.".formatted((this.tls.bundle() != null)
							? this.prefix + "tls.client-auth" : this.prefix + "tls.ca-cert-path", this.prefix));
		}
	}

	private void checkTrust() {
		if (this.endpoint.mode() == Mode.SERVER && this.tls.clientAuth() != null && isFromFiles()) {
			if (this.tls.clientAuth() != ClientAuth.NONE && this.tls.caCertPath() == null) {
				problem("%s is '%s' without %s: there is no authority to verify client certificates with.".formatted(
						this.prefix + "tls.client-auth", this.tls.clientAuth().name().toLowerCase(Locale.ROOT),
						this.prefix + "tls.ca-cert-path"),
						"Set %s to the certificates of the authorities that client certificates must come from."
							.formatted(this.prefix + "tls.ca-cert-path"));
			}
			if (this.tls.clientAuth() == ClientAuth.NONE && this.tls.caCertPath() != null) {
				problem("%s has no effect: %s is 'none'.".formatted(this.prefix + "tls.ca-cert-path",
						this.prefix + "tls.client-auth"),
						"Remove %s, or %s for mutual TLS.".formatted(this.prefix + "tls.ca-cert-path",
								this.prefix + "tls.client-auth"));
			}
		}
		if (this.endpoint.mode() == Mode.CLIENT) {
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
			without(this.prefix + "tls.ca-cert-path", reason);
		}
		if (!this.tls.pinnedKeys().isEmpty()) {
			without(this.prefix + "tls.pinned-keys", reason);
		}
		if (this.tls.isDevCertificate()) {
			without(this.prefix + "tls.dev-certificate", reason);
		}
		if (this.tls.isRevocation()) {
			without(this.prefix + "tls.revocation", reason);
		}
	}

	private void checkValues() {
		checkDuration("timeout", this.connection.timeout(), false);
		checkDuration("heartbeat-interval", this.connection.heartbeatInterval(), true);
		checkDuration("reconnect-delay", this.connection.reconnectDelay(), false);
		checkDuration("reconnect-wait", this.connection.reconnectWait(), true);
		Integer attempts = this.connection.maxReconnectAttempts();
		if (attempts != null && attempts < -1) {
			problem("%s is %d.".formatted(this.prefix + "max-reconnect-attempts", attempts),
					"Set it to a number of attempts, 0 for none, or -1 for no limit.");
		}
		DataSize size = this.connection.maxMessageSize();
		if (size != null && (size.toBytes() < 1024 || size.toBytes() > Integer.MAX_VALUE)) {
			problem("%s is %d bytes.".formatted(this.prefix + "max-message-size", size.toBytes()),
					"Set it to a size from 1KB to 2047MB.");
		}
		String path = this.connection.path();
		if (path != null && !PATH.matcher(path).matches()) {
			problem("%s is '%s'.".formatted(this.prefix + "path", path),
					"Set it to a plain path that starts with '/', without query, fragment or patterns.");
		}
	}

	private void checkSendBuffer(Connection effective) {
		DataSize size = effective.maxSendBufferSize();
		DataSize messageSize = Defaults.orDefault(effective.maxMessageSize(), Defaults.MAX_MESSAGE_SIZE);
		boolean own = this.connection.maxSendBufferSize() != null || this.connection.maxMessageSize() != null;
		if (own && size != null && size.compareTo(messageSize) < 0) {
			problem("%s is %d bytes, less than %s (%d bytes): a message of that size could not be sent.".formatted(
					this.prefix + "max-send-buffer-size", size.toBytes(), this.prefix + "max-message-size",
					messageSize.toBytes()),
					"Set it to %s or more, or lower %s.".formatted(this.prefix + "max-message-size",
							this.prefix + "max-message-size"));
		}
	}

	private void checkDuration(String name, @Nullable Duration duration, boolean zeroAllowed) {
		DurationRule.check(this.prefix + name, duration, zeroAllowed).ifPresent(this.problems::add);
	}

	private void checkHeaders() {
		this.connection.headers().forEach((name, value) -> {
			if (!HEADER_NAME.matcher(name).matches() || value.chars().anyMatch((c) -> c < ' ' && c != '\t')) {
				problem("%sheaders.%s is not a valid HTTP header.".formatted(this.prefix, name),
						"Correct its name, or remove line breaks and control characters from its value.");
			}
			else if (HANDSHAKE_HEADER.matcher(name.toLowerCase(Locale.ROOT)).matches()) {
				problem("%sheaders.%s is a header of the WebSocket handshake itself.".formatted(this.prefix, name),
						"Remove it.");
			}
		});
	}

	private void forEach(Predicate<String> condition, Consumer<String> action) {
		this.set.stream().filter(condition).map((name) -> this.prefix + name).forEach(action);
	}

	private void problem(String description, String action) {
		this.problems.add(new ConfigurationProblem(description, action));
	}

}
