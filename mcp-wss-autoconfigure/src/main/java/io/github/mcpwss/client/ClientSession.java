package io.github.mcpwss.client;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpTransportSessionClosedException;
import io.modelcontextprotocol.spec.McpTransportSessionNotFoundException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/**
 * What the SDK takes for one session: it outlives the sockets that it runs over. On each
 * socket but the first it repeats {@code initialize} before anything else is sent.
 */
final class ClientSession {

	private static final Logger logger = LoggerFactory.getLogger(ClientSession.class);

	/**
	 * The id of the session's own request, which is none that the SDK makes.
	 */
	private static final String INITIALIZE_ID = "mcp-wss-initialize";

	/**
	 * Timers may be early by what clocks differ.
	 */
	private static final Duration RETRY_MARGIN = Duration.ofMillis(2);

	/**
	 * The sockets that a message is offered to, each of which ended before it was
	 * written.
	 */
	private static final int MOST_SOCKETS = 5;

	private final ClientConnector connector;

	private final Consumer<JSONRPCMessage> handler;

	private final Consumer<Throwable> exceptionHandler;

	private final IncomingRequests incomingRequests = new IncomingRequests();

	private final Reconnection reconnection;

	private final Disposable.Swap timer = Disposables.swap();

	private final Object monitor = new Object();

	private volatile Link link;

	private volatile @Nullable JSONRPCRequest initialize;

	private volatile @Nullable Object protocolVersion;

	private volatile boolean initialized;

	private volatile boolean closed;

	/**
	 * Create a session and start to open its first socket.
	 * @param connector opens the sockets
	 * @param handler takes the server's messages
	 * @param exceptionHandler told when the SDK has to initialize anew
	 */
	ClientSession(ClientConnector connector, Consumer<JSONRPCMessage> handler, Consumer<Throwable> exceptionHandler) {
		this.connector = connector;
		this.handler = handler;
		this.exceptionHandler = exceptionHandler;
		this.reconnection = new Reconnection(connector.settings(), InstantSource.system(),
				() -> ThreadLocalRandom.current().nextDouble());
		this.link = newLink(null);
		start(this.link);
	}

	/**
	 * Return the socket in use, which may be opening, open or over.
	 * @return the socket
	 */
	ClientConnection connection() {
		return this.link.connection();
	}

	Mono<Void> send(JSONRPCMessage message) {
		if (message instanceof JSONRPCResponse response) {
			return sendResponse(response);
		}
		if (message instanceof JSONRPCRequest request && McpSchema.METHOD_INITIALIZE.equals(request.method())) {
			this.initialize = request;
			ClientConnection connection = connection();
			return connection.opened().then(connection.send(message));
		}
		if (message instanceof JSONRPCNotification notification
				&& McpSchema.METHOD_NOTIFICATION_INITIALIZED.equals(notification.method())) {
			// Belongs to the socket that initialize was sent over, and to no other.
			return connection().send(message).doOnSuccess((ignored) -> this.initialized = true);
		}
		Link current = this.link;
		return current.isOpen() ? current.connection()
			.send(message)
			.onErrorResume(MessageNotSentException.class, (ex) -> sendNext(message)) : sendNext(message);
	}

	/**
	 * Send a message over the next socket, and over the one after that if it ends just
	 * then.
	 * @param message the message, which has not been sent yet
	 * @return completes when the message is handed to a socket
	 */
	private Mono<Void> sendNext(JSONRPCMessage message) {
		return openLink().flatMap((link) -> link.connection().send(message))
			.retryWhen(Retry.max(MOST_SOCKETS)
				.filter(MessageNotSentException.class::isInstance)
				.onRetryExhaustedThrow((retry, last) -> last.failure()));
	}

	private Mono<Link> openLink() {
		Mono<Link> link = Mono.defer(() -> {
			Link usable = usableLink();
			if (usable == null) {
				return Mono.error(this.closed ? new McpTransportSessionClosedException() : this.reconnection.away());
			}
			return usable.ready().thenReturn(usable);
		});
		Duration wait = this.connector.settings().reconnect().callWait();
		if (wait.isZero() || !this.initialized) {
			return link;
		}
		return link.retryWhen(Retry.from((failures) -> failures.concatMap((failure) -> waitFor(failure.failure()))))
			.timeout(wait, Mono.error(this.reconnection::away));
	}

	private Mono<Long> waitFor(Throwable failure) {
		return (this.closed || this.reconnection.isGivenUp()) ? Mono.error(failure)
				: Mono.delay(this.reconnection.untilNextAttempt().plus(RETRY_MARGIN));
	}

	private Mono<Void> sendResponse(JSONRPCResponse response) {
		IncomingRequests.Outgoing outgoing = this.incomingRequests.complete(response);
		if (outgoing == null) {
			logger.debug("Response to request {} is dropped: its socket is gone", response.id());
			return Mono.empty();
		}
		return outgoing.connection().send(outgoing.response());
	}

	private @Nullable Link usableLink() {
		Link current = this.link;
		if (current.isUsable()) {
			return current;
		}
		synchronized (this.monitor) {
			current = this.link;
			if (current.isUsable()) {
				return current;
			}
			if (this.closed || (this.initialized && !this.reconnection.tryStart())) {
				return null;
			}
			this.incomingRequests.forget(current.connection());
			current = newLink(this.initialized ? this.initialize : null);
			this.link = current;
		}
		start(current);
		return current;
	}

	private Link newLink(@Nullable JSONRPCRequest initialize) {
		ClientConnection connection = this.connector.create(this::onMessage);
		Mono<Void> opened = connection.opened();
		return new Link(connection,
				((initialize != null) ? opened.then(repeat(initialize, connection)) : opened).cache());
	}

	private void start(Link link) {
		// Both end with the connection, whose end is certain.
		link.ready().subscribe((ignored) -> {
		}, (ex) -> onFailed(link, ex), () -> onReady(link));
		link.connection().ended().subscribe((ignored) -> {
		}, (ex) -> logger.error("Connection has no end", ex), () -> onEnded(link));
		this.connector.start(link.connection());
	}

	private void onReady(Link link) {
		this.reconnection.connected();
		link.settle(true);
		if (!link.connection().isUsable()) {
			onEnded(link);
		}
	}

	private void onFailed(Link link, Throwable failure) {
		if (this.initialized && failure instanceof McpWebSocketConnectException connectFailure) {
			this.reconnection.failed(connectFailure);
			link.settle(false);
			if (!this.closed) {
				logger.info("{}", failure.getMessage());
				scheduleAttempt();
			}
			return;
		}
		link.settle(false);
	}

	private void onEnded(Link link) {
		if (link.isSettledOpen() && this.initialized && !this.closed && link == this.link) {
			this.reconnection.dropped();
			scheduleAttempt();
		}
	}

	private void scheduleAttempt() {
		this.reconnection.untilAutomaticAttempt()
			.ifPresentOrElse(
					(delay) -> this.timer.update(Schedulers.parallel()
						.schedule(this::handOverAttempt, delay.plus(RETRY_MARGIN).toMillis(), TimeUnit.MILLISECONDS)),
					() -> logger.warn("{} is not tried again without a call that needs it: {}",
							this.connector.settings().endpoint(), this.reconnection.away().getReason()));
	}

	/**
	 * Leave the thread of the timer, since code of the application may run in an attempt.
	 */
	private void handOverAttempt() {
		try {
			this.connector.scheduler().schedule(this::attempt);
		}
		catch (RejectedExecutionException ex) {
			logger.debug("{} is not tried again: the application stops", this.connector.settings().endpoint());
		}
	}

	private void attempt() {
		if (!this.closed && usableLink() == null && !this.closed && !this.reconnection.isGivenUp()) {
			scheduleAttempt();
		}
	}

	/**
	 * Close the socket, and open no other.
	 * @return completes when it is closed
	 */
	Mono<Void> close() {
		return Mono.defer(() -> {
			ClientConnection last;
			// None that another thread has just made is left behind.
			synchronized (this.monitor) {
				this.closed = true;
				last = connection();
			}
			this.timer.dispose();
			return last.close();
		});
	}

	private void onMessage(ClientConnection connection, JSONRPCMessage message) {
		if (message instanceof JSONRPCRequest request) {
			this.handler.accept(this.incomingRequests.register(connection, request));
			return;
		}
		JSONRPCRequest initialize = this.initialize;
		if (initialize != null && message instanceof JSONRPCResponse response
				&& initialize.id().equals(response.id())) {
			this.protocolVersion = protocolVersion(response);
		}
		this.handler.accept(message);
	}

	private Mono<Void> repeat(JSONRPCRequest initialize, ClientConnection connection) {
		JSONRPCRequest request = new JSONRPCRequest(initialize.method(), INITIALIZE_ID, initialize.params());
		return connection.exchange(request)
			.timeout(this.connector.settings().timeout())
			.flatMap((response) -> check(response)
				.then(connection.send(new JSONRPCNotification(McpSchema.METHOD_NOTIFICATION_INITIALIZED))))
			.doOnSuccess((ignored) -> logger.info("Connected to {} again", this.connector.settings().endpoint()))
			.onErrorResume((ex) -> connection.close().then(Mono.error(toConnectException(ex))));
	}

	private Mono<Void> check(JSONRPCResponse response) {
		if (response.error() != null) {
			return Mono.error(new IllegalStateException(response.error().message()));
		}
		Object version = protocolVersion(response);
		if (!Objects.equals(version, this.protocolVersion)) {
			String message = "the server speaks protocol version " + version + " now, not " + this.protocolVersion;
			this.exceptionHandler.accept(new McpTransportSessionNotFoundException(message));
			return Mono.error(new IllegalStateException(message));
		}
		return Mono.empty();
	}

	private McpWebSocketConnectException toConnectException(Throwable failure) {
		return new McpWebSocketConnectException(this.connector.settings(), ConnectStep.MCP_INITIALIZE,
				ConnectStep.MCP_INITIALIZE + " failed after the reconnect: " + failure.getMessage(), failure);
	}

	private static @Nullable Object protocolVersion(JSONRPCResponse response) {
		return (response.result() instanceof Map<?, ?> result) ? result.get("protocolVersion") : null;
	}

	/**
	 * A socket, and when the SDK's messages may be sent over it.
	 */
	private static final class Link {

		private final ClientConnection connection;

		private final Mono<Void> ready;

		private volatile boolean settled;

		private volatile boolean open;

		Link(ClientConnection connection, Mono<Void> ready) {
			this.connection = connection;
			this.ready = ready;
		}

		ClientConnection connection() {
			return this.connection;
		}

		Mono<Void> ready() {
			return this.ready;
		}

		void settle(boolean open) {
			this.open = open;
			this.settled = true;
		}

		boolean isSettledOpen() {
			return this.open;
		}

		boolean isOpen() {
			return this.open && this.connection.isUsable();
		}

		/**
		 * Return whether it may be waited for.
		 * @return {@code true} if messages can be sent now, or perhaps when it is ready
		 */
		boolean isUsable() {
			return !this.settled || this.connection.isUsable();
		}

	}

}
