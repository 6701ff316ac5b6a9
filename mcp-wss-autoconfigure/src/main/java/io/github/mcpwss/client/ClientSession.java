package io.github.mcpwss.client;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpTransportSessionClosedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/**
 * What the SDK takes for one session: it outlives the sockets that it runs over.
 */
final class ClientSession {

	private static final Logger logger = LoggerFactory.getLogger(ClientSession.class);

	/**
	 * Timers may be early by what clocks differ.
	 */
	private static final Duration RETRY_MARGIN = Duration.ofMillis(2);

	/**
	 * The time between two looks whether a socket is idle, in which a call that has
	 * chosen it is on its way.
	 */
	private static final Duration RENEWAL_INTERVAL = Duration.ofMillis(250);

	/**
	 * The sockets that a message is offered to, each of which ended before it was
	 * written.
	 */
	private static final int MOST_SOCKETS = 5;

	private final ClientConnector connector;

	private final Consumer<JSONRPCMessage> handler;

	private final Initialization initialization;

	private final IncomingRequests incomingRequests = new IncomingRequests();

	private final Reconnection reconnection;

	private final Disposable.Swap timer = Disposables.swap();

	private final Disposable.Swap renewal = Disposables.swap();

	private final Object monitor = new Object();

	private volatile ClientLink link;

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
		this.initialization = new Initialization(connector.settings(), exceptionHandler);
		this.reconnection = new Reconnection(connector.settings(), InstantSource.system(),
				() -> ThreadLocalRandom.current().nextDouble());
		this.link = newLink();
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
			this.initialization.requested(request);
			ClientConnection connection = connection();
			return connection.opened().then(connection.send(message));
		}
		if (message instanceof JSONRPCNotification notification
				&& McpSchema.METHOD_NOTIFICATION_INITIALIZED.equals(notification.method())) {
			// Belongs to the socket that initialize was sent over, and to no other.
			return connection().send(message).doOnSuccess((ignored) -> this.initialization.done());
		}
		ClientLink current = this.link;
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

	private Mono<ClientLink> openLink() {
		Mono<ClientLink> link = Mono.defer(() -> {
			ClientLink usable = usableLink();
			if (usable == null) {
				return Mono.error(this.closed ? new McpTransportSessionClosedException() : this.reconnection.away());
			}
			return usable.ready().thenReturn(usable);
		});
		Duration wait = this.connector.settings().reconnect().callWait();
		if (wait.isZero() || !this.initialization.isDone()) {
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

	private @Nullable ClientLink usableLink() {
		ClientLink current = this.link;
		if (current.isUsable()) {
			return current;
		}
		synchronized (this.monitor) {
			current = this.link;
			if (current.isUsable()) {
				return current;
			}
			if (this.closed || (this.initialization.isDone() && !this.reconnection.tryStart())) {
				return null;
			}
			this.incomingRequests.forget(current.connection());
			current = newLink();
			this.link = current;
		}
		start(current);
		return current;
	}

	private ClientLink newLink() {
		ClientConnection connection = this.connector.create(this::onMessage);
		return new ClientLink(connection, this.initialization.on(connection).cache());
	}

	private void start(ClientLink link) {
		// Both end with the connection, whose end is certain.
		link.ready().subscribe((ignored) -> {
		}, (ex) -> onFailed(link, ex), () -> onReady(link));
		link.connection().ended().subscribe((ignored) -> {
		}, (ex) -> logger.error("Connection has no end", ex), () -> onEnded(link));
		this.connector.start(link.connection());
	}

	/**
	 * Replace the socket by another as soon as no call is on its way over it. Calls go
	 * over the one that there is until the other is ready, and if it never is.
	 */
	void renew() {
		ClientLink stale = this.link;
		this.renewal.update(when(() -> this.closed || this.link != stale || !stale.isUsable() || isIdle(stale))
			.publishOn(this.connector.scheduler())
			.subscribe((ignored) -> {
			}, (ex) -> logger.debug("{} keeps its socket: {}", this.connector.settings().endpoint(), ex.getMessage()),
					() -> renew(stale)));
	}

	private static Mono<Long> when(BooleanSupplier condition) {
		return Flux.interval(RENEWAL_INTERVAL, Schedulers.parallel())
			.onBackpressureDrop()
			.filter((tick) -> condition.getAsBoolean())
			.next();
	}

	private boolean isIdle(ClientLink link) {
		return this.initialization.isDone() && link.isOpen() && link.connection().isIdle()
				&& !this.incomingRequests.isAnyOf(link.connection());
	}

	private void renew(ClientLink stale) {
		if (this.closed || this.link != stale || !stale.isOpen()) {
			return;
		}
		ClientLink next = newLink();
		next.ready().subscribe((ignored) -> {
		}, (ex) -> logger.warn("{} keeps its socket, since none can be opened with what is new: {}",
				this.connector.settings().endpoint(), ex.getMessage()), () -> onRenewed(stale, next));
		this.connector.start(next.connection());
	}

	private void onRenewed(ClientLink stale, ClientLink next) {
		boolean replaced;
		synchronized (this.monitor) {
			replaced = !this.closed && this.link == stale;
			if (replaced) {
				next.settle(true);
				this.link = next;
			}
		}
		ClientLink over = replaced ? stale : next;
		when(() -> this.closed || !over.isOpen() || isIdle(over)).then(over.connection().close())
			.doFinally((signal) -> this.incomingRequests.forget(over.connection()))
			.subscribe((ignored) -> {
			}, (ex) -> logger.debug("Connection did not close cleanly", ex));
		if (replaced) {
			next.connection().ended().subscribe((ignored) -> {
			}, (ex) -> logger.error("Connection has no end", ex), () -> onEnded(next));
		}
	}

	private void onReady(ClientLink link) {
		this.reconnection.connected();
		link.settle(true);
		if (!link.connection().isUsable()) {
			onEnded(link);
		}
	}

	private void onFailed(ClientLink link, Throwable failure) {
		if (this.initialization.isDone() && failure instanceof McpWebSocketConnectException connectFailure) {
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

	private void onEnded(ClientLink link) {
		if (link.isSettledOpen() && this.initialization.isDone() && !this.closed && link == this.link) {
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
			this.renewal.dispose();
			return last.close();
		});
	}

	private void onMessage(ClientConnection connection, JSONRPCMessage message) {
		if (message instanceof JSONRPCRequest request) {
			this.handler.accept(this.incomingRequests.register(connection, request));
			return;
		}
		if (message instanceof JSONRPCResponse response) {
			this.initialization.responded(response);
		}
		this.handler.accept(message);
	}

}
