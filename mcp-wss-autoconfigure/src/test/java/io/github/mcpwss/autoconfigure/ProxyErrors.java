package io.github.mcpwss.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

import io.github.mcpwss.testing.ForwardProxy;
import io.github.mcpwss.testing.ForwardProxy.Refusal;

/**
 * Proxies that do not connect, for {@link ErrorPageTests}.
 */
final class ProxyErrors {

	private static final Refusal HOST_UNREACHABLE = Refusal.of((byte) 5, (byte) 4, (byte) 0, (byte) 1, (byte) 0,
			(byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 0);

	Map<String, Callable<String>> all() {
		Map<String, Callable<String>> errors = new LinkedHashMap<>();
		errors.put("proxy … cannot be reached: …", () -> {
			ForwardProxy proxy = new ForwardProxy();
			proxy.close();
			return connect("http", "localhost", proxy.port());
		});
		errors.put("host … of the proxy is unknown", () -> connect("http", "no-such-proxy.invalid", 3128));
		errors.put("proxy … answered HTTP 407 …", () -> refused("http", Refusal.of("HTTP/1.1 407 No\r\n\r\n")));
		errors.put("proxy … answered HTTP 503 …", () -> refused("http", Refusal.of("HTTP/1.1 503 No\r\n\r\n")));
		errors.put("proxy … does not connect to …: …", () -> refused("socks5", HOST_UNREACHABLE));
		errors.put("proxy … refuses the credentials …", () -> {
			try (ForwardProxy proxy = new ForwardProxy()) {
				proxy.require("mcp:right");
				return connect("socks5", "localhost", proxy.port());
			}
		});
		errors.put("proxy … does not speak …", () -> refused("http", Refusal.of("SSH-2.0-server\r\n\r\n")));
		return errors;
	}

	private static String refused(String type, Refusal refusal) {
		try (ForwardProxy proxy = new ForwardProxy()) {
			proxy.refuse(refusal);
			return connect(type, "localhost", proxy.port());
		}
	}

	private static String connect(String type, String host, int port) {
		return ConnectErrors.message(Contexts.any()
			.withPropertyValues("mcp.websocket.proxy.type=" + type, "mcp.websocket.proxy.host=" + host,
					"mcp.websocket.proxy.port=" + port),
				"wss://mcp.example.invalid/mcp");
	}

}
