package io.github.mcpwss.testing;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import javax.net.ssl.SSLException;

import io.github.mcpwss.client.ClientSettings;
import io.github.mcpwss.client.McpWebSocketClientTransport;
import io.github.mcpwss.client.McpWebSocketHeadersCustomizer;
import io.github.mcpwss.client.ReconnectSettings;
import io.github.mcpwss.client.WebSocketClients;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpClient;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.socket.client.ReactorNettyWebSocketClient;

/**
 * Makes client transports, and ends the threads that they deliver on.
 */
public final class WssClient implements AutoCloseable {

	private final ExecutorService executor = Executors.newCachedThreadPool();

	private final Scheduler scheduler = Schedulers.fromExecutor(this.executor, true);

	private final SslBundle bundle;

	public WssClient(TestTls tls) {
		this.bundle = tls.clientBundle();
	}

	public McpWebSocketClientTransport transport(URI uri) {
		return transport(settings(uri));
	}

	public McpWebSocketClientTransport transport(ClientSettings settings,
			McpWebSocketHeadersCustomizer... customizers) {
		return new McpWebSocketClientTransport(settings, new WebSocketClients(null).create(settings, () -> this.bundle),
				WssServer.codec(), this.scheduler, List.of(customizers));
	}

	/**
	 * Make a transport over a client that knows nothing of this library.
	 * @param settings where to connect to
	 * @return the transport
	 */
	public McpWebSocketClientTransport transportOverPlainClient(ClientSettings settings) {
		HttpClient client = HttpClient.create().secure((spec) -> spec.sslContext(sslContext()));
		return new McpWebSocketClientTransport(settings, new ReactorNettyWebSocketClient(client), WssServer.codec(),
				this.scheduler);
	}

	private SslContext sslContext() {
		try {
			return SslContextBuilder.forClient()
				.trustManager(this.bundle.getManagers().getTrustManagerFactory())
				.build();
		}
		catch (SSLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	public static ClientSettings settings(URI uri) {
		return new ClientSettings(uri, Duration.ofSeconds(10), 32 * 1024 * 1024, Duration.ofSeconds(30),
				new HttpHeaders())
			.withReconnect(new ReconnectSettings(-1, Duration.ofMillis(1), Duration.ZERO));
	}

	@Override
	public void close() {
		this.scheduler.dispose();
		this.executor.shutdownNow();
	}

}
