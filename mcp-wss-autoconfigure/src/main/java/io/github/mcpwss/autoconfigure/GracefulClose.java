package io.github.mcpwss.autoconfigure;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.context.SmartLifecycle;

/**
 * Closes connections when the application stops, in the phase that is given for it and
 * within the time that it has.
 */
final class GracefulClose implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(GracefulClose.class);

	private final Runnable open;

	private final Mono<Void> close;

	private final int phase;

	private volatile boolean running;

	GracefulClose(Mono<Void> close, int phase) {
		this(() -> {
		}, close, phase);
	}

	/**
	 * Create a lifecycle.
	 * @param open has connections again, where the application is started once more
	 * @param close closes them
	 * @param phase the phase of the application in which they are closed
	 */
	GracefulClose(Runnable open, Mono<Void> close, int phase) {
		this.open = open;
		this.close = close;
		this.phase = phase;
	}

	@Override
	public void start() {
		this.open.run();
		this.running = true;
	}

	@Override
	public void stop() {
		throw new UnsupportedOperationException("Stop must not be invoked directly");
	}

	@Override
	public void stop(Runnable callback) {
		this.running = false;
		this.close.subscribeOn(Schedulers.boundedElastic())
			.doFinally((signal) -> callback.run())
			.subscribe((ignored) -> {
			}, (ex) -> logger.warn("Connections were not closed in an orderly way", ex));
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return this.phase;
	}

	@Override
	public boolean isPauseable() {
		return false;
	}

}
