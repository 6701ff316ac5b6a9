package io.github.mcpwss.kit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands in for the public web server that tests of the kit fetch a file from: the JVM's
 * default proxy selector sends requests of that host to a proxy here, which answers them
 * itself, with a certificate that the JVM's default TLS context trusts meanwhile.
 */
final class PublicFile implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(PublicFile.class);

	private static final String HOST = "raw.githubusercontent.com";

	private static final String PATH = "/modelcontextprotocol/java-sdk/refs/heads/main/README.md";

	private final ProxySelector proxySelector = ProxySelector.getDefault();

	private final SSLContext sslContext = defaultSslContext();

	private final SSLContext ownSslContext = createSslContext();

	private final ServerSocket serverSocket;

	private final AtomicInteger served = new AtomicInteger();

	PublicFile() {
		try {
			this.serverSocket = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		Thread thread = new Thread(this::serve, "public-file");
		thread.setDaemon(true);
		thread.start();
		ProxySelector.setDefault(new HostProxySelector((InetSocketAddress) this.serverSocket.getLocalSocketAddress()));
		SSLContext.setDefault(this.ownSslContext);
	}

	private static SSLContext defaultSslContext() {
		try {
			return SSLContext.getDefault();
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static SSLContext createSslContext() {
		try {
			X509Bundle authority = new CertificateBuilder().subject("CN=Public CA")
				.setIsCertificateAuthority(true)
				.ecp256()
				.buildSelfSigned();
			X509Bundle server = new CertificateBuilder().subject("CN=" + HOST)
				.addSanDnsName(HOST)
				.ecp256()
				.buildIssuedBy(authority);
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(server.toKeyManagerFactory().getKeyManagers(),
					authority.toTrustManagerFactory().getTrustManagers(), null);
			return context;
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void serve() {
		while (!this.serverSocket.isClosed()) {
			try (Socket socket = this.serverSocket.accept()) {
				socket.setSoTimeout(5000);
				tunnel(socket);
			}
			catch (IOException ex) {
				if (!this.serverSocket.isClosed()) {
					logger.warn("Request was not served", ex);
				}
			}
		}
	}

	private void tunnel(Socket socket) throws IOException {
		String request = readRequest(socket);
		if (!request.equals("CONNECT " + HOST + ":443 HTTP/1.1")) {
			throw new IOException("Unexpected request: " + request);
		}
		write(socket, "HTTP/1.1 200 OK\r\n\r\n");
		try (SSLSocket tls = (SSLSocket) this.ownSslContext.getSocketFactory()
			.createSocket(socket, HOST, socket.getPort(), false)) {
			tls.setUseClientMode(false);
			request = readRequest(tls);
			if (!request.equals("GET " + PATH + " HTTP/1.1")) {
				throw new IOException("Unexpected request: " + request);
			}
			this.served.incrementAndGet();
			write(tls, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\n# Java SDK");
		}
	}

	private static String readRequest(Socket socket) throws IOException {
		// Reads nothing of what follows, since the client waits for an answer first.
		BufferedReader reader = new BufferedReader(
				new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
		String request = String.valueOf(reader.readLine());
		String header = reader.readLine();
		while (header != null && !header.isEmpty()) {
			header = reader.readLine();
		}
		return request;
	}

	private static void write(Socket socket, String text) throws IOException {
		socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
		socket.getOutputStream().flush();
	}

	/**
	 * Return how often the file was fetched.
	 * @return the number of requests served
	 */
	int served() {
		return this.served.get();
	}

	@Override
	public void close() throws IOException {
		SSLContext.setDefault(this.sslContext);
		ProxySelector.setDefault(this.proxySelector);
		this.serverSocket.close();
	}

	private static final class HostProxySelector extends ProxySelector {

		private final InetSocketAddress address;

		HostProxySelector(InetSocketAddress address) {
			this.address = address;
		}

		@Override
		public List<Proxy> select(URI uri) {
			return List.of(HOST.equals(uri.getHost()) ? new Proxy(Proxy.Type.HTTP, this.address) : Proxy.NO_PROXY);
		}

		@Override
		public void connectFailed(URI uri, SocketAddress address, IOException ex) {
			logger.warn("Proxy cannot be reached", ex);
		}

	}

}
