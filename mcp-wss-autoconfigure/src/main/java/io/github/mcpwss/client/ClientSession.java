package io.github.mcpwss.client;

import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpTransportSessionNotFoundException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * What the SDK takes for one session: it outlives the sockets that it runs over. On each
 * socket but the first it repeats {@code initialize} before anything else is sent.
 */
final class ClientSession {

	private static final Logger logger = LoggerFactory.getLogger(ClientSession.class);

	/**
	 * The id of the session's own request, which is none that the SDK makes.
	 */
	private static final String INITIALIZE_ID = "mcp-wss-initialize";

	private final ClientConnector connector;

	private final Consumer<JSONRPCMessage> handler;

	private final Consumer<Throwable> exceptionHandler;

	private final IncomingRequests incomingRequests = new IncomingRequests();

	private final Object monitor = new Object();

	private volatile Link link;

	private volatile @Nullable JSONRPCRequest initialize;

	private volatile @Nullable Object protocolVersion;

	private volatile boolean initialized;

	/**
	 * Create a session and start to open its first socket.
	 * @param connector opens the sockets
	 * @param handler takes the server's messages
	 * @param exceptionHandler told when the SDK has to initialize anew
	 */
	ClientSession(ClientConnector connector, Consumer<JSONRPCMessage> handler, Consumer<Throwable> exceptionHandler) {
		this.connector = connector;
		this.handler = handler;
		this.exceptionHandler = exceptionHandler;
		this.link = newLink(null);
		connector.start(this.link.connection());
	}

	/**
	 * Return the socket in use, which may be opening, open or over.
	 * @return the socket
	 */
	ClientConnection connection() {
		return this.link.connection();
	}

	Mono<Void> send(JSONRPCMessage message) {
		if (message instanceof JSONRPCResponse response) {
			return sendResponse(response);
		}
		if (message instanceof JSONRPCRequest request && McpSchema.METHOD_INITIALIZE.equals(request.method())) {
			this.initialize = request;
			ClientConnection connection = connection();
			return connection.opened().then(connection.send(message));
		}
		if (message instanceof JSONRPCNotification notification
				&& McpSchema.METHOD_NOTIFICATION_INITIALIZED.equals(notification.method())) {
			// Belongs to the socket that initialize was sent over, and to no other.
			return connection().send(message).doOnSuccess((ignored) -> this.initialized = true);
		}
		Link usable = usableLink();
		return usable.ready().then(usable.connection().send(message));
	}

	private Mono<Void> sendResponse(JSONRPCResponse response) {
		IncomingRequests.Outgoing outgoing = this.incomingRequests.complete(response);
		if (outgoing == null) {
			logger.debug("Response to request {} is dropped: its socket is gone", response.id());
			return Mono.empty();
		}
		return outgoing.connection().send(outgoing.response());
	}

	private Link usableLink() {
		Link current = this.link;
		if (current.connection().isUsable()) {
			return current;
		}
		synchronized (this.monitor) {
			current = this.link;
			if (current.connection().isUsable()) {
				return current;
			}
			this.incomingRequests.forget(current.connection());
			current = newLink(this.initialized ? this.initialize : null);
			this.link = current;
		}
		this.connector.start(current.connection());
		return current;
	}

	private Link newLink(@Nullable JSONRPCRequest initialize) {
		ClientConnection connection = this.connector.create(this::onMessage);
		Mono<Void> opened = connection.opened();
		return new Link(connection,
				(initialize != null) ? opened.then(repeat(initialize, connection)).cache() : opened);
	}

	private void onMessage(ClientConnection connection, JSONRPCMessage message) {
		if (message instanceof JSONRPCRequest request) {
			this.handler.accept(this.incomingRequests.register(connection, request));
			return;
		}
		JSONRPCRequest initialize = this.initialize;
		if (initialize != null && message instanceof JSONRPCResponse response
				&& initialize.id().equals(response.id())) {
			this.protocolVersion = protocolVersion(response);
		}
		this.handler.accept(message);
	}

	private Mono<Void> repeat(JSONRPCRequest initialize, ClientConnection connection) {
		JSONRPCRequest request = new JSONRPCRequest(initialize.method(), INITIALIZE_ID, initialize.params());
		return connection.exchange(request)
			.timeout(this.connector.settings().timeout())
			.flatMap((response) -> check(response)
				.then(connection.send(new JSONRPCNotification(McpSchema.METHOD_NOTIFICATION_INITIALIZED))))
			.doOnSuccess((ignored) -> logger.info("Connected to {} again", this.connector.settings().endpoint()))
			.onErrorResume((ex) -> connection.close().then(Mono.error(toConnectException(ex))));
	}

	private Mono<Void> check(JSONRPCResponse response) {
		if (response.error() != null) {
			return Mono.error(new IllegalStateException(response.error().message()));
		}
		Object version = protocolVersion(response);
		if (!Objects.equals(version, this.protocolVersion)) {
			String message = "the server speaks protocol version " + version + " now, not " + this.protocolVersion;
			this.exceptionHandler.accept(new McpTransportSessionNotFoundException(message));
			return Mono.error(new IllegalStateException(message));
		}
		return Mono.empty();
	}

	private McpWebSocketConnectException toConnectException(Throwable failure) {
		return new McpWebSocketConnectException(this.connector.settings().endpoint(), ConnectStep.MCP_INITIALIZE,
				ConnectStep.MCP_INITIALIZE + " failed after the reconnect: " + failure.getMessage(), failure);
	}

	private static @Nullable Object protocolVersion(JSONRPCResponse response) {
		return (response.result() instanceof Map<?, ?> result) ? result.get("protocolVersion") : null;
	}

	/**
	 * A socket, and when the SDK's messages may be sent over it.
	 */
	private record Link(ClientConnection connection, Mono<Void> ready) {

	}

}
