package io.github.mcpwss.server;

import java.util.Collection;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The hosts under which a server may be addressed. A web page whose name an attacker
 * points at this machine (DNS rebinding) has that name in the {@code Host} header.
 */
public final class AllowedHosts {

	private static final Pattern LOOPBACK = Pattern
		.compile("localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[::1]|\\[0:0:0:0:0:0:0:1]");

	private final Set<HostAndPort> listed;

	private final Kind kind;

	private AllowedHosts(Set<HostAndPort> listed, Kind kind) {
		this.listed = listed;
		this.kind = kind;
	}

	/**
	 * Create the hosts of a server.
	 * @param listed names or addresses with or without a port, IPv6 addresses in
	 * brackets; one without a port stands for all ports, {@code *} for all hosts. If
	 * empty, all hosts are allowed, but on a server that nobody but this machine reaches
	 * @param loopbackOnly whether the server listens on a loopback address: if nothing is
	 * listed, only names and addresses of the loopback interface are allowed then
	 * @return the hosts
	 * @throws IllegalArgumentException if one of those listed is no host
	 */
	public static AllowedHosts of(Collection<String> listed, boolean loopbackOnly) {
		if (listed.isEmpty()) {
			return new AllowedHosts(Set.of(), loopbackOnly ? Kind.LOOPBACK : Kind.ALL);
		}
		if (listed.contains("*")) {
			return new AllowedHosts(Set.of(), Kind.ALL);
		}
		return new AllowedHosts(listed.stream().map(AllowedHosts::parse).collect(Collectors.toUnmodifiableSet()),
				Kind.LISTED);
	}

	/**
	 * Tell whether a text may be listed.
	 * @param text the text
	 * @return whether it is a host with or without a port, or {@code *}
	 */
	public static boolean isHost(String text) {
		return "*".equals(text) || HostAndPort.parse(text) != null;
	}

	private static HostAndPort parse(String text) {
		HostAndPort host = HostAndPort.parse(text);
		if (host == null) {
			throw new IllegalArgumentException("Not a host: " + text);
		}
		return host;
	}

	boolean allow(HostAndPort host, String scheme) {
		return switch (this.kind) {
			case ALL -> true;
			case LOOPBACK -> LOOPBACK.matcher(host.host()).matches();
			case LISTED -> this.listed.contains(new HostAndPort(host.host(), -1))
					|| this.listed.contains(new HostAndPort(host.host(), host.portOrDefault(scheme)));
		};
	}

	@Override
	public String toString() {
		return (this.kind == Kind.LISTED) ? Objects.toString(this.listed) : this.kind.name();
	}

	private enum Kind {

		ALL, LOOPBACK, LISTED

	}

}
