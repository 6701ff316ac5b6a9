package io.github.mcpwss.client;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;

import io.github.mcpwss.jsonrpc.JsonRpcCodec;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpTransportSessionClosedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

import org.springframework.web.reactive.socket.client.WebSocketClient;

/**
 * Speaks MCP over WebSocket: hand it to {@code McpClient.sync(transport)} or
 * {@code McpClient.async(transport)}.
 * <p>
 * When the socket dies, each call in flight fails at once with an error that says that
 * its outcome is unknown, and nothing is sent twice. The next call, or a timer where
 * there is none, opens a new socket and repeats the {@code initialize} that the SDK did
 * on the first one. Where that fails, it is tried again with a {@link ReconnectSettings
 * backoff}, and calls fail in the meantime or wait.
 * <p>
 * Instances are safe for use by several threads, and serve one MCP client.
 *
 * @see McpClientTransport
 */
public final class McpWebSocketClientTransport implements McpClientTransport {

	private static final Logger logger = LoggerFactory.getLogger(McpWebSocketClientTransport.class);

	private final ClientConnector connector;

	private final AtomicReference<@Nullable ClientSession> session = new AtomicReference<>();

	private volatile Consumer<Throwable> exceptionHandler = (ex) -> logger.debug("Transport failed", ex);

	private volatile boolean closed;

	/**
	 * Create a transport. Nothing is opened before {@link #connect}.
	 * @param settings where to connect to
	 * @param client opens the sockets
	 * @param codec reads and writes messages
	 * @param scheduler delivers messages, so that no code of a user runs on an event
	 * loop; its workers must keep the order of their tasks
	 */
	public McpWebSocketClientTransport(ClientSettings settings, WebSocketClient client, JsonRpcCodec codec,
			Scheduler scheduler) {
		this(settings, client, codec, scheduler, List.of());
	}

	/**
	 * Create a transport whose handshakes have headers that change.
	 * @param settings where to connect to
	 * @param client opens the sockets
	 * @param codec reads and writes messages
	 * @param scheduler delivers messages
	 * @param customizers change the headers of each handshake
	 */
	public McpWebSocketClientTransport(ClientSettings settings, WebSocketClient client, JsonRpcCodec codec,
			Scheduler scheduler, List<McpWebSocketHeadersCustomizer> customizers) {
		this.connector = new ClientConnector(settings, client, codec, scheduler, List.copyOf(customizers));
	}

	/**
	 * Start to open a socket for a new session of the SDK, in place of the one before.
	 * @param handler takes the server's messages
	 * @return completes at once: where the socket cannot be opened, the first
	 * {@link #sendMessage} says so
	 */
	@Override
	public Mono<Void> connect(Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler) {
		return Mono.defer(() -> {
			if (this.closed) {
				return Mono.error(new McpTransportSessionClosedException());
			}
			ClientSession next = new ClientSession(this.connector, (message) -> deliver(handler, message),
					(ex) -> this.exceptionHandler.accept(ex));
			ClientSession previous = this.session.getAndSet(next);
			if (previous != null) {
				close(previous);
			}
			if (this.closed) {
				close(next);
			}
			return Mono.empty();
		});
	}

	private static void close(ClientSession session) {
		session.close().subscribe((ignored) -> {
		}, (ex) -> logger.debug("Connection did not close cleanly", ex));
	}

	private void deliver(Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler, JSONRPCMessage message) {
		handler.apply(Mono.just(message)).subscribe((ignored) -> {
		}, (ex) -> logger.warn("Message of {} could not be handled", this.connector.settings().endpoint(), ex));
	}

	@Override
	public void setExceptionHandler(Consumer<Throwable> handler) {
		this.exceptionHandler = handler;
	}

	/**
	 * Send a message, over a new socket where the one before is over.
	 * @param message the message
	 * @return completes when the message is handed to the socket, or fails with
	 * {@link McpWebSocketConnectException} if no socket could be opened
	 */
	@Override
	public Mono<Void> sendMessage(JSONRPCMessage message) {
		return Mono.defer(() -> {
			ClientSession session = this.session.get();
			if (this.closed || session == null) {
				return Mono.error(new McpTransportSessionClosedException());
			}
			return session.send(message);
		});
	}

	/**
	 * Replace the open socket by one with the TLS material of now, for which
	 * {@code initialize} is repeated. It happens as soon as no call is on its way, and no
	 * call is lost; where the new socket cannot be opened, the one that there is stays.
	 */
	public void renewConnection() {
		ClientSession session = this.session.get();
		if (session != null) {
			session.renew();
		}
	}

	@Override
	public <T> T unmarshalFrom(Object data, TypeRef<T> typeRef) {
		return this.connector.codec().convert(data, typeRef);
	}

	/**
	 * Return what was negotiated for the open socket.
	 * @return the facts, or empty while no socket is open
	 */
	public Optional<ConnectionInfo> getConnectionInfo() {
		ClientSession session = this.session.get();
		return (session != null) ? session.connection().info() : Optional.empty();
	}

	@Override
	public Mono<Void> closeGracefully() {
		return Mono.defer(() -> {
			this.closed = true;
			ClientSession session = this.session.get();
			return (session != null) ? session.close() : Mono.empty();
		});
	}

}
