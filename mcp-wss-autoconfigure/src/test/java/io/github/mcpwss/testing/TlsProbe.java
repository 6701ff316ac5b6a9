package io.github.mcpwss.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.function.Consumer;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A TLS client of the JDK that trusts every server, asks for a page and tells what was
 * negotiated.
 */
public final class TlsProbe {

	private final SSLContext context;

	private Consumer<SSLParameters> parameters = (parameters) -> {
	};

	public TlsProbe() {
		this(null);
	}

	public TlsProbe(@Nullable KeyManagerFactory identity) {
		try {
			this.context = SSLContext.getInstance("TLS");
			this.context.init((identity != null) ? identity.getKeyManagers() : null,
					new TrustManager[] { InsecureTrustManagerFactory.INSTANCE.getTrustManagers()[0] }, null);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Change what is offered.
	 */
	public TlsProbe with(Consumer<SSLParameters> parameters) {
		this.parameters = parameters;
		return this;
	}

	/**
	 * Shake hands, ask, and wait for the first byte of an answer: with TLS 1.3 a server
	 * refuses a client's certificate after the client's side of the handshake is done.
	 * @param port the port on the loopback interface
	 * @return the session
	 * @throws IOException if the handshake fails or there is no answer
	 */
	public SSLSession connect(int port) throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			return connect(socket);
		}
	}

	/**
	 * Do the same over a connection that there is.
	 */
	public SSLSession connect(Socket socket) throws IOException {
		int port = socket.getPort();
		try (SSLSocket tls = (SSLSocket) this.context.getSocketFactory()
			.createSocket(socket, "localhost", port, true)) {
			tls.setSoTimeout(10_000);
			SSLParameters parameters = tls.getSSLParameters();
			this.parameters.accept(parameters);
			tls.setSSLParameters(parameters);
			tls.startHandshake();
			tls.getOutputStream()
				.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			if (tls.getInputStream().read() < 0) {
				throw new IOException("No answer");
			}
			return tls.getSession();
		}
	}

}
