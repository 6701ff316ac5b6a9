package io.github.mcpwss.server;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
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

	private final String client;

	private final McpTransportContext transportContext;

	private final JsonRpcCodec codec;

	private final McpServerSession session;

	private final OutgoingRequests outgoingRequests;

	private final RunningRequests runningRequests;

	private final RequestDispatcher dispatcher;

	private final Sender sender;

	private final Scheduler.Worker responseWorker;

	private final Scheduler.Worker notificationWorker;

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
		this.responseWorker = schedulers.events().createWorker();
		this.notificationWorker = schedulers.events().createWorker();
		this.dispatcher = new RequestDispatcher(session, this.transportContext, runningRequests,
				settings.maxInFlightRequests(), schedulers.requests(), this::refuse);
	}

	/**
	 * Read a message and send it on its way.
	 * @param source reads the message
	 */
	void route(Supplier<JSONRPCMessage> source) {
		JSONRPCMessage message;
		try {
			message = source.get();
		}
		catch (JsonRpcException ex) {
			onInvalid(ex);
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

	private void onRequest(JSONRPCRequest request) {
		if (McpSchema.METHOD_PING.equals(request.method()) && !this.initialization.isDone()) {
			this.sender.send(this.codec.write(JSONRPCResponse.result(request.id(), Map.of())), "pong");
			return;
		}
		String refusal = this.initialization.refusal(request);
		if (refusal != null) {
			this.sender.send(this.codec.writeError(request.id(), ErrorCodes.INVALID_REQUEST, refusal), "refusal");
			return;
		}
		this.dispatcher.dispatch(request);
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
			.ifPresentOrElse((matched) -> execute(this.responseWorker, matched),
					() -> logger.debug("Response of {} to no request of ours: id {}", this.client, response.id()));
	}

	private void execute(Scheduler.Worker worker, JSONRPCMessage message) {
		try {
			worker.schedule(() -> handle(message));
		}
		catch (RejectedExecutionException ex) {
			logger.debug("Message of {} came after the end", this.client);
		}
	}

	private void handle(JSONRPCMessage message) {
		Disposable.Swap subscription = Disposables.swap();
		this.handling.add(subscription);
		subscription.update(this.session.handle(message)
			.contextWrite((context) -> context.put(McpTransportContext.KEY, this.transportContext))
			.doFinally((signal) -> this.handling.remove(subscription))
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
		try {
			this.responseWorker.schedule(() -> failAndCancel(reason));
		}
		catch (RejectedExecutionException ex) {
			failAndCancel(reason);
		}
	}

	private void failAndCancel(String reason) {
		this.outgoingRequests.failAll("Connection to the client is gone: " + reason).forEach(this::handle);
		this.notificationWorker.dispose();
		this.handling.dispose();
		Schedulers.parallel().schedule(this.runningRequests::cancelAll, CANCEL_GRACE.toMillis(), TimeUnit.MILLISECONDS);
		// Runs the hooks that the SDK's server has for the end of a session.
		this.session.closeGracefully().subscribe((ignored) -> {
		}, (ex) -> logger.warn("Session of {} did not close cleanly: {}", this.client, ex.getMessage()));
		this.responseWorker.dispose();
	}

	/**
	 * Sends messages that are encoded already.
	 */
	@FunctionalInterface
	interface Sender {

		void send(byte[] message, String what);

	}

}
