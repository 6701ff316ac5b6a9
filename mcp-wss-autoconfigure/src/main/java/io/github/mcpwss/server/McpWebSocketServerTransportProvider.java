package io.github.mcpwss.server;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import io.github.mcpwss.jsonrpc.JsonRpcCodec;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpServerSession;
import io.modelcontextprotocol.spec.McpServerTransportProvider;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Serves MCP over WebSocket: hand it to {@code McpServer.sync(provider)} or
 * {@code McpServer.async(provider)}. The sockets come from an adapter of a web stack.
 * <p>
 * Instances are safe for use by several threads.
 *
 * @see McpServerTransportProvider
 */
public final class McpWebSocketServerTransportProvider implements McpServerTransportProvider {

	/**
	 * The WebSocket subprotocol, selected where the client offers it.
	 */
	public static final String SUBPROTOCOL = "mcp";

	private static final Logger logger = LoggerFactory.getLogger(McpWebSocketServerTransportProvider.class);

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

	private final ServerSettings settings;

	private final JsonRpcCodec codec;

	private final ServerSchedulers schedulers;

	private final Map<String, ServerConnection> connections = new ConcurrentHashMap<>();

	private final Object opening = new Object();

	private final Disposable.Swap ticks = Disposables.swap();

	private volatile McpServerSession.@Nullable Factory sessionFactory;

	private volatile boolean stopped;

	/**
	 * Create a provider.
	 * @param settings the limits
	 * @param codec reads and writes messages
	 * @param schedulers where requests and events run; stays the caller's to dispose of
	 */
	public McpWebSocketServerTransportProvider(ServerSettings settings, JsonRpcCodec codec,
			ServerSchedulers schedulers) {
		this.settings = settings;
		this.codec = codec;
		this.schedulers = schedulers;
	}

	@Override
	public void setSessionFactory(McpServerSession.Factory sessionFactory) {
		this.sessionFactory = sessionFactory;
		startTicks();
	}

	private void startTicks() {
		Duration interval = tickInterval();
		this.ticks.update(Flux.interval(interval, Schedulers.parallel())
			.onBackpressureDrop()
			.subscribe((tick) -> tick(), (ex) -> logger.error("Heartbeat has stopped", ex)));
	}

	private Duration tickInterval() {
		long millis = 1000;
		for (Duration duration : new Duration[] { this.settings.heartbeatInterval(),
				this.settings.initializationTimeout() }) {
			if (!duration.isZero()) {
				millis = Math.min(millis, Math.max(10, duration.toMillis() / 4));
			}
		}
		return Duration.ofMillis(millis);
	}

	private void tick() {
		long now = System.nanoTime();
		for (ServerConnection connection : this.connections.values()) {
			try {
				connection.tick(now);
			}
			catch (RuntimeException ex) {
				logger.debug("Heartbeat of a connection failed", ex);
			}
		}
	}

	/**
	 * Return why a handshake cannot be accepted now, which is answered with HTTP 503.
	 * @return the reason or empty
	 */
	public Optional<String> refusal() {
		if (this.sessionFactory == null || this.stopped) {
			return Optional.of("MCP server is not running");
		}
		if (this.connections.size() >= this.settings.maxConnections()) {
			return Optional.of("All " + this.settings.maxConnections() + " connections are in use");
		}
		return Optional.empty();
	}

	/**
	 * Take over a socket that was just opened.
	 * @param channel the socket
	 * @return what the adapter reports to, or empty if the socket was closed again since
	 * the server stopped or filled up after the handshake
	 */
	public Optional<ServerConnection> open(WebSocketChannel channel) {
		Optional<String> refusal;
		// Many may open at once, also while the server stops: none slips past the check.
		synchronized (this.opening) {
			McpServerSession.Factory factory = this.sessionFactory;
			refusal = refusal();
			if (factory != null && refusal.isEmpty()) {
				return Optional.of(open(channel, factory));
			}
		}
		channel.close(CloseCode.TRY_AGAIN_LATER, refusal.orElse("MCP server is not running"));
		return Optional.empty();
	}

	private ServerConnection open(WebSocketChannel channel, McpServerSession.Factory factory) {
		ServerConnection connection = new ServerConnection(channel, this.settings, this.codec, this.schedulers, factory,
				(closed) -> this.connections.remove(closed.sessionId()));
		this.connections.put(connection.sessionId(), connection);
		return connection;
	}

	/**
	 * Return the number of open sockets.
	 * @return the number of sockets that count against the limit
	 */
	public int getConnectionCount() {
		return this.connections.size();
	}

	@Override
	public Mono<Void> notifyClients(String method, Object params) {
		return Mono.fromRunnable(() -> {
			byte[] notification = this.codec.write(new JSONRPCNotification(method, params));
			this.connections.values().forEach((connection) -> connection.notify(notification));
		});
	}

	@Override
	public Mono<Void> notifyClient(String sessionId, String method, Object params) {
		return Mono.defer(() -> {
			ServerConnection connection = this.connections.get(sessionId);
			return (connection != null) ? connection.notify(method, params) : Mono.empty();
		});
	}

	@Override
	public Mono<Void> closeGracefully() {
		return Mono.defer(() -> {
			// Not those of a server that takes over before this one is closed.
			Disposable ticks = this.ticks.get();
			synchronized (this.opening) {
				this.sessionFactory = null;
			}
			return closeConnections(ticks);
		});
	}

	private Mono<Void> closeConnections(@Nullable Disposable ticks) {
		return Flux.fromIterable(List.copyOf(this.connections.values()))
			.flatMap(ServerConnection::shutDown, Integer.MAX_VALUE)
			.then(awaitClosed())
			.doFinally((signal) -> {
				if (ticks != null) {
					ticks.dispose();
				}
			});
	}

	/**
	 * Close all sockets as {@link #closeGracefully()} does, and take no more until
	 * {@link #start() started} again: the MCP server stays.
	 * @return completes when no socket is open
	 */
	public Mono<Void> stop() {
		return Mono.defer(() -> {
			synchronized (this.opening) {
				this.stopped = true;
			}
			return closeConnections(this.ticks.get());
		});
	}

	/**
	 * Take sockets again after {@link #stop()}.
	 */
	public void start() {
		if (this.stopped && this.sessionFactory != null) {
			startTicks();
		}
		this.stopped = false;
	}

	private Mono<Void> awaitClosed() {
		return Mono.fromSupplier(this.connections::isEmpty)
			.filter(Boolean::booleanValue)
			.repeatWhenEmpty((attempts) -> attempts.delayElements(Duration.ofMillis(5)))
			.timeout(CLOSE_TIMEOUT, Mono.empty())
			.then();
	}

}
