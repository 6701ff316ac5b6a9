package io.github.mcpwss.server;

import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.SignalType;
import reactor.util.context.Context;

/**
 * A request from its arrival to its end. Disposing of it cancels it: one that waits gives
 * its place up, the thread of one that runs is interrupted, and what it subscribed to is
 * cancelled.
 */
final class RequestTask extends BaseSubscriber<Void> implements Runnable {

	private final JSONRPCRequest request;

	private final RequestDispatcher dispatcher;

	private final Object monitor = new Object();

	private @Nullable Thread runner;

	private boolean started;

	private boolean ended;

	RequestTask(JSONRPCRequest request, RequestDispatcher dispatcher) {
		this.request = request;
		this.dispatcher = dispatcher;
	}

	JSONRPCRequest request() {
		return this.request;
	}

	@Override
	public void run() {
		synchronized (this.monitor) {
			if (isDisposed()) {
				return;
			}
			this.started = true;
			this.runner = Thread.currentThread();
		}
		try {
			this.dispatcher.handle(this);
		}
		catch (Throwable ex) {
			// What Reactor lets through, such as a class that a tool does not find.
			onError(ex);
		}
		finally {
			synchronized (this.monitor) {
				this.runner = null;
			}
		}
	}

	@Override
	public Context currentContext() {
		return this.dispatcher.context();
	}

	@Override
	protected void hookOnComplete() {
		this.dispatcher.completed(this);
	}

	@Override
	protected void hookOnError(Throwable failure) {
		this.dispatcher.failed(this, failure);
	}

	@Override
	protected void hookFinally(SignalType type) {
		end();
	}

	@Override
	public void dispose() {
		// No hook is called where there is no subscription yet.
		cancel();
		boolean waits;
		synchronized (this.monitor) {
			waits = !this.started;
			Thread runner = this.runner;
			if (runner != null && runner != Thread.currentThread()) {
				runner.interrupt();
			}
		}
		if (waits) {
			this.dispatcher.withdraw(this);
		}
		end();
	}

	private void end() {
		synchronized (this.monitor) {
			if (this.ended) {
				return;
			}
			this.ended = true;
		}
		this.dispatcher.ended();
	}

}
