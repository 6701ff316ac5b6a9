package io.github.mcpwss.autoconfigure;

import java.net.URI;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.mcpwss.client.ProxySettings;
import io.github.mcpwss.tls.RevocationMode;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DataSizeUnit;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;
import org.springframework.util.unit.DataUnit;

/**
 * {@link ConfigurationProperties Properties} for MCP over WebSocket. What is unset is
 * {@code null} or empty: defaults are applied where decisions are made, so that a
 * property that cannot apply is told from one that was not given.
 *
 * @param serverMode whether this application serves MCP rather than calling a server.
 * @param url URL of the server to connect to, with the scheme wss, or ws without TLS. As
 * a server, the address of a listener of its own instead of the web server of the
 * application.
 * @param path path of the endpoint. As a client, used where the URL has none.
 * @param useTls whether connections use TLS.
 * @param tls TLS properties
 * @param timeout time within which a connection must be open: TCP connect, TLS and
 * WebSocket handshake together. As a server, the time that a client has from the TCP
 * connection to the end of its request's headers. If a duration suffix is not specified,
 * seconds are used.
 * @param heartbeatInterval time between two pings, which is also how long a pong may
 * take. Zero turns the heartbeat off. If a duration suffix is not specified, seconds are
 * used.
 * @param maxMessageSize maximum size of a message in either direction. If a size suffix
 * is not specified, bytes are used.
 * @param compression whether messages are compressed where a client offers
 * permessage-deflate. Server only.
 * @param maxSendBufferSize maximum size of the messages that wait to be sent over one
 * connection. As a server, a peer that reads so slowly that more pile up is disconnected;
 * as a client, the call fails. By default four times the maximum size of a message. If a
 * size suffix is not specified, bytes are used.
 * @param maxConnections maximum number of open connections. Server only.
 * @param maxInFlightRequests maximum number of requests of one session that may run at a
 * time. Server only.
 * @param initializationTimeout time within which a new connection must have finished the
 * MCP initialization. Zero turns the limit off. If a duration suffix is not specified,
 * seconds are used. Server only.
 * @param allowedOrigins origins of web pages that may connect besides those of this
 * server, '*' for all. Server only.
 * @param allowedHosts hosts under which this server may be addressed, each with or
 * without a port, '*' for all. By default all, but only those of the loopback interface
 * on a server that listens on a loopback address. Server only.
 * @param maxReconnectAttempts number of attempts to come back to a server that was lost,
 * 0 for none, -1 for no limit. Client only.
 * @param reconnectDelay longest time before the second of these attempts, which doubles
 * with each; a random part of it is waited. If a duration suffix is not specified,
 * seconds are used. Client only.
 * @param reconnectWait time that calls wait for a server that was lost to come back. If a
 * duration suffix is not specified, seconds are used. Client only.
 * @param headers headers to send with the handshake. Client only.
 * @param proxy properties of the proxy to connect by
 * @param connections further clients by their names, in either mode.
 * @param productionProfiles profiles that count as production besides 'prod',
 * 'production' and their variants with a suffix.
 */
@ConfigurationProperties(McpWebSocketProperties.PREFIX)
record McpWebSocketProperties(@Nullable Boolean serverMode, @Nullable String url, @Nullable String path,
		@Nullable Boolean useTls, @DefaultValue Tls tls, @DurationUnit(ChronoUnit.SECONDS) @Nullable Duration timeout,
		@DurationUnit(ChronoUnit.SECONDS) @Nullable Duration heartbeatInterval,
		@DataSizeUnit(DataUnit.BYTES) @Nullable DataSize maxMessageSize, @Nullable Boolean compression,
		@DataSizeUnit(DataUnit.BYTES) @Nullable DataSize maxSendBufferSize, @Nullable Integer maxConnections,
		@Nullable Integer maxInFlightRequests,
		@DurationUnit(ChronoUnit.SECONDS) @Nullable Duration initializationTimeout,
		@DefaultValue List<String> allowedOrigins, @DefaultValue List<String> allowedHosts,
		@Nullable Integer maxReconnectAttempts, @DurationUnit(ChronoUnit.SECONDS) @Nullable Duration reconnectDelay,
		@DurationUnit(ChronoUnit.SECONDS) @Nullable Duration reconnectWait, @DefaultValue Map<String, String> headers,
		@DefaultValue Proxy proxy, @DefaultValue Map<String, Connection> connections,
		@DefaultValue List<String> productionProfiles) {

	static final String PREFIX = "mcp.websocket";

	McpWebSocketProperties {
		url = textOrNull(url);
		path = textOrNull(path);
		allowedOrigins = allowedOrigins.stream().filter(StringUtils::hasText).toList();
		allowedHosts = allowedHosts.stream().filter(StringUtils::hasText).toList();
		productionProfiles = productionProfiles.stream().filter(StringUtils::hasText).toList();
	}

	private static List<String> texts(List<String> values) {
		return values.stream().filter(StringUtils::hasText).map(String::trim).toList();
	}

	private static @Nullable String textOrNull(@Nullable String value) {
		return StringUtils.hasText(value) ? value.trim() : null;
	}

	boolean isTls() {
		return !Boolean.FALSE.equals(this.useTls);
	}

	/**
	 * Return what clients and servers have in common, and what is for clients.
	 * @return the properties
	 */
	Connection asConnection() {
		return new Connection(this.url, this.path, this.useTls, this.tls, this.timeout, this.heartbeatInterval,
				this.maxMessageSize, this.maxSendBufferSize, this.maxReconnectAttempts, this.reconnectDelay,
				this.reconnectWait, this.headers, this.proxy);
	}

	/**
	 * Return whether a named connection takes a property, since it says nothing itself.
	 * @param property the name of the property
	 * @return {@code true} if there is such a connection
	 */
	boolean isInherited(String property) {
		return this.connections.values().stream().anyMatch((connection) -> connection.inherits(property));
	}

	/**
	 * Return every property.
	 * @return the values by the names below the prefix, {@code null} for what is unset
	 */
	Map<String, @Nullable Object> values() {
		Map<String, @Nullable Object> values = new LinkedHashMap<>();
		values.put("server-mode", this.serverMode);
		values.putAll(asConnection().values());
		values.put("compression", this.compression);
		values.put("max-connections", this.maxConnections);
		values.put("max-in-flight-requests", this.maxInFlightRequests);
		values.put("initialization-timeout", this.initializationTimeout);
		values.put("allowed-origins", nullIfEmpty(this.allowedOrigins));
		values.put("allowed-hosts", nullIfEmpty(this.allowedHosts));
		values.put("connections", nullIfEmpty(this.connections.keySet()));
		values.put("production-profiles", nullIfEmpty(this.productionProfiles));
		return values;
	}

	private static @Nullable Object nullIfEmpty(Collection<?> collection) {
		return collection.isEmpty() ? null : collection;
	}

	/**
	 * Return the names of what is set: values may be secret.
	 */
	@Override
	public String toString() {
		return PREFIX + setNames(values());
	}

	private static List<String> setNames(Map<String, @Nullable Object> values) {
		return values.entrySet().stream().filter((entry) -> entry.getValue() != null).map(Map.Entry::getKey).toList();
	}

	/**
	 * Properties of a client.
	 *
	 * @param url URL of the server to connect to, with the scheme wss, or ws without TLS.
	 * @param path path of the endpoint where the URL has none.
	 * @param useTls whether the connection uses TLS.
	 * @param tls TLS properties
	 * @param timeout time within which a connection must be open: TCP connect, TLS and
	 * WebSocket handshake together. If a duration suffix is not specified, seconds are
	 * used.
	 * @param heartbeatInterval time between two pings, which is also how long a pong may
	 * take. Zero turns the heartbeat off. If a duration suffix is not specified, seconds
	 * are used.
	 * @param maxMessageSize maximum size of a message in either direction. If a size
	 * suffix is not specified, bytes are used.
	 * @param maxSendBufferSize maximum size of the messages that wait to be sent; a call
	 * that is over it fails. By default four times the maximum size of a message. If a
	 * size suffix is not specified, bytes are used.
	 * @param maxReconnectAttempts number of attempts to come back to a server that was
	 * lost, 0 for none, -1 for no limit.
	 * @param reconnectDelay longest time before the second of these attempts, which
	 * doubles with each; a random part of it is waited. If a duration suffix is not
	 * specified, seconds are used.
	 * @param reconnectWait time that calls wait for a server that was lost to come back.
	 * If a duration suffix is not specified, seconds are used.
	 * @param headers headers to send with the handshake.
	 * @param proxy properties of the proxy to connect by
	 */
	record Connection(@Nullable String url, @Nullable String path, @Nullable Boolean useTls, @DefaultValue Tls tls,
			@DurationUnit(ChronoUnit.SECONDS) @Nullable Duration timeout,
			@DurationUnit(ChronoUnit.SECONDS) @Nullable Duration heartbeatInterval,
			@DataSizeUnit(DataUnit.BYTES) @Nullable DataSize maxMessageSize,
			@DataSizeUnit(DataUnit.BYTES) @Nullable DataSize maxSendBufferSize, @Nullable Integer maxReconnectAttempts,
			@DurationUnit(ChronoUnit.SECONDS) @Nullable Duration reconnectDelay,
			@DurationUnit(ChronoUnit.SECONDS) @Nullable Duration reconnectWait,
			@DefaultValue Map<String, String> headers, @DefaultValue Proxy proxy) {

		private static final Set<String> INHERITED = Set.of("timeout", "heartbeat-interval", "max-message-size",
				"max-send-buffer-size", "max-reconnect-attempts", "reconnect-delay", "reconnect-wait");

		Connection {
			url = textOrNull(url);
			path = textOrNull(path);
		}

		Connection withDefaults(Connection defaults) {
			return new Connection(this.url, this.path, this.useTls, this.tls, or(this.timeout, defaults.timeout),
					or(this.heartbeatInterval, defaults.heartbeatInterval),
					or(this.maxMessageSize, defaults.maxMessageSize),
					or(this.maxSendBufferSize, defaults.maxSendBufferSize),
					or(this.maxReconnectAttempts, defaults.maxReconnectAttempts),
					or(this.reconnectDelay, defaults.reconnectDelay), or(this.reconnectWait, defaults.reconnectWait),
					this.headers, this.proxy.isSet() ? this.proxy : defaults.proxy);
		}

		Connection withUrl(URI url) {
			boolean hasPath = StringUtils.hasLength(url.getRawPath());
			Boolean useTls = "ws".equalsIgnoreCase(url.getScheme()) ? false : null;
			return new Connection(url.toString(), hasPath ? null : this.path, useTls, this.tls, this.timeout,
					this.heartbeatInterval, this.maxMessageSize, this.maxSendBufferSize, this.maxReconnectAttempts,
					this.reconnectDelay, this.reconnectWait, this.headers, this.proxy);
		}

		/**
		 * Return whether this connection takes a property from those without a name,
		 * since it says nothing itself: how to connect is taken over, but not where to
		 * and as whom. A proxy is taken over as a whole.
		 * @param property the name of the property
		 * @return {@code true} if the property without a name is for this connection, too
		 */
		boolean inherits(String property) {
			return property.startsWith("proxy.") ? !this.proxy.isSet()
					: INHERITED.contains(property) && values().get(property) == null;
		}

		private static <T> @Nullable T or(@Nullable T value, @Nullable T defaultValue) {
			return (value != null) ? value : defaultValue;
		}

		Map<String, @Nullable Object> values() {
			Map<String, @Nullable Object> values = new LinkedHashMap<>();
			values.put("url", this.url);
			values.put("path", this.path);
			values.put("use-tls", this.useTls);
			this.tls.values().forEach((name, value) -> values.put("tls." + name, value));
			values.put("timeout", this.timeout);
			values.put("heartbeat-interval", this.heartbeatInterval);
			values.put("max-message-size", this.maxMessageSize);
			values.put("max-send-buffer-size", this.maxSendBufferSize);
			values.put("max-reconnect-attempts", this.maxReconnectAttempts);
			values.put("reconnect-delay", this.reconnectDelay);
			values.put("reconnect-wait", this.reconnectWait);
			values.put("headers", nullIfEmpty(this.headers.keySet()));
			this.proxy.values().forEach((name, value) -> values.put("proxy." + name, value));
			return values;
		}

		/**
		 * Return the names of what is set: values may be secret.
		 */
		@Override
		public String toString() {
			return "Connection" + setNames(values());
		}

	}

	/**
	 * Properties of a proxy.
	 *
	 * @param type kind of the proxy. By default 'http' if there is a host, and otherwise
	 * 'system' for the proxy of the system properties of the JVM, if there is one. Client
	 * only.
	 * @param host host of the proxy. Client only.
	 * @param port port of the proxy. Client only.
	 * @param username user name for the proxy. Client only.
	 * @param password password for the proxy. Client only.
	 * @param nonProxyHosts hosts that are reached without the proxy, each with an
	 * optional '*' at its beginning or end. Client only.
	 */
	record Proxy(ProxySettings.@Nullable Type type, @Nullable String host, @Nullable Integer port,
			@Nullable String username, @Nullable String password, @DefaultValue List<String> nonProxyHosts) {

		Proxy {
			host = textOrNull(host);
			username = textOrNull(username);
			password = StringUtils.hasLength(password) ? password : null;
			nonProxyHosts = texts(nonProxyHosts);
		}

		boolean isSet() {
			return !setNames(values()).isEmpty();
		}

		Map<String, @Nullable Object> values() {
			Map<String, @Nullable Object> values = new LinkedHashMap<>();
			values.put("type", this.type);
			values.put("host", this.host);
			values.put("port", this.port);
			values.put("username", this.username);
			values.put("password", this.password);
			values.put("non-proxy-hosts", nullIfEmpty(this.nonProxyHosts));
			return values;
		}

		/**
		 * Return the names of what is set: values may be secret.
		 */
		@Override
		public String toString() {
			return "Proxy" + setNames(values());
		}

	}

	/**
	 * Kinds of client authentication.
	 */
	enum ClientAuth {

		/**
		 * No certificate is asked for.
		 */
		NONE,

		/**
		 * A certificate is asked for and verified if there is one.
		 */
		WANT,

		/**
		 * A certificate is demanded.
		 */
		NEED

	}

	/**
	 * TLS properties.
	 *
	 * @param certPath location of the certificate chain in PEM form: identity of the
	 * server, or of a client for mutual TLS.
	 * @param keyPath location of the private key of the certificate in PEM form.
	 * @param keyPassword password of the private key.
	 * @param caCertPath location of the certificates of the authorities to trust in PEM
	 * form. As a client, instead of those of the system. As a server, those that client
	 * certificates must come from.
	 * @param bundle name of an SSL bundle to use instead of files.
	 * @param verifyServer whether to verify the server's certificate. Turning it off is
	 * for tests. Client only.
	 * @param acceptInvalidCerts whether to accept certificates that are self-signed,
	 * expired or of an unknown authority if the host name matches. Turning it on is for
	 * tests. Client only.
	 * @param serverName name that the server's certificate must carry, and that is sent
	 * to the server (SNI), where it is not the host of the URL. Client only.
	 * @param pinnedKeys pins of the server's certificates that may be presented: sha256/
	 * followed by the Base64 form of the SHA-256 of the public key, or sha256-cert/ by
	 * that of the certificate, or its fingerprint. Client only.
	 * @param revocation whether certificates are checked for revocation: the server's, or
	 * as a server those of clients. By default 'none'.
	 * @param crlPaths locations of certificate revocation lists in PEM or DER form, which
	 * decide instead of what is found out over the network.
	 * @param enabledProtocols TLS protocols that may be used. By default TLSv1.3 and
	 * TLSv1.2.
	 * @param ciphers cipher suites that may be used, in the order of preference. By
	 * default those with forward secrecy and authenticated encryption.
	 * @param clientAuth whether clients are asked for a certificate. By default 'need' if
	 * there are authorities to verify it with, 'none' otherwise. Server only.
	 * @param reloadOnUpdate whether to follow changes of the files without a restart. By
	 * default true if they are in the file system.
	 * @param devCertificate whether to use a certificate for localhost that is made when
	 * it is missing. For development only.
	 * @param devCertificateDirectory directory of the certificate for localhost, by
	 * default below the home directory of the user.
	 * @param offloaded whether TLS ends at a proxy in front of this application. Server
	 * only.
	 */
	record Tls(@Nullable String certPath, @Nullable String keyPath, @Nullable String keyPassword,
			@Nullable String caCertPath, @Nullable String bundle, @Nullable Boolean verifyServer,
			@Nullable Boolean acceptInvalidCerts, @Nullable String serverName, @DefaultValue List<String> pinnedKeys,
			@Nullable RevocationMode revocation, @DefaultValue List<String> crlPaths,
			@DefaultValue List<String> enabledProtocols, @DefaultValue List<String> ciphers,
			@Nullable ClientAuth clientAuth, @Nullable Boolean reloadOnUpdate, @Nullable Boolean devCertificate,
			@Nullable String devCertificateDirectory, @Nullable Boolean offloaded) {

		static final String PREFIX = McpWebSocketProperties.PREFIX + ".tls";

		Tls {
			certPath = textOrNull(certPath);
			keyPath = textOrNull(keyPath);
			keyPassword = StringUtils.hasLength(keyPassword) ? keyPassword : null;
			caCertPath = textOrNull(caCertPath);
			bundle = textOrNull(bundle);
			serverName = textOrNull(serverName);
			pinnedKeys = texts(pinnedKeys);
			crlPaths = texts(crlPaths);
			enabledProtocols = texts(enabledProtocols);
			ciphers = texts(ciphers);
			devCertificateDirectory = textOrNull(devCertificateDirectory);
		}

		boolean isVerifyServer() {
			return !Boolean.FALSE.equals(this.verifyServer);
		}

		boolean isAcceptInvalidCerts() {
			return Boolean.TRUE.equals(this.acceptInvalidCerts);
		}

		boolean isDevCertificate() {
			return Boolean.TRUE.equals(this.devCertificate);
		}

		boolean isRevocation() {
			return this.revocation != null && this.revocation != RevocationMode.NONE;
		}

		boolean isOffloaded() {
			return Boolean.TRUE.equals(this.offloaded);
		}

		Map<String, @Nullable Object> values() {
			Map<String, @Nullable Object> values = new LinkedHashMap<>();
			values.put("cert-path", this.certPath);
			values.put("key-path", this.keyPath);
			values.put("key-password", this.keyPassword);
			values.put("ca-cert-path", this.caCertPath);
			values.put("bundle", this.bundle);
			values.put("verify-server", this.verifyServer);
			values.put("accept-invalid-certs", this.acceptInvalidCerts);
			values.put("server-name", this.serverName);
			values.put("pinned-keys", nullIfEmpty(this.pinnedKeys));
			values.put("revocation", this.revocation);
			values.put("crl-paths", nullIfEmpty(this.crlPaths));
			values.put("enabled-protocols", nullIfEmpty(this.enabledProtocols));
			values.put("ciphers", nullIfEmpty(this.ciphers));
			values.put("client-auth", this.clientAuth);
			values.put("reload-on-update", this.reloadOnUpdate);
			values.put("dev-certificate", this.devCertificate);
			values.put("dev-certificate-directory", this.devCertificateDirectory);
			values.put("offloaded", this.offloaded);
			return values;
		}

		/**
		 * Return the names of what is set: values may be secret.
		 */
		@Override
		public String toString() {
			return PREFIX + setNames(values());
		}

	}

}
