package io.github.mcpwss.server;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import io.github.mcpwss.jsonrpc.JsonRpcCodec;
import io.github.mcpwss.jsonrpc.OutgoingRequests;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpServerSession;
import io.modelcontextprotocol.spec.McpTransportSessionClosedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * One client: its socket and its MCP session, from the moment the socket is open to its
 * end. The adapter of a web stack calls it from the thread that reads the socket.
 */
public final class ServerConnection {

	private static final Logger logger = LoggerFactory.getLogger(ServerConnection.class);

	/**
	 * The time that a container has to report the end of a socket by itself.
	 */
	private static final Duration SEND_FAILURE_GRACE = Duration.ofMillis(500);

	private final WebSocketChannel channel;

	private final ServerSettings settings;

	private final Scheduler events;

	private final OutboundQueue queue;

	private final McpServerSession session;

	private final MessageRouter router;

	private final InboundLane lane;

	private final Heartbeat heartbeat;

	private final MessageProgress progress;

	private final boolean failsStalledWrites;

	private final long openedAt = System.nanoTime();

	private final AtomicBoolean sendFailed = new AtomicBoolean();

	private final AtomicBoolean closing = new AtomicBoolean();

	private final AtomicBoolean closed = new AtomicBoolean();

	private final Consumer<ServerConnection> onClosed;

	ServerConnection(WebSocketChannel channel, ServerSettings settings, JsonRpcCodec codec, ServerSchedulers schedulers,
			McpServerSession.Factory sessionFactory, Consumer<ServerConnection> onClosed) {
		this.channel = channel;
		this.settings = settings;
		this.events = schedulers.events();
		this.lane = new InboundLane(channel, this.events);
		this.heartbeat = new Heartbeat(settings.heartbeatInterval(), this.openedAt);
		this.progress = new MessageProgress(settings.heartbeatInterval());
		this.failsStalledWrites = channel.failStalledWrites(settings.heartbeatInterval());
		this.onClosed = onClosed;
		this.queue = new OutboundQueue(channel, settings.maxSendBufferSize(), this.events, () -> terminate(
				CloseCode.POLICY_VIOLATION,
				"Peer reads too slowly: over max-send-buffer-size (" + settings.maxSendBufferSize() + " bytes)"),
				this.heartbeat::onProgress, this::onSendFailed);
		Initialization initialization = new Initialization();
		OutgoingRequests outgoingRequests = new OutgoingRequests();
		RunningRequests runningRequests = new RunningRequests();
		this.session = sessionFactory.create(new ServerTransport(codec, settings, this.queue, initialization,
				outgoingRequests, runningRequests, this::onOverdue, () -> close(CloseCode.NORMAL, "Session closed")));
		this.router = new MessageRouter(channel, settings, codec, schedulers, this.session, initialization,
				outgoingRequests, runningRequests, this::send);
	}

	/**
	 * Handle a text message, on a thread that no other socket waits for.
	 * @param message the whole message, which is UTF-8
	 */
	public void onMessage(byte[] message) {
		this.heartbeat.onAlive();
		// Containers go on reading until the peer has answered the close frame.
		if (!this.closed.get()) {
			this.router.route(message);
		}
	}

	/**
	 * Handle a text message, on a thread that other sockets need, too: a large one is
	 * read elsewhere, and those that follow keep their order.
	 * @param payload the whole message. One that is not UTF-8 closes the socket
	 */
	public void onText(byte[] payload) {
		this.heartbeat.onAlive();
		this.lane.execute(payload.length, () -> read(payload));
	}

	private void read(byte[] payload) {
		if (!Utf8.isValid(payload)) {
			terminate(CloseCode.INVALID_PAYLOAD, "Text message is not UTF-8");
			return;
		}
		onMessage(payload);
	}

	private void onOverdue(JSONRPCResponse response) {
		this.router.deliver(response);
	}

	/**
	 * Handle bytes of a frame that is not complete yet: a peer that is busy with a large
	 * frame cannot send a pong before its end.
	 */
	public void onPart() {
		this.heartbeat.onAlive();
	}

	/**
	 * Handle a part of a message. A message that hardly grows closes the socket.
	 * @param length the length of the part
	 * @param last whether it ends the message
	 */
	public void onPart(int length, boolean last) {
		onPart();
		this.progress.onPart(length, last);
	}

	/**
	 * Handle that a part of a message is on its way to the peer, which shows that it
	 * reads.
	 */
	public void onPartWritten() {
		this.heartbeat.onProgress();
	}

	/**
	 * Handle a pong frame.
	 */
	public void onPong() {
		this.heartbeat.onAlive();
	}

	/**
	 * Handle a message that could not be written, after which no other can. Servlet
	 * containers close the socket then, with a code that says why, but do not always
	 * report that: what is still there a while later is ended.
	 * @param failure why it could not be written
	 */
	private void onSendFailed(Throwable failure) {
		logger.debug("Could not send to {}: {}", this.channel.remoteAddress(), failure.toString());
		if (failure instanceof SocketTimeoutException) {
			terminate(CloseCode.GOING_AWAY, "Peer has read nothing for a while");
		}
		else if (this.sendFailed.compareAndSet(false, true)) {
			Schedulers.parallel().schedule(this::endUnlessClosed, SEND_FAILURE_GRACE.toMillis(), TimeUnit.MILLISECONDS);
		}
	}

	private void endUnlessClosed() {
		if (!this.closed.get()) {
			terminate(CloseCode.SERVER_ERROR, "Could not send");
		}
	}

	/**
	 * Handle a message that this server does not take, by closing the socket.
	 * @param code the status code
	 * @param reason what is wrong with the message
	 */
	public void onUnacceptable(CloseCode code, String reason) {
		terminate(code, reason);
	}

	/**
	 * Handle the end of the socket: running requests are cancelled, and whoever waits for
	 * the client gets an error at once.
	 * @param reason what is known of the end, for logs and errors
	 */
	public void onClosed(String reason) {
		if (!this.closed.compareAndSet(false, true)) {
			return;
		}
		logger.debug("Connection of {} is closed: {}", this.channel.remoteAddress(), reason);
		// Jetty tells before it has answered: the end of the session must not answer
		// first.
		this.closing.set(true);
		this.onClosed.accept(this);
		this.queue.close(new McpTransportSessionClosedException());
		this.router.end(reason);
	}

	/**
	 * Do what time asks for: pings, and the end of peers that are gone or do not
	 * initialize.
	 * @param now the reading of {@link System#nanoTime()}
	 */
	void tick(long now) {
		long limit = this.settings.initializationTimeout().toNanos();
		if (limit > 0 && !this.router.isInitialized() && now - this.openedAt > limit) {
			terminate(CloseCode.POLICY_VIOLATION,
					"Not initialized within " + this.settings.initializationTimeout().toSeconds() + "s");
			return;
		}
		if (this.progress.isStalled(now)) {
			terminate(CloseCode.POLICY_VIOLATION, "Message makes no progress");
			return;
		}
		if (this.failsStalledWrites && this.queue.isWriting()) {
			this.heartbeat.onProgress();
		}
		switch (this.heartbeat.tick(now)) {
			// A ping behind a message that the peer does not read would hold a thread.
			case PING -> this.queue.afterQueued(this::ping);
			case GIVE_UP -> terminate(CloseCode.GOING_AWAY,
					this.heartbeat.isPinged() ? "No pong within " + this.settings.heartbeatInterval()
							: "Peer has read nothing for " + this.settings.heartbeatInterval());
			case NONE -> {
			}
		}
	}

	private void ping() {
		try {
			this.events.schedule(() -> {
				this.heartbeat.onPinged(System.nanoTime());
				this.channel.ping();
			});
		}
		catch (RejectedExecutionException ex) {
			logger.trace("The server has stopped, which ends the connection of {}", this.channel.remoteAddress());
		}
	}

	/**
	 * Send a notification that is encoded already.
	 * @param notification the notification
	 */
	void notify(byte[] notification) {
		if (this.router.isInitialized()) {
			send(notification, "notification");
		}
	}

	Mono<Void> notify(String method, Object params) {
		return this.session.sendNotification(method, params);
	}

	String sessionId() {
		return this.session.getId();
	}

	/**
	 * Let the calls in flight end, refuse new ones, and then close the socket.
	 * @return completes when no call runs and the close is on its way
	 */
	Mono<Void> shutDown() {
		return this.router.drain()
			.then(Mono.<Void>create((sink) -> this.queue.afterQueued(sink::success)))
			.timeout(this.settings.shutdownTimeout(), Mono.empty())
			.then(Mono.fromRunnable(() -> close(CloseCode.GOING_AWAY, "Server is shutting down")));
	}

	private void close(CloseCode code, String reason) {
		this.queue.afterQueued(() -> closeChannel(code, reason));
	}

	private void terminate(CloseCode code, String reason) {
		logger.info("Closing the connection of {}: {} ({})", this.channel.remoteAddress(), reason, code.value());
		closeChannel(code, reason);
		onClosed(reason);
	}

	private void closeChannel(CloseCode code, String reason) {
		if (!this.closing.compareAndSet(false, true)) {
			return;
		}
		try {
			this.events.schedule(() -> this.channel.close(code, reason));
		}
		catch (RejectedExecutionException ex) {
			this.channel.close(code, reason);
		}
	}

	private void send(byte[] message, String what) {
		logger.trace("Sending {} to {}", what, this.channel.remoteAddress());
		this.queue.offer(message);
	}

}
