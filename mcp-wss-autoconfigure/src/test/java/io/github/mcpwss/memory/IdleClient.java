package io.github.mcpwss.memory;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

import io.github.mcpwss.testing.RawWebSocket;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;

/**
 * A client that initializes its session and then does nothing.
 */
final class IdleClient implements AutoCloseable {

	private static final String INITIALIZE = """
			{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18",\
			"capabilities":{},"clientInfo":{"name":"idle","version":"1"}}}""";

	private static final String INITIALIZED = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}";

	private final SSLSocket socket;

	private final DataInputStream in;

	IdleClient(SSLContext context, int port) throws IOException {
		this.socket = (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
		this.socket.setTcpNoDelay(true);
		this.socket.setSoTimeout(30_000);
		this.in = new DataInputStream(this.socket.getInputStream());
		write(("GET /mcp HTTP/1.1\r\nHost: localhost:" + port + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
				+ "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
			.getBytes(StandardCharsets.US_ASCII));
		readHead();
		send(INITIALIZE);
		readFrame();
		send(INITIALIZED);
	}

	/**
	 * Make what every server passes: it is a process of our own.
	 * @return the context
	 */
	static SSLContext context() throws GeneralSecurityException {
		SSLContext context = SSLContext.getInstance("TLS");
		TrustManager[] trustManagers = InsecureTrustManagerFactory.INSTANCE.getTrustManagers();
		context.init(null, trustManagers, null);
		return context;
	}

	private void readHead() throws IOException {
		StringBuilder head = new StringBuilder();
		while (head.indexOf("\r\n\r\n") < 0) {
			head.append((char) this.in.readUnsignedByte());
		}
		if (!head.toString().startsWith("HTTP/1.1 101")) {
			throw new IOException("Refused: " + head);
		}
	}

	private void readFrame() throws IOException {
		int first = this.in.readUnsignedByte();
		int length = this.in.readUnsignedByte();
		if (length == 126) {
			length = this.in.readUnsignedShort();
		}
		this.in.skipNBytes(length);
		if ((first & 0xF) != RawWebSocket.TEXT) {
			throw new IOException("Not a text frame: " + first);
		}
	}

	private void send(String text) throws IOException {
		write(RawWebSocket.frame(0x80 | RawWebSocket.TEXT, true, text.getBytes(StandardCharsets.UTF_8)));
	}

	private void write(byte[] bytes) throws IOException {
		this.socket.getOutputStream().write(bytes);
		this.socket.getOutputStream().flush();
	}

	@Override
	public void close() throws IOException {
		write(RawWebSocket.frame(0x80 | RawWebSocket.CLOSE, true, new byte[] { 3, (byte) 0xE8 }));
		this.socket.close();
	}

}
