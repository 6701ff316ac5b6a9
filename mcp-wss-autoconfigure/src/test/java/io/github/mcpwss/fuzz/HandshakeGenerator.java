package io.github.mcpwss.fuzz;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Makes requests for a socket, right ones and wrong ones, and says with which HTTP status
 * each is answered. One that is wrong in several ways may get the status of any of them.
 */
final class HandshakeGenerator {

	private static final int OK = 101;

	private static final String HOST = "Host: localhost:PORT";

	private static final String UPGRADE = "Upgrade: websocket";

	private static final String CONNECTION = "Connection: Upgrade";

	private static final String VERSION = "Sec-WebSocket-Version: 13";

	private static final String KEY = "Sec-WebSocket-Key: ";

	private static final List<Change> RIGHT = List.of(header(HOST, "Host: 127.0.0.1:PORT"),
			header(HOST, "host: LOCALHOST:PORT"), header(HOST, "Host: localhost.:PORT"),
			header(HOST, "Host: [::1]:PORT"), header(HOST, "Host: localhost"), header(UPGRADE, "Upgrade: WebSocket"),
			header(UPGRADE, "upgrade: WEBSOCKET"), header(CONNECTION, "Connection: keep-alive, Upgrade"),
			header(CONNECTION, "Connection: upgrade, keep-alive"), header(CONNECTION, "CONNECTION:Upgrade"),
			header(VERSION, "Sec-WebSocket-Version:  13  "), header(VERSION, "sec-websocket-version: 13"),
			header(HOST, HOST + "\r\nOrigin: https://localhost:PORT"), added("Content-Length: 0"), added("Cookie: a=b"),
			added("Sec-WebSocket-Protocol: mcp"), added("Sec-WebSocket-Protocol: other, mcp"),
			added("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"),
			added("Sec-WebSocket-Extensions: x-unknown; a=1; b=\"c\""), added("X-Empty:"),
			added("X-Long: " + "x".repeat(3000)), line("GET /mcp?token=x%20y HTTP/1.1"));

	private static final List<Change> WRONG = List.of(line("POST /mcp HTTP/1.1", 405), line("PUT /mcp HTTP/1.1", 405),
			line("DELETE /mcp HTTP/1.1", 405), line("HEAD /mcp HTTP/1.1", 405),
			line("get /mcp HTTP/1.1", 405, 400, 501), line("GET /mcp HTTP/1.0", 400),
			line("GET /mcp HTTP/9.9", 400, 505), line("GET /mcp XTTP/1.1", 400, 505), line("GET /other HTTP/1.1", 404),
			line("GET /mcp/ HTTP/1.1", 404), header(HOST, "", 400), header(HOST, "Host:", 400),
			header(HOST, "Host: localhost\r\nHost: localhost", 400), header(HOST, "Host: evil.example", 421),
			header(HOST, "Host: localhost.evil.example:PORT", 421), header(HOST, "Host: 10.0.0.1:PORT", 421),
			header(HOST, "Host: user@localhost", 400), header(HOST, "Host: local host", 400),
			header(HOST, "Host: localhost:x", 400), header(UPGRADE, "", 400, 404),
			header(UPGRADE, "Upgrade: websockets", 400), header(UPGRADE, "Upgrade: ", 400), header(CONNECTION, "", 400),
			header(CONNECTION, "Connection: keep-alive", 400), header(CONNECTION, "Connection: Upgraded", 400),
			header(VERSION, "", 426), header(VERSION, "Sec-WebSocket-Version: 8", 426),
			header(VERSION, "Sec-WebSocket-Version: 14", 426), header(VERSION, "Sec-WebSocket-Version: 013", 426),
			header(VERSION, "Sec-WebSocket-Version: 13, 8", 426),
			header(VERSION, "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Version: 13", 426), header(KEY, "", 400),
			header(KEY, "Sec-WebSocket-Key:", 400), header(KEY, "Sec-WebSocket-Key: dGhlIHNhbXBsZQ==", 400),
			header(KEY, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZSBsb25nZXI=", 400),
			header(KEY, "Sec-WebSocket-Key: !!!!!!!!!!!!!!!!!!!!!!==", 400),
			header(KEY, KEY + "AAAAAAAAAAAAAAAAAAAAAA==\r\n" + KEY + "AAAAAAAAAAAAAAAAAAAAAA==", 400),
			added("Content-Length: 2", 400), added("Transfer-Encoding: chunked", 400),
			added("Content-Length: 0\r\nContent-Length: 0", 400, OK), added("Content-Length: -1", 400),
			added("Sec-WebSocket-Extensions: ;", 400), added("Sec-WebSocket-Extensions: a b", 400),
			added("Sec-WebSocket-Extensions: x; a=\"", 400), added("Origin: https://evil.example", 403),
			added("Origin: null", 403), added("Origin: http://localhost:PORT", 403),
			added("Origin: https://localhost:PORT\r\nOrigin: https://localhost:PORT", 403), added("X Y: z", 400),
			added("X-Name : z", 400), added(" X-Folded: z", 400, OK), added("X-Nul: a\u0000b", 400),
			added("no colon", 400), added("X-Huge: " + "x".repeat(9000), 400, 413, 431));

	private final Random random;

	HandshakeGenerator(Random random) {
		this.random = random;
	}

	/**
	 * Make a request.
	 * @param port the port of the server
	 * @param mostWrong how much may be wrong with it
	 * @return the request
	 */
	Handshake next(int port, int mostWrong) {
		byte[] bytes = new byte[16];
		this.random.nextBytes(bytes);
		String key = Base64.getEncoder().encodeToString(bytes);
		List<String> lines = new ArrayList<>(List.of("GET /mcp HTTP/1.1", "Host: localhost:PORT", "Upgrade: websocket",
				"Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: " + key));
		for (int i = this.random.nextInt(3); i > 0; i--) {
			RIGHT.get(this.random.nextInt(RIGHT.size())).apply(lines);
		}
		Set<Integer> statuses = new LinkedHashSet<>();
		for (int i = this.random.nextInt(mostWrong + 1); i > 0; i--) {
			Change change = WRONG.get(this.random.nextInt(WRONG.size()));
			if (change.apply(lines)) {
				statuses.addAll(change.statuses());
			}
		}
		String request = String.join("\r\n", lines).replace("PORT", String.valueOf(port)) + "\r\n\r\n";
		return new Handshake(request, statuses.isEmpty() ? Set.of(OK) : statuses, key);
	}

	private static Change line(String line, Integer... statuses) {
		return new Change("GET /mcp HTTP/1.1", line, Set.of(statuses));
	}

	private static Change header(String name, String line, Integer... statuses) {
		return new Change(name, line, Set.of(statuses));
	}

	private static Change added(String line, Integer... statuses) {
		return new Change("", line, Set.of(statuses));
	}

	/**
	 * What makes one request another.
	 *
	 * @param place the start of the line to replace, empty to add one
	 * @param line the line, empty for none
	 * @param statuses the statuses that the request may get for it
	 */
	private record Change(String place, String line, Set<Integer> statuses) {

		/**
		 * Change a request, unless something else has changed that line before.
		 */
		boolean apply(List<String> lines) {
			if (this.place.isEmpty()) {
				String name = this.line.substring(0, this.line.indexOf(':') + 1);
				boolean there = this.statuses.isEmpty() && lines.stream().anyMatch((line) -> line.startsWith(name));
				return !there && lines.add(this.line);
			}
			for (int i = 0; i < lines.size(); i++) {
				if (lines.get(i).startsWith(this.place)) {
					lines.remove(i);
					if (!this.line.isEmpty()) {
						lines.add(i, this.line);
					}
					return true;
				}
			}
			return false;
		}

	}

	/**
	 * A request for a socket.
	 *
	 * @param request the head of the request
	 * @param statuses the statuses that it may be answered with
	 * @param key the key that is accepted where that is 101
	 */
	record Handshake(String request, Set<Integer> statuses, String key) {

		boolean isRight() {
			return this.statuses.equals(Set.of(OK));
		}

	}

}
