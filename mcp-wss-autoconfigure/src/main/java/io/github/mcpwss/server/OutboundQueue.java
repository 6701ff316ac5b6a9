package io.github.mcpwss.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import io.github.mcpwss.server.OutboundEntry.Action;
import io.github.mcpwss.server.OutboundEntry.Message;
import io.modelcontextprotocol.spec.McpTransportException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The one way out of a socket: messages are written one after the other in the order in
 * which they came, by the channel's own thread or else by whichever finds the socket
 * idle. Those that come while others are written go out together. No thread waits for the
 * network.
 */
final class OutboundQueue {

	/**
	 * The bytes from which on no more messages go out together: none of them leaves the
	 * queue's account before all are written.
	 */
	private static final long MAX_BATCH_BYTES = 64 * 1024;

	private final WebSocketChannel channel;

	private final long maxQueuedBytes;

	private final Scheduler callbacks;

	private final Runnable onOverflow;

	private final Runnable onProgress;

	private final Consumer<Throwable> onFailure;

	private final Queue<OutboundEntry> entries = new ConcurrentLinkedQueue<>();

	private final AtomicLong queuedBytes = new AtomicLong();

	private final AtomicInteger drains = new AtomicInteger();

	private volatile boolean writing;

	private volatile @Nullable Drainer drainer;

	private volatile @Nullable Throwable closed;

	OutboundQueue(WebSocketChannel channel, long maxQueuedBytes, Scheduler callbacks, Runnable onOverflow,
			Runnable onProgress, Consumer<Throwable> onFailure) {
		this.channel = channel;
		this.maxQueuedBytes = maxQueuedBytes;
		this.callbacks = callbacks;
		this.onOverflow = onOverflow;
		this.onProgress = onProgress;
		this.onFailure = onFailure;
	}

	/**
	 * Queue a message when subscribed to.
	 * @param message the message
	 * @return completes when the message has been written
	 */
	Mono<Void> send(byte[] message) {
		return Mono.create((sink) -> offer(new Message(message, sink, Thread.currentThread())));
	}

	/**
	 * Queue a message that nobody waits for.
	 * @param message the message
	 */
	void offer(byte[] message) {
		offer(new Message(message, null, Thread.currentThread()));
	}

	/**
	 * Run an action when all that is queued now has been written.
	 * @param action the action, which must not throw
	 */
	void afterQueued(Runnable action) {
		offer(new Action(action));
	}

	/**
	 * Fail what is queued and what comes from now on.
	 * @param reason the reason that senders get
	 */
	void close(Throwable reason) {
		this.closed = reason;
		this.writing = false;
		drain();
	}

	/**
	 * Return whether a message is on its way out now.
	 * @return {@code false} if the channel has nothing to write
	 */
	boolean isWriting() {
		return this.writing;
	}

	private void offer(OutboundEntry entry) {
		if (this.queuedBytes.addAndGet(entry.size()) > this.maxQueuedBytes && this.closed == null) {
			close(new McpTransportException("Peer reads too slowly: over " + this.maxQueuedBytes + " bytes queued"));
			this.onOverflow.run();
		}
		this.entries.add(entry);
		drain();
	}

	private void drain() {
		if (this.drains.getAndIncrement() != 0) {
			return;
		}
		Executor sender = this.channel.sender();
		if (sender != null) {
			execute(sender);
		}
		else if (Thread.currentThread() instanceof WriterThread thread) {
			List<Runnable> completions = new ArrayList<>();
			thread.runUninterrupted(() -> drainLoop(completions));
			// Not before the socket is free for others: this is code of the senders.
			completions.forEach(Runnable::run);
		}
		else {
			execute(this.callbacks::schedule);
		}
	}

	private void execute(Executor executor) {
		try {
			executor.execute(this::continueDrain);
		}
		catch (RejectedExecutionException ex) {
			continueDrain();
		}
	}

	/**
	 * Go on after a write, on a thread of the container, which nobody interrupts.
	 */
	private void onWritten() {
		if (this.drains.getAndIncrement() == 0) {
			continueDrain();
		}
	}

	private void continueDrain() {
		List<Runnable> completions = new ArrayList<>();
		drainLoop(completions);
		completions.forEach(Runnable::run);
	}

	private void drainLoop(List<Runnable> completions) {
		Drainer self = new Drainer(Thread.currentThread(), completions);
		int missed = 1;
		do {
			this.drainer = self;
			OutboundEntry entry = nextEntry();
			while (entry != null) {
				process(entry);
				entry = nextEntry();
			}
			this.drainer = null;
			missed = this.drains.addAndGet(-missed);
		}
		while (missed != 0);
	}

	private @Nullable OutboundEntry nextEntry() {
		return this.writing ? null : this.entries.poll();
	}

	private void process(OutboundEntry entry) {
		if (entry instanceof Action action) {
			action.task().run();
		}
		else if (entry instanceof Message message) {
			Throwable reason = this.closed;
			if (reason == null) {
				write(message);
			}
			else {
				this.queuedBytes.addAndGet(-message.size());
				written(message, reason);
			}
		}
	}

	private void write(Message first) {
		List<Message> batch = batch(first);
		List<byte[]> payloads = new ArrayList<>(batch.size());
		long bytes = 0;
		for (Message message : batch) {
			payloads.add(message.bytes());
			bytes += message.size();
		}
		long size = bytes;
		this.writing = true;
		this.channel.send(payloads, (failure) -> {
			this.writing = false;
			this.queuedBytes.addAndGet(-size);
			batch.forEach((message) -> written(message, failure));
			if (failure != null) {
				this.onFailure.accept(failure);
			}
			else {
				this.onProgress.run();
			}
			onWritten();
		});
	}

	private List<Message> batch(Message first) {
		if (!(this.entries.peek() instanceof Message)) {
			return List.of(first);
		}
		List<Message> batch = new ArrayList<>();
		batch.add(first);
		long bytes = first.size();
		while (bytes < MAX_BATCH_BYTES && this.entries.peek() instanceof Message message) {
			this.entries.remove();
			batch.add(message);
			bytes += message.size();
		}
		return batch;
	}

	private void written(Message message, @Nullable Throwable failure) {
		if (!message.isAwaited()) {
			return;
		}
		Drainer drainer = this.drainer;
		if (Thread.currentThread() == message.sender() && drainer != null && drainer.thread() == message.sender()) {
			drainer.completions().add(() -> message.complete(failure));
			return;
		}
		// What follows is the sender's code, which must not run on another's thread.
		try {
			this.callbacks.schedule(() -> message.complete(failure));
		}
		catch (RejectedExecutionException ex) {
			message.complete(failure);
		}
	}

	private record Drainer(Thread thread, List<Runnable> completions) {

	}

}
