package io.github.mcpwss.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.Map;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

import io.github.mcpwss.tls.TestCertificates;
import io.github.mcpwss.tls.TestCertificates.Issued;
import org.jspecify.annotations.Nullable;

/**
 * Clients whose TLS handshakes fail with a server that demands client certificates, each
 * from an address of its own.
 */
public final class FailingClients implements AutoCloseable {

	private final int port;

	private final TestCertificates authority;

	private final Map<String, Socket> open = new LinkedHashMap<>();

	private int last;

	/**
	 * Create clients.
	 * @param port the port of the server on 127.0.0.1
	 * @param authority whom the server trusts to issue client certificates, with the name
	 * {@code CA}
	 * @param last the last byte of the address before their first one
	 */
	public FailingClients(int port, TestCertificates authority, int last) {
		this.port = port;
		this.authority = authority;
		this.last = last;
	}

	/**
	 * Let all of them fail.
	 * @param tls12 whether those with certificates speak TLS 1.2
	 * @return for each of their addresses what the log of the server should say
	 * @throws IOException if one of them cannot connect
	 */
	public Map<String, String> run(boolean tls12) throws IOException {
		Map<String, String> expected = new LinkedHashMap<>();
		// a record that holds the beginning of a ClientHello
		expected.put(hang(new byte[] { 22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xFC, 3, 3, 7, 7, 7 }),
				"INFO .*client ADDRESS did not finish the handshake within \\d+ ms");
		expected.put(hang(new byte[0]), "INFO .*client ADDRESS did not finish the handshake within \\d+ ms");
		String protocol = tls12 ? "TLSv1.2" : "TLSv1.3";
		expected.put(connect(null, protocol),
				"WARN .*client ADDRESS presented no client certificate, which this server demands");
		// a client would not present it to a server that wants those of another name
		expected.put(connect(TestCertificates.authority("CA").issueClient("a"), protocol),
				"WARN .*unknown issuer CN=CA of the certificate of client ADDRESS");
		expected.put(connect(
				this.authority.issueClient(TestCertificates.daysFromNow(-9), TestCertificates.daysFromNow(-2), "a"),
				protocol), "WARN .*the certificate of client ADDRESS expired on " + date(-2));
		expected.put(untrusting(protocol),
				"WARN .*client ADDRESS does not accept the certificate of this server \\(certificate_unknown\\)");
		expected.put(hello(new ClientHello(ClientHello.TLS_1_1, ClientHello.GCM)),
				"WARN .*no TLS protocol version or cipher suite in common with client ADDRESS");
		expected.put(hello(new ClientHello(ClientHello.TLS_1_2, ClientHello.CBC)),
				"WARN .*no TLS protocol version or cipher suite in common with client ADDRESS");
		expected.put(plain(), "INFO .*client ADDRESS does not speak TLS \\(plain HTTP or ws://\\?\\)");
		expected.put(leave(), "INFO .*client ADDRESS closed the connection during the handshake");
		return expected;
	}

	private static String date(int days) {
		return TestCertificates.daysFromNow(days).toString().substring(0, 10);
	}

	private Socket socket() throws IOException {
		this.last++;
		Socket socket = new Socket();
		socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] { 127, 0, 0, (byte) this.last }), 0));
		socket.connect(new InetSocketAddress("127.0.0.1", this.port), 10_000);
		socket.setSoTimeout(10_000);
		return socket;
	}

	private static String address(Socket socket) {
		return socket.getLocalAddress().getHostAddress() + ":" + socket.getLocalPort();
	}

	private String hang(byte[] bytes) throws IOException {
		Socket socket = socket();
		this.open.put(address(socket), socket);
		socket.getOutputStream().write(bytes);
		return address(socket);
	}

	private String connect(@Nullable Issued identity, String protocol) throws IOException {
		try (Socket socket = socket()) {
			String address = address(socket);
			KeyManagerFactory keys = (identity != null) ? identity.keyManagerFactory() : null;
			fail(() -> new TlsProbe(keys).with((parameters) -> parameters.setProtocols(new String[] { protocol }))
				.connect(socket));
			return address;
		}
	}

	private String untrusting(String protocol) throws IOException {
		Socket socket = socket();
		String address = address(socket);
		try (SSLSocket tls = (SSLSocket) SSLContext.getDefault()
			.getSocketFactory()
			.createSocket(socket, "localhost", this.port, true)) {
			tls.setEnabledProtocols(new String[] { protocol });
			fail(tls::startHandshake);
			return address;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private String hello(ClientHello hello) throws IOException {
		try (Socket socket = socket()) {
			String address = address(socket);
			if (hello.send(socket) == -1) {
				throw new IllegalStateException("No alert");
			}
			return address;
		}
	}

	private String plain() throws IOException {
		try (Socket socket = socket()) {
			String address = address(socket);
			socket.getOutputStream()
				.write("GET /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer secret-token\r\n\r\n"
					.getBytes(StandardCharsets.US_ASCII));
			awaitEnd(socket);
			return address;
		}
	}

	private static void awaitEnd(Socket socket) {
		try {
			socket.getInputStream().transferTo(OutputStream.nullOutputStream());
		}
		catch (IOException ex) {
			// the server may have reset it
		}
	}

	private String leave() throws IOException {
		try (Socket socket = socket()) {
			String address = address(socket);
			socket.getOutputStream().write(new byte[] { 22, 3, 1, 2, 0 });
			return address;
		}
	}

	private static void fail(Action action) {
		try {
			action.run();
		}
		catch (IOException ex) {
			return;
		}
		throw new IllegalStateException("No failure");
	}

	@Override
	public void close() throws IOException {
		for (Socket socket : this.open.values()) {
			socket.close();
		}
	}

	private interface Action {

		void run() throws IOException;

	}

}
