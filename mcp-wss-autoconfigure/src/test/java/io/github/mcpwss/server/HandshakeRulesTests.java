package io.github.mcpwss.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Which handshakes may lead to a socket, without a server.
 */
class HandshakeRulesTests {

	private final Map<String, List<String>> headers = new LinkedHashMap<>(Map.of("Host", List.of("mcp.example"),
			"Upgrade", List.of("websocket"), "Connection", List.of("keep-alive, Upgrade"), "Sec-WebSocket-Version",
			List.of("13"), "Sec-WebSocket-Key", List.of("dGhlIHNhbXBsZSBub25jZQ==")));

	private int check(AllowedHosts hosts, List<String> origins) {
		return check("GET", "HTTP/1.1", hosts, origins);
	}

	private int check(String method, String protocol, AllowedHosts hosts, List<String> origins) {
		HandshakeRequest request = new HandshakeRequest(method, protocol, "https", "mcp.example", 443,
				new HandshakeTls("TLSv1.3", List.of()), (name) -> this.headers.getOrDefault(name, List.of()));
		return new HandshakeRules(AllowedOrigins.of(origins), hosts, true).check(request)
			.map(HandshakeRefusal::status)
			.orElse(101);
	}

	private int check() {
		return check(AllowedHosts.of(List.of(), false), List.of());
	}

	@Test
	void handshakeOfTheStandardPasses() {
		assertThat(check()).isEqualTo(101);
	}

	@ParameterizedTest
	@CsvSource({ "POST, HTTP/1.1, 405", "CONNECT, HTTP/2.0, 405", "GET, HTTP/1.0, 400", "GET, HTTP/2.0, 400" })
	void requestLine(String method, String protocol, int status) {
		assertThat(check(method, protocol, AllowedHosts.of(List.of(), false), List.of())).isEqualTo(status);
	}

	@ParameterizedTest
	@ValueSource(strings = { "Host", "Upgrade", "Connection", "Sec-WebSocket-Key" })
	void missingHeaderIsABadRequest(String name) {
		this.headers.remove(name);
		assertThat(check()).isEqualTo(400);
	}

	@ParameterizedTest
	@ValueSource(strings = { "Host", "Sec-WebSocket-Key" })
	void repeatedHeaderIsABadRequest(String name) {
		String value = this.headers.get(name).get(0);
		this.headers.put(name, List.of(value, value));
		assertThat(check()).isEqualTo(400);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "short", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZSE=",
			"dGhlIHNhbXBsZSBub25jZQ=!", "dGhlIHNhbXBsZSBub25j" })
	void keyIsSixteenBytes(String key) {
		this.headers.put("Sec-WebSocket-Key", List.of(key));
		assertThat(check()).isEqualTo(400);
	}

	@ParameterizedTest
	@ValueSource(strings = { "8", "12", "14", "013", "13, 8", "" })
	void otherVersionNeedsAnUpgrade(String version) {
		this.headers.put("Sec-WebSocket-Version", List.of(version));
		assertThat(check()).isEqualTo(426);
	}

	@ParameterizedTest
	@CsvSource({ "Content-Length, 0, 101", "Content-Length, 5, 400", "Content-Length, +0, 400",
			"Transfer-Encoding, chunked, 400", "Transfer-Encoding, identity, 400" })
	void body(String name, String value, int status) {
		this.headers.put(name, List.of(value));
		assertThat(check()).isEqualTo(status);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a b", "a/b", "user@a", "a:b", "a:123456", "[", "[::1", "::1", "http://a", "a,b" })
	void hostThatIsNoneIsABadRequest(String host) {
		this.headers.put("Host", List.of(host));
		assertThat(check()).isEqualTo(400);
	}

	@ParameterizedTest
	@CsvSource({ "localhost, 101", "LOCALHOST:8443, 101", "localhost., 101", "127.0.0.1, 101", "127.1.2.3:80, 101",
			"[::1], 101", "[::1]:8443, 101", "mcp.example, 421", "127.0.0.1.evil.example, 421", "10.0.0.1, 421",
			"localhost.evil.example, 421", "0.0.0.0, 421", "[::2], 421" })
	void serverOnLoopbackIsAddressedAsSuch(String host, int status) {
		this.headers.put("Host", List.of(host));
		assertThat(check(AllowedHosts.of(List.of(), true), List.of())).isEqualTo(status);
		assertThat(check(AllowedHosts.of(List.of("*"), true), List.of())).isEqualTo(101);
		assertThat(check(AllowedHosts.of(List.of(), false), List.of())).isEqualTo(101);
	}

	@ParameterizedTest
	@CsvSource({ "a.example, 101", "A.Example:9999, 101", "b.example:8443, 101", "b.example, 421",
			"b.example:8444, 421", "c.example, 101", "c.example:443, 101", "c.example:80, 421", "[::2]:1, 101",
			"localhost, 421", "x.a.example, 421" })
	void listedHostsAreExact(String host, int status) {
		this.headers.put("Host", List.of(host));
		AllowedHosts hosts = AllowedHosts.of(List.of("a.example", "b.example:8443", "c.example:443", "[::2]"), true);
		assertThat(check(hosts, List.of())).isEqualTo(status);
	}

	@Test
	void listedHostMustBeOne() {
		assertThat(AllowedHosts.isHost("https://a.example")).isFalse();
		assertThatIllegalArgumentException().isThrownBy(() -> AllowedHosts.of(List.of("a/b"), false));
	}

	@ParameterizedTest
	@CsvSource({ "https://mcp.example, 101", "https://mcp.example:443, 101", "https://MCP.example, 101",
			"https://listed.example, 101", "http://mcp.example, 403", "https://mcp.example:444, 403", "null, 403",
			"https://mcp.example/, 403", "https://user@mcp.example, 403", "https://evil.example, 403", "'', 403" })
	void origin(String origin, int status) {
		this.headers.put("Origin", List.of(origin));
		AllowedHosts hosts = AllowedHosts.of(List.of(), false);
		assertThat(check(hosts, List.of("https://listed.example"))).isEqualTo(status);
		assertThat(check(hosts, List.of("*"))).isEqualTo(101);
	}

	@Test
	void manyExtensionsAreRead() {
		this.headers.put("Sec-WebSocket-Extensions", List.of("a" + ";b".repeat(3900)));
		assertThat(check()).isEqualTo(101);
		this.headers.put("Sec-WebSocket-Extensions", List.of("a" + ";b".repeat(3900) + ";"));
		assertThat(check()).isEqualTo(400);
	}

	@Test
	void twoOriginsAreForbidden() {
		this.headers.put("Origin", List.of("https://mcp.example", "https://mcp.example"));
		assertThat(check()).isEqualTo(403);
	}

}
