package io.github.mcpwss.benchmarks.load;

import java.util.concurrent.CompletableFuture;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * One connection that keeps a number of calls outstanding: each response is answered with
 * the next request, whose bytes are prepared. What one read brings is answered in one
 * flush.
 */
// A write that fails is reported to exceptionCaught.
@SuppressWarnings("FutureReturnValueIgnored")
abstract class CallChannel extends ChannelInboundHandlerAdapter {

	private final CompletableFuture<CallChannel> ready = new CompletableFuture<>();

	private final CompletableFuture<CallChannel> ended = new CompletableFuture<>();

	private final CallRecorder recorder;

	private final ByteBuf[] requests;

	private final long[] sentAt;

	private int outstanding;

	private boolean unflushed;

	private ChannelHandlerContext context;

	@SuppressWarnings("NullAway.Init")
	CallChannel(CallRecorder recorder, ByteBuf[] requests) {
		this.recorder = recorder;
		this.requests = requests;
		this.sentAt = new long[requests.length];
	}

	/**
	 * Return when calls may start.
	 * @return completes on the event loop
	 */
	CompletableFuture<CallChannel> ready() {
		return this.ready;
	}

	/**
	 * Return when the last call has been answered.
	 * @return completes on the event loop
	 */
	CompletableFuture<CallChannel> ended() {
		return this.ended;
	}

	void start() {
		long now = System.nanoTime();
		for (int slot = 0; slot < this.requests.length; slot++) {
			call(slot, now);
		}
		this.outstanding = this.requests.length;
		this.context.flush();
	}

	private void call(int slot, long now) {
		this.sentAt[slot] = now;
		write(this.requests[slot].retainedDuplicate());
	}

	/**
	 * Count a response and send the next request in its place.
	 * @param slot the request's place, counted from 0
	 */
	final void answered(int slot) {
		long now = this.recorder.record(this.sentAt[slot]);
		if (this.recorder.isRunning()) {
			call(slot, now);
		}
		else if (--this.outstanding == 0) {
			this.ended.complete(this);
		}
	}

	final void write(ByteBuf bytes) {
		this.context.write(bytes, this.context.voidPromise());
		this.unflushed = true;
	}

	final void becomeReady() {
		this.ready.complete(this);
	}

	final void fail(String reason) {
		IllegalStateException failure = new IllegalStateException(reason);
		this.ready.completeExceptionally(failure);
		this.ended.completeExceptionally(failure);
		this.context.close();
	}

	final void close() {
		this.context.close();
	}

	/**
	 * Take what came.
	 * @param bytes the bytes, all of which are read
	 */
	abstract void onBytes(ByteBuf bytes);

	@Override
	public void handlerAdded(ChannelHandlerContext context) {
		this.context = context;
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		ByteBuf bytes = (ByteBuf) message;
		try {
			onBytes(bytes);
		}
		finally {
			bytes.release();
		}
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext context) {
		if (this.unflushed) {
			this.unflushed = false;
			context.flush();
		}
	}

	@Override
	public void channelInactive(ChannelHandlerContext context) {
		fail("The server hung up");
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
		fail(cause.toString());
	}

}
