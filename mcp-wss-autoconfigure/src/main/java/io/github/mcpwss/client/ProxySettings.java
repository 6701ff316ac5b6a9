package io.github.mcpwss.client;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.util.PatternMatchUtils;

/**
 * By which proxy a client reaches its server. The proxy passes bytes on and looks up the
 * server's host; TLS, and with it the check of the host name, is between client and
 * server.
 *
 * @param type the kind of proxy
 * @param host the host of the proxy, empty where there is none or the JVM knows it
 * @param port the port of the proxy
 * @param username the user name for the proxy, {@code null} for none
 * @param password the password for the proxy, {@code null} for none
 * @param nonProxyHosts the hosts that are reached without the proxy, each with an
 * optional {@code *} at its beginning or end
 */
public record ProxySettings(Type type, String host, int port, @Nullable String username, @Nullable String password,
		List<String> nonProxyHosts) {

	/**
	 * The proxy of the JVM's system properties, if there is one there.
	 */
	public static final ProxySettings SYSTEM = new ProxySettings(Type.SYSTEM, "", 0, null, null, List.of());

	/**
	 * No proxy, whatever the JVM's system properties say.
	 */
	public static final ProxySettings NONE = new ProxySettings(Type.NONE, "", 0, null, null, List.of());

	public ProxySettings {
		nonProxyHosts = List.copyOf(nonProxyHosts);
	}

	/**
	 * Return whether a host is reached by the proxy that these settings name.
	 * @param host the host of the server
	 * @return {@code false} also for a proxy of the JVM's system properties
	 */
	public boolean isFor(String host) {
		return !this.host.isEmpty() && this.nonProxyHosts.stream()
			.noneMatch((pattern) -> PatternMatchUtils.simpleMatchIgnoreCase(pattern, host));
	}

	/**
	 * Return what the proxy speaks.
	 * @return the name of the protocol for a person
	 */
	String protocol() {
		return switch (this.type) {
			case SOCKS4 -> "SOCKS 4";
			case SOCKS5 -> "SOCKS 5";
			case HTTP -> "HTTP";
			default -> "HTTP or SOCKS";
		};
	}

	/**
	 * Return a description without user name and password.
	 */
	@Override
	public String toString() {
		return "ProxySettings[type=" + this.type + ", host=" + this.host + ", port=" + this.port + ", nonProxyHosts="
				+ this.nonProxyHosts + "]";
	}

	/**
	 * Kinds of proxies.
	 */
	public enum Type {

		/**
		 * The one of the JVM's system properties https.proxyHost, http.proxyHost or
		 * socksProxyHost, if there is one.
		 */
		SYSTEM,

		/**
		 * None, whatever the JVM's system properties say.
		 */
		NONE,

		/**
		 * HTTP with the method CONNECT.
		 *
		 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6">RFC 9110,
		 * section 9.3.6</a>
		 */
		HTTP,

		/**
		 * SOCKS 4a.
		 */
		SOCKS4,

		/**
		 * SOCKS 5.
		 *
		 * @see <a href="https://www.rfc-editor.org/rfc/rfc1928">RFC 1928</a>
		 */
		SOCKS5

	}

}
