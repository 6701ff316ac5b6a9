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
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

/**
 * Runs the requests of one session on the request scheduler and answers those that cannot
 * be run.
 */
final class RequestDispatcher {

	private static final Logger logger = LoggerFactory.getLogger(RequestDispatcher.class);

	private final McpServerSession session;

	private final Context context;

	private final RunningRequests runningRequests;

	private final int maxInFlight;

	private final long maxInFlightBytes;

	private final RequestExecutor executor;

	private final Consumer<JSONRPCResponse> responses;

	private final AtomicInteger active = new AtomicInteger();

	private final Sinks.Empty<Void> drained = Sinks.empty();

	private volatile boolean draining;

	RequestDispatcher(McpServerSession session, McpTransportContext transportContext, RunningRequests runningRequests,
			ServerSettings settings, RequestExecutor executor, Consumer<JSONRPCResponse> responses) {
		this.session = session;
		this.context = Context.of(McpTransportContext.KEY, transportContext);
		this.runningRequests = runningRequests;
		this.maxInFlight = settings.maxInFlightRequests();
		this.maxInFlightBytes = settings.maxInFlightBytes();
		this.executor = executor;
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
		RequestTask task = new RequestTask(request, this);
		if (!this.runningRequests.start(request.id(), size, task)) {
			refuse(request, ErrorCodes.INVALID_REQUEST, "A request with id " + request.id() + " is running already");
			return;
		}
		this.active.incrementAndGet();
		try {
			this.executor.execute(task);
		}
		catch (RejectedExecutionException ex) {
			task.onError(ex);
		}
	}

	/**
	 * Handle a request on the thread that it has got.
	 * @param task the request
	 */
	void handle(RequestTask task) {
		this.session.handle(task.request()).subscribe(task);
	}

	Context context() {
		return this.context;
	}

	/**
	 * Give up the place of a request that has been cancelled.
	 * @param task the request
	 */
	void withdraw(RequestTask task) {
		this.executor.withdraw(task);
	}

	/**
	 * Note the end of a request, whatever it was.
	 */
	void ended() {
		if (this.active.decrementAndGet() == 0 && this.draining) {
			this.drained.tryEmitEmpty();
		}
	}

	/**
	 * Note that a request was handled.
	 * @param task the request
	 */
	void completed(RequestTask task) {
		JSONRPCRequest request = task.request();
		// The SDK sends nothing for a handler that returns null.
		if (this.runningRequests.finish(request.id(), task)) {
			logger.warn("Request {} ({}) could not be answered: its handler gave no result", request.id(),
					request.method());
			refuse(request, ErrorCodes.INTERNAL_ERROR, "Handler of " + request.method() + " gave no result");
		}
	}

	/**
	 * Note that a request could not be handled, or its response not be sent.
	 * @param task the request
	 * @param failure what happened
	 */
	void failed(RequestTask task, Throwable failure) {
		JSONRPCRequest request = task.request();
		if (!this.runningRequests.finish(request.id(), task)) {
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
