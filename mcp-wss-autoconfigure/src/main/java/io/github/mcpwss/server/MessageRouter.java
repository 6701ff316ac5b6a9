package io.github.mcpwss.server;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Where the messages of one client go: requests to the request scheduler, and everything
 * that a request may wait for to the event scheduler. Called from the thread that reads
 * the socket, which is never held up.
 */
final class MessageRouter {

	private static final Logger logger = LoggerFactory.getLogger(MessageRouter.class);

	private static final String METHOD_NOTIFICATION_CANCELLED = "notifications/cancelled";

	/**
	 * The time that a tool has to see why its client is gone before it is cancelled.
	 */
	private static final Duration CANCEL_GRACE = Duration.ofMillis(100);

	/**
	 * The length that an id, or the name of a method, may have: both come back in answers
	 * and logs.
	 */
	private static final int MAX_NAME_LENGTH = 1024;

	/**
	 * The size of an {@code initialize} in bytes, which the SDK logs before anything is
	 * known of the client.
	 */
	private static final int MAX_INITIALIZE_BYTES = 64 * 1024;

	private final String client;

	private final McpTransportContext transportContext;

	private final JsonRpcCodec codec;

	private final McpServerSession session;

	private final OutgoingRequests outgoingRequests;

	private final RunningRequests runningRequests;

	private final RequestDispatcher dispatcher;

	private final Sender sender;

	private final Scheduler events;

	private final Scheduler.Worker notificationWorker;

	private final AtomicInteger rootsChanges = new AtomicInteger();

	private final Disposable.Composite handling = Disposables.composite();

	private final Initialization initialization;

	MessageRouter(WebSocketChannel channel, ServerSettings settings, JsonRpcCodec codec, ServerSchedulers schedulers,
			McpServerSession session, Initialization initialization, OutgoingRequests outgoingRequests,
			RunningRequests runningRequests, Sender sender) {
		this.client = channel.remoteAddress();
		this.transportContext = channel.transportContext();
		this.codec = codec;
		this.session = session;
		this.initialization = initialization;
		this.outgoingRequests = outgoingRequests;
		this.runningRequests = runningRequests;
		this.sender = sender;
		this.events = schedulers.events();
		this.notificationWorker = schedulers.events().createWorker();
		this.dispatcher = new RequestDispatcher(session, this.transportContext, runningRequests, settings,
				schedulers.requests(), this::refuse);
	}

	/**
	 * Read a message and send it on its way.
	 * @param utf8 the whole message
	 */
	void route(byte[] utf8) {
		JSONRPCMessage message;
		try {
			message = this.codec.read(utf8);
		}
		catch (JsonRpcException ex) {
			onInvalid(ex);
			return;
		}
		if (message instanceof JSONRPCRequest request) {
			onRequest(request, utf8.length);
		}
		else if (message instanceof JSONRPCNotification notification) {
			onNotification(notification);
		}
		else if (message instanceof JSONRPCResponse response) {
			onResponse(response);
		}
	}

	private void onInvalid(JsonRpcException failure) {
		String reason = String.valueOf(failure.getMessage());
		logger.debug("Message of {} is not JSON-RPC: {}", this.client, reason);
		if (failure.isAnswerable()) {
			this.sender.send(this.codec.writeError(failure.getId(), failure.getCode(), reason), "error");
		}
		else if (failure.getId() != null) {
			// Whoever waits for this response would wait for ever.
			onResponse(JSONRPCResponse.error(failure.getId(), new JSONRPCError(failure.getCode(), reason)));
		}
	}

	private void onRequest(JSONRPCRequest request, long size) {
		if (isTooLong(request.id()) || isTooLong(request.method())) {
			this.sender.send(this.codec.writeError(null, ErrorCodes.INVALID_REQUEST,
					"Id or method is longer than " + MAX_NAME_LENGTH + " characters"), "refusal");
			return;
		}
		if (McpSchema.METHOD_PING.equals(request.method()) && !this.initialization.isDone()) {
			this.sender.send(this.codec.write(JSONRPCResponse.result(request.id(), Map.of())), "pong");
			return;
		}
		String refusal = (McpSchema.METHOD_INITIALIZE.equals(request.method()) && size > MAX_INITIALIZE_BYTES)
				? "'initialize' is over " + MAX_INITIALIZE_BYTES + " bytes" : this.initialization.refusal(request);
		if (refusal != null) {
			this.sender.send(this.codec.writeError(request.id(), ErrorCodes.INVALID_REQUEST, refusal), "refusal");
			return;
		}
		this.dispatcher.dispatch(request, size);
	}

	private static boolean isTooLong(Object value) {
		return value instanceof String text && text.length() > MAX_NAME_LENGTH;
	}

	private void refuse(JSONRPCResponse refusal) {
		this.initialization.onResponse(refusal);
		this.sender.send(this.codec.write(refusal), "response");
	}

	private void onNotification(JSONRPCNotification notification) {
		if (METHOD_NOTIFICATION_CANCELLED.equals(notification.method())) {
			Object id = (notification.params() instanceof Map<?, ?> params) ? params.get("requestId") : null;
			if (id != null && !this.initialization.isRunning(id)) {
				this.dispatcher.cancel(id);
			}
		}
		else if (this.initialization.accepts(notification.method())) {
			switch (notification.method()) {
				// A request that overtakes it would run on the notification's thread.
				case McpSchema.METHOD_NOTIFICATION_INITIALIZED -> handle(notification);
				case McpSchema.METHOD_NOTIFICATION_ROOTS_LIST_CHANGED -> onRootsChanged(notification);
				// The SDK has no use for others, and would log them with all they hold.
				default -> logger.debug("Notification of {} that nobody handles", this.client);
			}
		}
	}

	/**
	 * Have the SDK ask for the roots. While it waits for them, it is enough to ask once
	 * more however often they change: else a client that never answers could make it wait
	 * for as many answers as it likes.
	 * @param notification the notification
	 */
	private void onRootsChanged(JSONRPCNotification notification) {
		if (this.rootsChanges.getAndUpdate((count) -> Math.min(count + 1, 2)) == 0) {
			askForRoots(notification);
		}
	}

	private void askForRoots(JSONRPCNotification notification) {
		execute(this.notificationWorker::schedule, () -> handle(notification, () -> {
			if (this.rootsChanges.decrementAndGet() > 0) {
				askForRoots(notification);
			}
		}));
	}

	private void onResponse(JSONRPCResponse response) {
		this.outgoingRequests.complete(response)
			.ifPresentOrElse(this::deliver,
					() -> logger.debug("Response of {} to no request of ours: id {}", this.client, response.id()));
	}

	/**
	 * Hand a response to whoever waits for it. Each on its own: what runs then is code of
	 * tools, which may wait for the next one.
	 * @param response the response under the SDK's id
	 */
	void deliver(JSONRPCResponse response) {
		execute(this.events::schedule, () -> handle(response));
	}

	private void execute(Consumer<Runnable> executor, Runnable task) {
		try {
			executor.accept(task);
		}
		catch (RejectedExecutionException ex) {
			logger.debug("Message of {} came after the end", this.client);
		}
	}

	private void handle(JSONRPCMessage message) {
		handle(message, () -> {
		});
	}

	private void handle(JSONRPCMessage message, Runnable onEnd) {
		Disposable.Swap subscription = Disposables.swap();
		this.handling.add(subscription);
		subscription.update(this.session.handle(message)
			.contextWrite((context) -> context.put(McpTransportContext.KEY, this.transportContext))
			.doFinally((signal) -> {
				this.handling.remove(subscription);
				onEnd.run();
			})
			.subscribe((ignored) -> {
			}, (ex) -> logger.warn("Message of {} could not be handled: {}", this.client, ex.getMessage())));
	}

	boolean isInitialized() {
		return this.initialization.isDone();
	}

	/**
	 * Refuse requests from now on.
	 * @return completes when no request runs any more
	 */
	Mono<Void> drain() {
		return this.dispatcher.drain();
	}

	/**
	 * Fail what waits for the client and cancel what runs for it.
	 * @param reason what happened to the socket
	 */
	void end(String reason) {
		this.outgoingRequests.failAll("Connection to the client is gone: " + reason)
			.forEach((response) -> executeAnyway(() -> handle(response)));
		executeAnyway(this::cancel);
	}

	private void cancel() {
		this.notificationWorker.dispose();
		this.handling.dispose();
		Schedulers.parallel().schedule(this.runningRequests::cancelAll, CANCEL_GRACE.toMillis(), TimeUnit.MILLISECONDS);
		// Runs the hooks that the SDK's server has for the end of a session.
		this.session.closeGracefully().subscribe((ignored) -> {
		}, (ex) -> logger.warn("Session of {} did not close cleanly: {}", this.client, ex.getMessage()));
	}

	private void executeAnyway(Runnable task) {
		try {
			this.events.schedule(task);
		}
		catch (RejectedExecutionException ex) {
			task.run();
		}
	}

	/**
	 * Sends messages that are encoded already.
	 */
	@FunctionalInterface
	interface Sender {

		void send(byte[] message, String what);

	}

}
