package io.github.mcpwss.server;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.github.mcpwss.jsonrpc.JsonRpcCodec;
import io.github.mcpwss.jsonrpc.JsonRpcException;
import io.github.mcpwss.jsonrpc.OutgoingRequests;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import io.modelcontextprotocol.spec.McpServerSession;
import io.modelcontextprotocol.spec.McpTransportSessionClosedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * One client: its socket, its MCP session and what runs for it. The adapter of a web
 * stack calls it from the thread that reads the socket, which is never held up: requests
 * go to the request scheduler, and everything that a request may wait for to the event
 * scheduler.
 */
public final class ServerConnection {

	private static final Logger logger = LoggerFactory.getLogger(ServerConnection.class);

	private static final String METHOD_NOTIFICATION_CANCELLED = "notifications/cancelled";

	/**
	 * The time that a container has to report the end of a socket by itself.
	 */
	private static final Duration SEND_FAILURE_GRACE = Duration.ofMillis(500);

	private final WebSocketChannel channel;

	private final ServerSettings settings;

	private final JsonRpcCodec codec;

	private final Scheduler events;

	private final Scheduler.Worker responseWorker;

	private final Scheduler.Worker notificationWorker;

	private final OutboundQueue queue;

	private final OutgoingRequests outgoingRequests = new OutgoingRequests();

	private final RunningRequests runningRequests = new RunningRequests();

	private final Disposable.Composite notifications = Disposables.composite();

	private final McpServerSession session;

	private final RequestDispatcher dispatcher;

	private final Initialization initialization = new Initialization();

	private final Heartbeat heartbeat;

	private final long openedAt = System.nanoTime();

	private final AtomicLong sendFailedAt = new AtomicLong();

	private final AtomicBoolean closing = new AtomicBoolean();

	private final AtomicBoolean closed = new AtomicBoolean();

	private final Consumer<ServerConnection> onClosed;

	ServerConnection(WebSocketChannel channel, ServerSettings settings, JsonRpcCodec codec, ServerSchedulers schedulers,
			McpServerSession.Factory sessionFactory, Consumer<ServerConnection> onClosed) {
		this.channel = channel;
		this.settings = settings;
		this.codec = codec;
		this.events = schedulers.events();
		this.responseWorker = this.events.createWorker();
		this.notificationWorker = this.events.createWorker();
		this.heartbeat = new Heartbeat(settings.heartbeatInterval(), this.openedAt);
		this.onClosed = onClosed;
		this.queue = new OutboundQueue(channel, settings.maxQueuedBytes(), this.events,
				() -> terminate(CloseCode.POLICY_VIOLATION, "Peer reads too slowly"), this::onSendFailed);
		this.session = sessionFactory.create(new ServerTransport(codec, settings.maxMessageSize(), this.queue,
				this.outgoingRequests, this.runningRequests, () -> close(CloseCode.NORMAL, "Session closed")));
		this.dispatcher = new RequestDispatcher(this.session, channel.transportContext(), this.runningRequests,
				settings.maxInFlightRequests(), schedulers.requests(),
				(response) -> send(codec.write(response), "response"));
	}

	/**
	 * Handle a text message.
	 * @param message the whole message
	 */
	public void onText(String message) {
		onMessage(() -> this.codec.read(message));
	}

	/**
	 * Handle a text message.
	 * @param utf8 the whole message, encoded in UTF-8
	 */
	public void onText(byte[] utf8) {
		onMessage(() -> this.codec.read(utf8));
	}

	private void onMessage(Supplier<JSONRPCMessage> source) {
		this.heartbeat.onAlive();
		JSONRPCMessage message;
		try {
			message = source.get();
		}
		catch (JsonRpcException ex) {
			logger.debug("Message of {} is not JSON-RPC: {}", this.channel.remoteAddress(), ex.getMessage());
			if (ex.isAnswerable()) {
				send(this.codec.writeError(ex.getId(), ex.getCode(), String.valueOf(ex.getMessage())), "error");
			}
			else if (ex.getId() != null) {
				// Whoever waits for this response would wait for ever.
				onResponse(JSONRPCResponse.error(ex.getId(),
						new JSONRPCError(ex.getCode(), String.valueOf(ex.getMessage()))));
			}
			return;
		}
		if (message instanceof JSONRPCRequest request) {
			onRequest(request);
		}
		else if (message instanceof JSONRPCNotification notification) {
			onNotification(notification);
		}
		else if (message instanceof JSONRPCResponse response) {
			onResponse(response);
		}
	}

	private void onRequest(JSONRPCRequest request) {
		if (McpSchema.METHOD_PING.equals(request.method()) && !this.initialization.isDone()) {
			send(this.codec.write(JSONRPCResponse.result(request.id(), Map.of())), "pong");
			return;
		}
		String refusal = this.initialization.refusal(request.method());
		if (refusal != null) {
			send(this.codec.writeError(request.id(), ErrorCodes.INVALID_REQUEST, refusal), "refusal");
			return;
		}
		this.dispatcher.dispatch(request);
	}

	private void onNotification(JSONRPCNotification notification) {
		if (METHOD_NOTIFICATION_CANCELLED.equals(notification.method())) {
			this.dispatcher.cancel(notification.params());
		}
		else if (this.initialization.accepts(notification.method())) {
			if (McpSchema.METHOD_NOTIFICATION_INITIALIZED.equals(notification.method())) {
				// A request that overtakes it would run on the notification's thread.
				handle(notification);
			}
			else {
				execute(this.notificationWorker, notification);
			}
		}
	}

	private void onResponse(JSONRPCResponse response) {
		this.outgoingRequests.complete(response)
			.ifPresentOrElse((matched) -> execute(this.responseWorker, matched), () -> logger
				.debug("Response of {} to no request of ours: id {}", this.channel.remoteAddress(), response.id()));
	}

	private void execute(Scheduler.Worker worker, JSONRPCMessage message) {
		try {
			worker.schedule(() -> handle(message));
		}
		catch (RejectedExecutionException ex) {
			logger.debug("Message of {} came after the end", this.channel.remoteAddress());
		}
	}

	private void handle(JSONRPCMessage message) {
		Disposable.Swap subscription = Disposables.swap();
		this.notifications.add(subscription);
		subscription.update(this.session.handle(message)
			.contextWrite((context) -> context.put(McpTransportContext.KEY, this.channel.transportContext()))
			.doFinally((signal) -> this.notifications.remove(subscription))
			.subscribe((ignored) -> {
			}, (ex) -> logger.warn("Message of {} could not be handled: {}", this.channel.remoteAddress(),
					ex.getMessage())));
	}

	/**
	 * Handle a part of a message: a peer that is busy with a large frame cannot send a
	 * pong before its end.
	 */
	public void onPart() {
		this.heartbeat.onAlive();
	}

	/**
	 * Handle a pong frame.
	 */
	public void onPong() {
		this.heartbeat.onAlive();
	}

	/**
	 * Handle a message that could not be written, after which no other can. Servlet
	 * containers close the socket then, with a code that says why, but do not always
	 * report that: {@link #tick} ends what is still there a while later.
	 * @param failure why it could not be written
	 */
	private void onSendFailed(Throwable failure) {
		logger.debug("Could not send to {}: {}", this.channel.remoteAddress(), failure.toString());
		this.sendFailedAt.compareAndSet(0, System.nanoTime());
	}

	/**
	 * Handle a message that this server does not take, by closing the socket.
	 * @param code the status code
	 * @param reason what is wrong with the message
	 */
	public void onUnacceptable(CloseCode code, String reason) {
		terminate(code, reason);
	}

	/**
	 * Handle the end of the socket: running requests are cancelled, and whoever waits for
	 * the client gets an error at once.
	 * @param reason what is known of the end, for logs and errors
	 */
	public void onClosed(String reason) {
		if (!this.closed.compareAndSet(false, true)) {
			return;
		}
		logger.debug("Connection of {} is closed: {}", this.channel.remoteAddress(), reason);
		this.onClosed.accept(this);
		this.queue.close(new McpTransportSessionClosedException());
		try {
			this.responseWorker.schedule(() -> end(reason));
		}
		catch (RejectedExecutionException ex) {
			end(reason);
		}
	}

	private void end(String reason) {
		this.outgoingRequests.failAll("Connection to the client is gone: " + reason).forEach(this::handle);
		this.runningRequests.cancelAll();
		this.notificationWorker.dispose();
		this.notifications.dispose();
		// Runs the hooks that the SDK's server has for the end of a session.
		this.session.closeGracefully().subscribe((ignored) -> {
		}, (ex) -> logger.warn("Session of {} did not close cleanly: {}", this.channel.remoteAddress(),
				ex.getMessage()));
		this.responseWorker.dispose();
	}

	/**
	 * Do what time asks for: pings, and the end of peers that are gone or do not
	 * initialize.
	 * @param now the reading of {@link System#nanoTime()}
	 */
	void tick(long now) {
		long limit = this.settings.initializationTimeout().toNanos();
		if (limit > 0 && !this.initialization.isDone() && now - this.openedAt > limit) {
			terminate(CloseCode.POLICY_VIOLATION,
					"Not initialized within " + this.settings.initializationTimeout().toSeconds() + "s");
			return;
		}
		long failedAt = this.sendFailedAt.get();
		if (failedAt != 0 && now - failedAt > SEND_FAILURE_GRACE.toNanos()) {
			terminate(CloseCode.SERVER_ERROR, "Could not send");
			return;
		}
		switch (this.heartbeat.tick(now)) {
			case PING -> this.events.schedule(this.channel::ping);
			case GIVE_UP -> terminate(CloseCode.GOING_AWAY, "No pong within " + this.settings.heartbeatInterval());
			case NONE -> {
			}
		}
	}

	/**
	 * Send a notification that is encoded already.
	 * @param notification the notification
	 */
	void notify(byte[] notification) {
		if (this.initialization.isDone()) {
			send(notification, "notification");
		}
	}

	Mono<Void> notify(String method, Object params) {
		return this.session.sendNotification(method, params);
	}

	String sessionId() {
		return this.session.getId();
	}

	/**
	 * Let the calls in flight end, refuse new ones, and then close the socket.
	 * @return completes when no call runs and the close is on its way
	 */
	Mono<Void> shutDown() {
		return this.dispatcher.drain()
			.timeout(this.settings.shutdownTimeout(), Mono.empty())
			.then(Mono.fromRunnable(() -> close(CloseCode.GOING_AWAY, "Server is shutting down")));
	}

	private void close(CloseCode code, String reason) {
		this.queue.afterQueued(() -> closeChannel(code, reason));
	}

	private void terminate(CloseCode code, String reason) {
		logger.info("Closing the connection of {}: {} ({})", this.channel.remoteAddress(), reason, code.value());
		closeChannel(code, reason);
		onClosed(reason);
	}

	private void closeChannel(CloseCode code, String reason) {
		if (!this.closing.compareAndSet(false, true)) {
			return;
		}
		try {
			this.events.schedule(() -> this.channel.close(code, reason));
		}
		catch (RejectedExecutionException ex) {
			this.channel.close(code, reason);
		}
	}

	private void send(byte[] message, String what) {
		this.queue.send(message).subscribe((ignored) -> {
		}, (ex) -> logger.debug("Could not send {} to {}: {}", what, this.channel.remoteAddress(), ex.getMessage()));
	}

}
