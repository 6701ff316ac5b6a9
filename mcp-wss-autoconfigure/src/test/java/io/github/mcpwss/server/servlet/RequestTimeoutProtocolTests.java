package io.github.mcpwss.server.servlet;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;

import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

import io.github.mcpwss.testing.TestTls;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.coyote.http2.Http2Protocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What the limit on handshakes does to Tomcat's other connections: nothing.
 */
class RequestTimeoutProtocolTests {

	private static final Duration TIMEOUT = Duration.ofMillis(500);

	/**
	 * Longer than the timeout, and than Tomcat takes to look for connections that are
	 * over it.
	 */
	private static final Duration LONGER = Duration.ofSeconds(3);

	private static final int LARGE = 32 * 1024 * 1024;

	private final TestTls tls = new TestTls();

	private WebServer server;

	@AfterEach
	void stop() {
		this.server.stop();
		this.server.destroy();
	}

	@Test
	void whatFollowsTheFirstByteHasTheTimeThatTomcatGives() throws IOException {
		start(false, (protocol) -> {
		});
		try (Socket upload = connect(); Socket idle = connect(); Socket slowReader = connect()) {
			write(upload, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello");
			write(idle, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
			assertThat(readResponse(idle)).isEqualTo(0);
			write(slowReader, "GET /?large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
			pass(LONGER);
			write(upload, "world");
			assertThat(readResponse(upload)).isEqualTo(10);
			write(idle, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
			assertThat(readResponse(idle)).isEqualTo(0);
			assertThat(slowReader.getInputStream().readAllBytes()).hasSizeGreaterThan(LARGE);
		}
	}

	@Test
	void keepAliveTimeoutIsTomcats() throws IOException {
		start(false, (protocol) -> protocol.setKeepAliveTimeout(500));
		try (Socket idle = connect()) {
			write(idle, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
			assertThat(readResponse(idle)).isEqualTo(0);
			assertThat(idle.getInputStream().read()).isEqualTo(-1);
		}
	}

	@Test
	void silenceThatTomcatWouldPutUpWithForEverIsCut() throws IOException {
		start(true, (protocol) -> protocol.setConnectionTimeout(-1));
		try (Socket silent = connect(); SSLSocket silentAfterTls = connectWithTls()) {
			try (SSLSocket idle = connectWithTls()) {
				write(idle, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
				assertThat(readResponse(idle)).isEqualTo(0);
				assertThat(silent.getInputStream().read()).isEqualTo(-1);
				assertThat(silentAfterTls.getInputStream().read()).isEqualTo(-1);
				pass(LONGER);
				write(idle, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
				assertThat(readResponse(idle)).isEqualTo(0);
			}
		}
	}

	@Test
	void shorterTimeOfTomcatsHolds() throws IOException {
		start(false, (protocol) -> {
			protocol.setRequestTimeout(Duration.ofMinutes(1));
			protocol.setConnectionTimeout(500);
		});
		try (Socket silent = connect()) {
			assertThat(silent.getInputStream().read()).isEqualTo(-1);
		}
	}

	@Test
	void withoutLimitSilenceIsTomcats() throws IOException {
		start(false, (protocol) -> protocol.setRequestTimeout(Duration.ZERO));
		try (Socket silent = connect()) {
			silent.setSoTimeout((int) LONGER.toMillis());
			assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> silent.getInputStream().read());
			write(silent, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
			assertThat(readResponse(silent)).isEqualTo(0);
		}
	}

	@Test
	void silenceAfterTlsIsCutWhereHttp2IsSpoken() throws IOException {
		start(true, (protocol) -> protocol.addUpgradeProtocol(new Http2Protocol()));
		try (SSLSocket silent = connectWithTls("h2")) {
			assertThat(silent.getApplicationProtocol()).isEqualTo("h2");
			assertThat(silent.getInputStream().read()).isEqualTo(-1);
		}
	}

	@Test
	void http2IsServed() throws Exception {
		start(true, (protocol) -> {
			// A client that is cut off goes on with HTTP/1.1.
			protocol.setRequestTimeout(Duration.ofSeconds(20));
			protocol.addUpgradeProtocol(new Http2Protocol());
		});
		HttpClient client = HttpClient.newBuilder().sslContext(this.tls.clientContext()).build();
		HttpRequest request = HttpRequest.newBuilder(URI.create("https://localhost:" + this.server.getPort() + "/"))
			.build();
		HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
		assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
		assertThat(response.body()).isEqualTo("0;");
	}

	private void start(boolean withTls, Consumer<RequestTimeoutProtocol> customizer) {
		TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory(0);
		factory.setAddress(InetAddress.getLoopbackAddress());
		if (withTls) {
			factory.setSsl(Ssl.forBundle("server"));
			factory.setSslBundles(new DefaultSslBundleRegistry("server", this.tls.serverBundle()));
		}
		factory.setProtocol(RequestTimeoutProtocol.class.getName());
		factory.addConnectorCustomizers((connector) -> {
			RequestTimeoutProtocol protocol = (RequestTimeoutProtocol) connector.getProtocolHandler();
			protocol.setRequestTimeout(TIMEOUT);
			customizer.accept(protocol);
		});
		this.server = factory
			.getWebServer((servletContext) -> servletContext.addServlet("count", new CountServlet()).addMapping("/"));
		this.server.start();
	}

	private Socket connect() throws IOException {
		Socket socket = new Socket();
		// so that the server has to wait for a client that does not read
		socket.setReceiveBufferSize(8 * 1024);
		socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.server.getPort()));
		socket.setSoTimeout(10_000);
		return socket;
	}

	private SSLSocket connectWithTls(String... applicationProtocols) throws IOException {
		SSLSocket socket = (SSLSocket) this.tls.clientContext()
			.getSocketFactory()
			.createSocket(connect(), "localhost", this.server.getPort(), true);
		SSLParameters parameters = socket.getSSLParameters();
		parameters.setApplicationProtocols(applicationProtocols);
		socket.setSSLParameters(parameters);
		socket.startHandshake();
		return socket;
	}

	private static void write(Socket socket, String text) throws IOException {
		socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
		socket.getOutputStream().flush();
	}

	/**
	 * Read a response.
	 * @param socket where from
	 * @return the number in its body
	 */
	private static int readResponse(Socket socket) throws IOException {
		InputStream in = socket.getInputStream();
		StringBuilder text = new StringBuilder();
		while (!text.toString().matches("(?s).*\r\n\r\n\\d+;")) {
			int c = in.read();
			assertThat(c).as(text.toString()).isNotNegative();
			text.append((char) c);
		}
		assertThat(text).startsWith("HTTP/1.1 200");
		return Integer.parseInt(text.substring(text.lastIndexOf("\n") + 1, text.length() - 1));
	}

	private static void pass(Duration time) {
		await().pollDelay(time).until(() -> true);
	}

	/**
	 * Answers with the size of a request's body, or a large response.
	 */
	private static final class CountServlet extends HttpServlet {

		@Override
		protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
			if ("large".equals(request.getQueryString())) {
				response.getOutputStream().write(new byte[LARGE]);
				return;
			}
			int size = request.getInputStream().readAllBytes().length;
			byte[] body = (size + ";").getBytes(StandardCharsets.US_ASCII);
			response.setContentLength(body.length);
			response.getOutputStream().write(body);
		}

	}

}
