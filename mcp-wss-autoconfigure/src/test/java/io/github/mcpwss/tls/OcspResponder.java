package io.github.mcpwss.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * Answers OCSP requests over HTTP, on a random port of the loopback interface.
 */
public final class OcspResponder implements AutoCloseable {

	private final HttpServer server;

	private final AtomicInteger requests = new AtomicInteger();

	public OcspResponder(TestRevocation revocation) {
		try {
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		this.server.createContext("/", (exchange) -> {
			this.requests.incrementAndGet();
			try (exchange) {
				byte[] response = revocation.answer(requestOf(exchange));
				exchange.getResponseHeaders().set("Content-Type", "application/ocsp-response");
				exchange.sendResponseHeaders(200, response.length);
				exchange.getResponseBody().write(response);
			}
		});
		this.server.start();
	}

	/**
	 * Return the request, which is in the path where it is short (RFC 6960, A.1).
	 */
	private static byte[] requestOf(HttpExchange exchange) throws IOException {
		return "GET".equals(exchange.getRequestMethod())
				? Base64.getDecoder().decode(exchange.getRequestURI().getPath().substring(1))
				: exchange.getRequestBody().readAllBytes();
	}

	/**
	 * Return the URL for certificates.
	 */
	public String url() {
		return "http://127.0.0.1:" + this.server.getAddress().getPort();
	}

	/**
	 * Return how often it was asked.
	 */
	public int requests() {
		return this.requests.get();
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

}
