package io.github.mcpwss.server;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import io.modelcontextprotocol.spec.McpServerSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Runs the requests of one session on the request scheduler and answers those that cannot
 * be run.
 */
final class RequestDispatcher {

	private static final Logger logger = LoggerFactory.getLogger(RequestDispatcher.class);

	private final McpServerSession session;

	private final McpTransportContext transportContext;

	private final RunningRequests runningRequests;

	private final int maxInFlight;

	private final long maxInFlightBytes;

	private final Scheduler scheduler;

	private final Consumer<JSONRPCResponse> responses;

	private final AtomicInteger active = new AtomicInteger();

	private final Sinks.Empty<Void> drained = Sinks.empty();

	private volatile boolean draining;

	RequestDispatcher(McpServerSession session, McpTransportContext transportContext, RunningRequests runningRequests,
			ServerSettings settings, Scheduler scheduler, Consumer<JSONRPCResponse> responses) {
		this.session = session;
		this.transportContext = transportContext;
		this.runningRequests = runningRequests;
		this.maxInFlight = settings.maxInFlightRequests();
		this.maxInFlightBytes = settings.maxInFlightBytes();
		this.scheduler = scheduler;
		this.responses = responses;
	}

	/**
	 * Run a request, or answer why not.
	 * @param request the request
	 * @param size the size of the request in bytes
	 */
	void dispatch(JSONRPCRequest request, long size) {
		if (this.draining) {
			refuse(request, ErrorCodes.INTERNAL_ERROR, "Server is shutting down");
			return;
		}
		if (this.runningRequests.size() >= this.maxInFlight) {
			refuse(request, ErrorCodes.INTERNAL_ERROR,
					"Too many requests in flight: " + this.maxInFlight + " of this session are running");
			return;
		}
		if (this.runningRequests.bytes() + size > this.maxInFlightBytes) {
			refuse(request, ErrorCodes.INTERNAL_ERROR, "Too many bytes in flight: over " + this.maxInFlightBytes
					+ " with the requests of this session that are running");
			return;
		}
		Disposable.Swap subscription = this.runningRequests.start(request.id(), size);
		if (subscription == null) {
			refuse(request, ErrorCodes.INVALID_REQUEST, "A request with id " + request.id() + " is running already");
			return;
		}
		this.active.incrementAndGet();
		subscription.update(this.session.handle(request)
			.contextWrite((context) -> context.put(McpTransportContext.KEY, this.transportContext))
			.subscribeOn(this.scheduler)
			.doFinally((signal) -> ended())
			.subscribe((ignored) -> {
			}, (ex) -> failed(request, subscription, ex), () -> completed(request, subscription)));
	}

	private void ended() {
		if (this.active.decrementAndGet() == 0 && this.draining) {
			this.drained.tryEmitEmpty();
		}
	}

	private void completed(JSONRPCRequest request, Disposable subscription) {
		// The SDK sends nothing for a handler that returns null.
		if (this.runningRequests.finish(request.id(), subscription)) {
			logger.warn("Request {} ({}) could not be answered: its handler gave no result", request.id(),
					request.method());
			refuse(request, ErrorCodes.INTERNAL_ERROR, "Handler of " + request.method() + " gave no result");
		}
	}

	private void failed(JSONRPCRequest request, Disposable subscription, Throwable failure) {
		if (!this.runningRequests.finish(request.id(), subscription)) {
			logger.debug("Response to request {} was not delivered", request.id(), failure);
			return;
		}
		if (failure instanceof RejectedExecutionException) {
			refuse(request, ErrorCodes.INTERNAL_ERROR, "Server is busy: no thread is free to run the request");
			return;
		}
		logger.warn("Request {} ({}) could not be answered: {}", request.id(), request.method(), failure.getMessage());
		refuse(request, ErrorCodes.INTERNAL_ERROR, String.valueOf(failure.getMessage()));
	}

	private void refuse(JSONRPCRequest request, int code, String message) {
		this.responses.accept(JSONRPCResponse.error(request.id(), new JSONRPCError(code, message)));
	}

	/**
	 * Refuse requests from now on.
	 * @return completes when no request runs any more
	 */
	Mono<Void> drain() {
		this.draining = true;
		if (this.active.get() == 0) {
			this.drained.tryEmitEmpty();
		}
		return this.drained.asMono();
	}

	boolean cancel(Object id) {
		return this.runningRequests.cancel(id);
	}

}
