package io.github.mcpwss.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.function.Consumer;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

import org.jspecify.annotations.Nullable;

/**
 * A TLS server on loopback that answers one byte, and a client that asks for it.
 */
final class TlsPeers implements AutoCloseable {

	private static final int TIMEOUT = 10_000;

	private final ServerSocket serverSocket;

	private final @Nullable SSLContext context;

	private final Consumer<SSLParameters> customizer;

	private TlsPeers(@Nullable SSLContext context, Consumer<SSLParameters> customizer) {
		this.context = context;
		this.customizer = customizer;
		try {
			this.serverSocket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		Thread thread = new Thread(this::serve, "tls-server");
		thread.setDaemon(true);
		thread.start();
	}

	static TlsPeers server(TestCertificates.Issued identity) {
		return server(context(identity.keyManagerFactory(), null), (parameters) -> {
		});
	}

	static TlsPeers server(SSLContext context, Consumer<SSLParameters> customizer) {
		return new TlsPeers(context, customizer);
	}

	static TlsPeers plain() {
		return new TlsPeers(null, (parameters) -> {
		});
	}

	static SSLContext context(@Nullable KeyManagerFactory keys, @Nullable TrustManagerFactory trust) {
		try {
			SSLContext context = SSLContext.getInstance("TLS");
			context.init((keys != null) ? keys.getKeyManagers() : null,
					(trust != null) ? trust.getTrustManagers() : null, null);
			return context;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	int port() {
		return this.serverSocket.getLocalPort();
	}

	/**
	 * Shake hands as a client that asks for a host, and read the byte.
	 */
	void connect(SSLContext context, String host, String... protocols) throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port());
				SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(socket, host, port(), true)) {
			tls.setSoTimeout(TIMEOUT);
			SSLParameters parameters = tls.getSSLParameters();
			parameters.setEndpointIdentificationAlgorithm("HTTPS");
			if (protocols.length > 0) {
				parameters.setProtocols(protocols);
			}
			tls.setSSLParameters(parameters);
			tls.startHandshake();
			if (tls.getInputStream().read() != '!') {
				throw new IOException("No answer");
			}
		}
	}

	private void serve() {
		while (!this.serverSocket.isClosed()) {
			try (Socket socket = this.serverSocket.accept()) {
				socket.setSoTimeout(TIMEOUT);
				serve(socket);
			}
			catch (IOException ex) {
				// the client sees its side of the failure
			}
		}
	}

	private void serve(Socket socket) throws IOException {
		try {
			if (this.context == null) {
				socket.getInputStream().read();
				socket.getOutputStream().write("HTTP/1.1 400 \r\n\r\n".getBytes(StandardCharsets.US_ASCII));
				return;
			}
			SSLSocket tls = (SSLSocket) this.context.getSocketFactory().createSocket(socket, null, port(), false);
			tls.setUseClientMode(false);
			SSLParameters parameters = tls.getSSLParameters();
			this.customizer.accept(parameters);
			tls.setSSLParameters(parameters);
			tls.getOutputStream().write('!');
			tls.getInputStream().read();
		}
		finally {
			// closing with unread input would take the alert away from the client
			socket.shutdownOutput();
			socket.getInputStream().readAllBytes();
		}
	}

	@Override
	public void close() throws IOException {
		this.serverSocket.close();
	}

}
