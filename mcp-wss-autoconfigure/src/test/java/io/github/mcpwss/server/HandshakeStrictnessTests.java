package io.github.mcpwss.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;

import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

import io.github.mcpwss.testing.Hosting;
import io.github.mcpwss.testing.TestServer;
import io.github.mcpwss.testing.TestTools;
import io.modelcontextprotocol.server.McpServer;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Handshakes that containers let through by themselves, on servlet containers.
 */
@ParameterizedClass
@EnumSource(value = Hosting.class, names = { "TOMCAT", "JETTY" })
class HandshakeStrictnessTests {

	private static final String HANDSHAKE = """
			GET /mcp HTTP/1.1|Host: localhost:PORT|Upgrade: websocket|Connection: Upgrade|\
			Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==|Sec-WebSocket-Version: 13|""";

	@Parameter
	Hosting hosting;

	private static TestServer server;

	private static SSLSocketFactory sockets;

	@BeforeParameterizedClassInvocation
	static void start(Hosting hosting) {
		server = hosting.start();
		sockets = server.tls().clientContext().getSocketFactory();
		McpServer.sync(server.provider()).serverInfo("test", "1").tools(TestTools.echo()).build();
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', textBlock = """
			GET;GET;101
			HTTP/1.1;HTTP/1.0;400
			GET;POST;405
			Host: localhost:PORT;Host: 127.0.0.1:PORT;101
			Host: localhost:PORT;Host: evil.example;421
			Host: localhost:PORT;Host: localhost.evil.example:PORT;421
			Host: localhost:PORT;Host: localhost|Host: localhost;400
			Host: localhost:PORT|;'';400
			Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==;Sec-WebSocket-Key: short;400
			Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==|;'';400
			Upgrade: websocket|;Upgrade: websocket|Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==|;400
			Version: 13;Version: 8;426
			Version: 13|;Version: 13|Sec-WebSocket-Version: 8|;426
			Upgrade: websocket|;Upgrade: websocket|Content-Length: 2|;400
			Upgrade: websocket|;Upgrade: websocket|Transfer-Encoding: chunked|;400
			Upgrade: websocket|;Upgrade: websocket|Content-Length: 0|Transfer-Encoding: chunked|;400
			""")
	void handshakeIsJudged(String part, String replacement, int status) throws IOException {
		String request = HANDSHAKE.replace(part, replacement);
		assertThat(status(request)).isEqualTo(status);
	}

	private static int status(String request) throws IOException {
		try (SSLSocket socket = (SSLSocket) sockets.createSocket(InetAddress.getLoopbackAddress(), server.port())) {
			socket.setSoTimeout(10_000);
			String lines = request.replace("PORT", String.valueOf(server.port())).replace("|", "\r\n");
			socket.getOutputStream().write((lines + "\r\n").getBytes(StandardCharsets.US_ASCII));
			socket.getOutputStream().flush();
			String line = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
				.readLine();
			assertThat(line).isNotNull();
			return Integer.parseInt(line.split(" ")[1]);
		}
	}

}
