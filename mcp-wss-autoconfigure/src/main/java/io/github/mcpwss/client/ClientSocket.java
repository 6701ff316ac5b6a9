package io.github.mcpwss.client;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import io.modelcontextprotocol.spec.McpTransportException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.WebSocketSession;

/**
 * The frames of one socket: one ordered way out for all threads, and one way in that
 * leaves the event loop before anything is made of a message.
 */
final class ClientSocket implements WebSocketHandler {

	static final String SUBPROTOCOL = "mcp";

	private static final int PREFETCH = 32;

	private final Scheduler scheduler;

	private final ClientSettings settings;

	private final Listener listener;

	/**
	 * The bytes that have not gone to the operating system yet, wherever they wait.
	 */
	private final AtomicLong unwrittenBytes = new AtomicLong();

	private volatile @Nullable WebSocketSession session;

	private volatile @Nullable FluxSink<WebSocketMessage> sink;

	private volatile CloseStatus closeStatus = CloseStatus.NORMAL;

	ClientSocket(Scheduler scheduler, ClientSettings settings, Listener listener) {
		this.scheduler = scheduler;
		this.settings = settings;
		this.listener = listener;
	}

	@Override
	public List<String> getSubProtocols() {
		return List.of(SUBPROTOCOL);
	}

	@Override
	public Mono<Void> handle(WebSocketSession session) {
		this.session = session;
		Mono<Void> output = Flux.create(this::onWritable)
			.concatMap((message) -> write(session, message))
			.then(Mono.defer(() -> session.close(this.closeStatus)));
		Mono<Void> input = session.receive().<byte[]>handle((message, next) -> {
			byte[] text = onFrame(message);
			if (text != null) {
				next.next(text);
			}
		})
			.publishOn(this.scheduler, PREFETCH)
			.doOnNext(this.listener::onText)
			.onErrorResume((ex) -> refuse(session, ex))
			.then()
			.doFinally((signal) -> close(CloseStatus.NORMAL));
		Mono<Void> status = session.closeStatus().doOnNext(this.listener::onCloseStatus).then();
		return Mono.when(input, output.onErrorResume((ex) -> giveUp(session))).or(status.then(Mono.never()));
	}

	/**
	 * Close a socket over which nothing can be sent any more: Reactor Netty leaves it
	 * open for reading, and calls would wait for ever.
	 * @param session the socket
	 * @return completes when it is closed
	 */
	private static Mono<Void> giveUp(WebSocketSession session) {
		return session.close(CloseStatus.SERVER_ERROR).onErrorComplete();
	}

	private void onWritable(FluxSink<WebSocketMessage> sink) {
		this.sink = sink;
		this.listener.onOpen();
	}

	private byte @Nullable [] onFrame(WebSocketMessage message) {
		this.listener.onFrame();
		switch (message.getType()) {
			case TEXT -> {
				// Copied, since the buffer goes back to the pool when this method
				// returns.
				DataBuffer payload = message.getPayload();
				byte[] text = new byte[payload.readableByteCount()];
				payload.read(text);
				return text;
			}
			case BINARY -> close(CloseStatus.NOT_ACCEPTABLE.withReason("MCP takes text messages only"));
			case PONG -> onPong(message.getPayload());
			default -> {
			}
		}
		return null;
	}

	private void onPong(DataBuffer payload) {
		// A pong that nobody asked for may say anything.
		if (payload.readableByteCount() == Long.BYTES) {
			byte[] sent = new byte[Long.BYTES];
			payload.read(sent);
			long nanos = System.nanoTime() - ByteBuffer.wrap(sent).getLong();
			if (nanos >= 0) {
				this.listener.onPong(Duration.ofNanos(nanos));
			}
		}
	}

	private Mono<byte[]> refuse(WebSocketSession session, Throwable failure) {
		boolean tooBig = failure instanceof TooLongFrameException
				|| (failure instanceof CorruptedWebSocketFrameException corrupted
						&& corrupted.closeStatus().code() == CloseStatus.TOO_BIG_TO_PROCESS.getCode());
		return session.close(tooBig ? CloseStatus.TOO_BIG_TO_PROCESS : CloseStatus.PROTOCOL_ERROR)
			.onErrorComplete()
			.then(Mono.error(failure));
	}

	/**
	 * Write one message. Of many at once, Reactor Netty would take up to 128 ahead of
	 * what it has written, however large they are.
	 * @param session the socket
	 * @param message the message
	 * @return completes when the operating system has the message, or the socket is
	 * closed
	 */
	private Mono<Void> write(WebSocketSession session, WebSocketMessage message) {
		int size = message.getPayload().readableByteCount();
		return session.send(Mono.just(message)).doFinally((signal) -> this.unwrittenBytes.addAndGet(-size));
	}

	/**
	 * Return whether the socket takes no messages any more.
	 * @return {@code true} from the beginning of its end
	 */
	boolean isClosing() {
		WebSocketSession session = this.session;
		FluxSink<WebSocketMessage> sink = this.sink;
		return session != null && sink != null && isClosing(session, sink);
	}

	private static boolean isClosing(WebSocketSession session, FluxSink<WebSocketMessage> sink) {
		return sink.isCancelled() || !session.isOpen();
	}

	void send(byte[] text) {
		WebSocketSession session = this.session;
		FluxSink<WebSocketMessage> sink = this.sink;
		if (session == null || sink == null) {
			return;
		}
		if (isClosing(session, sink)) {
			throw new MessageNotSentException(this.settings, "it is closing");
		}
		if (this.unwrittenBytes.addAndGet(text.length) > this.settings.maxSendBufferSize()) {
			this.unwrittenBytes.addAndGet(-text.length);
			throw new McpTransportException("Server reads too slowly: over " + this.settings.maxSendBufferSize()
					+ " bytes wait to be sent (" + this.settings.property("max-send-buffer-size") + ")");
		}
		sink.next(new WebSocketMessage(WebSocketMessage.Type.TEXT, session.bufferFactory().wrap(text)));
	}

	void ping() {
		WebSocketSession session = this.session;
		FluxSink<WebSocketMessage> sink = this.sink;
		if (session != null && sink != null) {
			this.unwrittenBytes.addAndGet(Long.BYTES);
			sink.next(session.pingMessage(
					(factory) -> factory.wrap(ByteBuffer.allocate(Long.BYTES).putLong(0, System.nanoTime()).array())));
		}
	}

	/**
	 * Close the socket after what is queued has been written.
	 * @param status the status to close with
	 */
	void close(CloseStatus status) {
		FluxSink<WebSocketMessage> sink = this.sink;
		if (sink != null && !sink.isCancelled()) {
			this.closeStatus = status;
			sink.complete();
		}
	}

	/**
	 * Told what happens on the socket. Only {@link #onText} is called off the event loop.
	 */
	interface Listener {

		void onOpen();

		void onFrame();

		void onText(byte[] text);

		void onPong(Duration roundTripTime);

		void onCloseStatus(CloseStatus status);

	}

}
