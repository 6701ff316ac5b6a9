package io.github.mcpwss.server;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;

/**
 * What waits in an {@link OutboundQueue} for its turn.
 */
sealed interface OutboundEntry {

	/**
	 * What a message takes besides its bytes, roughly: many small ones must not pass for
	 * little.
	 */
	long OVERHEAD_BYTES = 256;

	/**
	 * Return what the entry takes in the queue.
	 * @return the size in bytes
	 */
	long size();

	/**
	 * A message to the peer.
	 */
	final class Message implements OutboundEntry {

		private final byte[] bytes;

		private final @Nullable MonoSink<Void> sink;

		private final Thread sender;

		/**
		 * Create a message.
		 * @param bytes the message
		 * @param sink who waits for it to be written
		 * @param sender the thread it comes from
		 */
		Message(byte[] bytes, @Nullable MonoSink<Void> sink, Thread sender) {
			this.bytes = bytes;
			this.sink = sink;
			this.sender = sender;
		}

		byte[] bytes() {
			return this.bytes;
		}

		Thread sender() {
			return this.sender;
		}

		@Override
		public long size() {
			return this.bytes.length + OVERHEAD_BYTES;
		}

		boolean isAwaited() {
			return this.sink != null;
		}

		void complete(@Nullable Throwable failure) {
			MonoSink<Void> sink = this.sink;
			if (sink == null) {
				return;
			}
			if (failure != null) {
				sink.error(failure);
			}
			else {
				sink.success();
			}
		}

	}

	/**
	 * Something to do when all before it has been written.
	 *
	 * @param task what to do
	 */
	record Action(Runnable task) implements OutboundEntry {

		@Override
		public long size() {
			return 0;
		}

	}

}
