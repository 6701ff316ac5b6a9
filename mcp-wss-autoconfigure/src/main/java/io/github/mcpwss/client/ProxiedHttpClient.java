package io.github.mcpwss.client;

import io.netty.resolver.NoopAddressResolverGroup;
import reactor.netty.http.client.HttpClient;
import reactor.netty.transport.ProxyProvider;

/**
 * Makes HTTP clients reach their server by a proxy.
 */
final class ProxiedHttpClient {

	private ProxiedHttpClient() {
	}

	/**
	 * Apply the proxy.
	 * @param httpClient the client, which uses the proxy of the JVM
	 * @param settings where to connect to, and by which proxy
	 * @return the client
	 */
	static HttpClient of(HttpClient httpClient, ClientSettings settings) {
		ProxySettings proxy = settings.proxy();
		if (proxy.type() == ProxySettings.Type.SYSTEM) {
			return httpClient.configuration().hasProxy() ? unresolved(httpClient) : httpClient;
		}
		if (!proxy.isFor(settings.uri().getHost())) {
			return httpClient.noProxy();
		}
		return unresolved(httpClient.proxy((spec) -> configure(spec.type(kind(proxy.type())), proxy)));
	}

	private static HttpClient unresolved(HttpClient httpClient) {
		// Reactor Netty leaves it to the proxy only where the event loops are its own.
		return httpClient.resolver(NoopAddressResolverGroup.INSTANCE);
	}

	private static void configure(ProxyProvider.AddressSpec spec, ProxySettings proxy) {
		ProxyProvider.Builder builder = spec.host(proxy.host()).port(proxy.port());
		String username = proxy.username();
		String password = proxy.password();
		if (username != null) {
			builder.username(username);
		}
		if (password != null) {
			builder.password((name) -> password);
		}
	}

	private static ProxyProvider.Proxy kind(ProxySettings.Type type) {
		return switch (type) {
			case SOCKS4 -> ProxyProvider.Proxy.SOCKS4;
			case SOCKS5 -> ProxyProvider.Proxy.SOCKS5;
			default -> ProxyProvider.Proxy.HTTP;
		};
	}

}
