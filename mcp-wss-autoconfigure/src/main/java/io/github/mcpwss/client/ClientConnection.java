package io.github.mcpwss.client;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

import io.github.mcpwss.jsonrpc.JsonRpcCodec;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpTransportException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.client.WebSocketClient;

/**
 * One socket to the server, from the attempt to open it to its end. It is never opened
 * again: whoever needs another makes another.
 */
final class ClientConnection implements ClientSocket.Listener {

	private static final Logger logger = LoggerFactory.getLogger(ClientConnection.class);

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

	private final ClientSettings settings;

	private final ClientExchange exchange;

	private final ClientSocket socket;

	private final ConnectProgress progress = new ConnectProgress();

	private final Sinks.Empty<Void> opened = Sinks.empty();

	private final Sinks.Empty<Void> ended = Sinks.empty();

	private final AtomicBoolean open = new AtomicBoolean();

	private final AtomicBoolean over = new AtomicBoolean();

	private final Disposable.Composite timers = Disposables.composite();

	private volatile boolean pinged;

	private volatile @Nullable Duration roundTripTime;

	private volatile @Nullable Instant openSince;

	private volatile boolean closing;

	private volatile @Nullable String endReason;

	ClientConnection(ClientSettings settings, JsonRpcCodec codec, Scheduler scheduler,
			BiConsumer<ClientConnection, JSONRPCMessage> handler) {
		this.settings = settings;
		this.exchange = new ClientExchange(settings, codec, scheduler, (message) -> handler.accept(this, message));
		this.socket = new ClientSocket(scheduler, settings, this);
	}

	/**
	 * Start to open the socket. The attempt belongs to this connection, not to whoever
	 * waits for it, and ends by its own deadline.
	 * @param client the client to open it with
	 * @param customizers change the headers of the handshake
	 */
	void start(WebSocketClient client, List<McpWebSocketHeadersCustomizer> customizers) {
		this.timers.add(Schedulers.parallel()
			.schedule(this::onDeadline, this.settings.timeout().toMillis(), TimeUnit.MILLISECONDS));
		HttpHeaders headers = HttpHeaders.copyOf(this.settings.headers());
		Disposable execution = customize(headers, customizers)
			.then(Mono.defer(() -> client.execute(this.settings.uri(), headers, this.socket)))
			.contextWrite((context) -> context.put(ConnectProgress.class, this.progress))
			.subscribe((ignored) -> {
			}, this::end, () -> end(null));
		this.ended.asMono().doFinally((signal) -> execution.dispose()).subscribe();
	}

	private Mono<Void> customize(HttpHeaders headers, List<McpWebSocketHeadersCustomizer> customizers) {
		if (customizers.isEmpty()) {
			return Mono.empty();
		}
		this.progress.advanceTo(ConnectStep.HANDSHAKE_HEADERS);
		ClientHandshake handshake = new ClientHandshake(this.settings.name(), this.settings.uri(), headers);
		return Flux.fromIterable(customizers)
			.concatMap((customizer) -> customizer.customize(handshake))
			.then(Mono.fromRunnable(() -> this.progress.advanceTo(ConnectStep.TCP_CONNECT)));
	}

	private void onDeadline() {
		if (!this.open.get()) {
			end(new ConnectFailures(this.settings).timeout(this.progress.step()));
			this.progress.abort();
		}
	}

	@Override
	public void onOpen() {
		this.timers.dispose();
		if (this.over.get() || !this.open.compareAndSet(false, true)) {
			this.progress.abort();
			return;
		}
		this.openSince = Instant.now();
		logger.debug("Connected to {}", this.settings.endpoint());
		this.opened.tryEmitEmpty();
		startHeartbeat();
	}

	private void startHeartbeat() {
		if (this.settings.heartbeatInterval().isZero()) {
			return;
		}
		Disposable heartbeat = Flux.interval(this.settings.heartbeatInterval(), Schedulers.parallel())
			.onBackpressureDrop()
			.subscribe((tick) -> beat(), (ex) -> logger.error("Heartbeat has stopped", ex));
		this.ended.asMono().doFinally((signal) -> heartbeat.dispose()).subscribe();
	}

	private void beat() {
		boolean first = !this.pinged;
		this.pinged = true;
		if (this.progress.takeActivity() || first) {
			this.socket.ping();
			return;
		}
		this.endReason = "no pong within " + this.settings.heartbeatInterval().toMillis() + " ms";
		end(null);
		this.progress.abort();
	}

	/**
	 * Return when the socket is open.
	 * @return completes when the socket is open, or fails with why it could not be opened
	 */
	Mono<Void> opened() {
		return this.opened.asMono();
	}

	/**
	 * Return when the socket is at its end.
	 * @return completes when the socket is at its end
	 */
	Mono<Void> ended() {
		return this.ended.asMono();
	}

	boolean isUsable() {
		return !this.over.get() && !this.closing && !this.socket.isClosing();
	}

	/**
	 * Return whether no request of this side waits for its response.
	 * @return {@code true} if nobody waits
	 */
	boolean isIdle() {
		return this.exchange.isIdle();
	}

	/**
	 * Send a message over the open socket.
	 * @param message the message
	 * @return completes when the message is handed to the socket
	 */
	Mono<Void> send(JSONRPCMessage message) {
		return Mono.fromRunnable(() -> {
			if (this.over.get() || !this.exchange.write(message, this.socket::send)) {
				throw new MessageNotSentException(this.settings, endReason());
			}
		});
	}

	/**
	 * Send a request of the transport's own.
	 * @param request the request, with an id that the SDK does not use
	 * @return the response
	 */
	Mono<JSONRPCResponse> exchange(JSONRPCRequest request) {
		return Mono.<JSONRPCResponse>create((sink) -> {
			this.exchange.await(request.id(), sink);
			send(request).subscribe((ignored) -> {
			}, sink::error);
		});
	}

	@Override
	public void onFrame() {
		// Bytes are seen before, but not with a client of the application's own.
		this.progress.noteActivity();
	}

	@Override
	public void onText(byte[] text) {
		this.exchange.read(text);
	}

	@Override
	public void onPong(Duration roundTripTime) {
		this.roundTripTime = roundTripTime;
	}

	@Override
	public void onCloseStatus(CloseStatus status) {
		if (this.endReason == null && status.getCode() > 0) {
			String reason = status.getReason();
			this.endReason = "closed with " + status.getCode()
					+ ((reason != null && !reason.isEmpty()) ? " (" + reason + ")" : "");
		}
	}

	private String endReason() {
		String reason = this.endReason;
		return (reason != null) ? reason : "closed without a close frame";
	}

	Optional<ConnectionInfo> info() {
		return (this.open.get() && isUsable()) ? Optional.of(ConnectionInfo.of(this.settings.uri(), this.openSince,
				this.roundTripTime, this.progress.subprotocol(), this.progress.sslSession())) : Optional.empty();
	}

	private void end(@Nullable Throwable failure) {
		if (!this.over.compareAndSet(false, true)) {
			return;
		}
		this.timers.dispose();
		if (this.open.get()) {
			if (failure != null && this.endReason == null) {
				this.endReason = failure.getMessage();
			}
			logger.info("Connection to {} ended: {}", this.settings.endpoint(), endReason());
		}
		else {
			this.opened.tryEmitError(toConnectException(failure));
		}
		this.exchange.end("Connection to " + this.settings.endpoint() + " was lost: " + endReason()
				+ "; the outcome of this call is unknown");
		this.ended.tryEmitEmpty();
	}

	private McpWebSocketConnectException toConnectException(@Nullable Throwable failure) {
		if (failure instanceof McpWebSocketConnectException connectException) {
			return connectException;
		}
		Throwable cause = (failure != null) ? failure : new McpTransportException("connection closed");
		return new ConnectFailures(this.settings).of(this.progress, cause);
	}

	/**
	 * Close the socket.
	 * @return completes when it is closed, or when the server took too long for its part
	 */
	Mono<Void> close() {
		return Mono.defer(() -> {
			this.closing = true;
			if (this.over.get()) {
				return Mono.empty();
			}
			if (!this.open.get()) {
				end(new McpTransportException("transport was closed"));
				this.progress.abort();
				return Mono.empty();
			}
			this.endReason = "closed by this client";
			this.socket.close(CloseStatus.NORMAL);
			return ended().timeout(CLOSE_TIMEOUT, Mono.fromRunnable(() -> {
				end(null);
				this.progress.abort();
			}));
		});
	}

}
