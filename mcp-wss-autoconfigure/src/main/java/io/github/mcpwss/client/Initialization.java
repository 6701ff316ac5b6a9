package io.github.mcpwss.client;

import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpTransportSessionNotFoundException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * The {@code initialize} of a session, which is the SDK's on the first socket and is
 * repeated on each further one before anything else is sent.
 */
final class Initialization {

	private static final Logger logger = LoggerFactory.getLogger(Initialization.class);

	/**
	 * The id of the repeated request, which is none that the SDK makes.
	 */
	private static final String ID = "mcp-wss-initialize";

	private final ClientSettings settings;

	private final Consumer<Throwable> exceptionHandler;

	private volatile @Nullable JSONRPCRequest request;

	private volatile @Nullable Object protocolVersion;

	private volatile boolean done;

	/**
	 * Create an initialization that is still to come.
	 * @param settings the client's settings
	 * @param exceptionHandler told when the SDK has to initialize anew
	 */
	Initialization(ClientSettings settings, Consumer<Throwable> exceptionHandler) {
		this.settings = settings;
		this.exceptionHandler = exceptionHandler;
	}

	/**
	 * Note the SDK's request.
	 * @param request the request
	 */
	void requested(JSONRPCRequest request) {
		this.request = request;
	}

	/**
	 * Note a response, which may be that to the SDK's request.
	 * @param response the response
	 */
	void responded(JSONRPCResponse response) {
		JSONRPCRequest request = this.request;
		if (request != null && request.id().equals(response.id())) {
			this.protocolVersion = protocolVersion(response);
		}
	}

	/**
	 * Note that the SDK's part is done, and that further sockets belong to the same
	 * session.
	 */
	void done() {
		this.done = true;
	}

	boolean isDone() {
		return this.done;
	}

	/**
	 * Return what has to be done on a new socket before the SDK's messages may be sent.
	 * @param connection the socket
	 * @return completes when they may, or fails with why they never may
	 */
	Mono<Void> on(ClientConnection connection) {
		JSONRPCRequest request = this.request;
		return (this.done && request != null) ? connection.opened().then(repeat(request, connection))
				: connection.opened();
	}

	private Mono<Void> repeat(JSONRPCRequest initialize, ClientConnection connection) {
		JSONRPCRequest request = new JSONRPCRequest(initialize.method(), ID, initialize.params());
		return connection.exchange(request)
			.timeout(this.settings.timeout())
			.flatMap((response) -> check(response)
				.then(connection.send(new JSONRPCNotification(McpSchema.METHOD_NOTIFICATION_INITIALIZED))))
			.doOnSuccess((ignored) -> logger.info("Connected to {} again", this.settings.endpoint()))
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
		return new McpWebSocketConnectException(this.settings, ConnectStep.MCP_INITIALIZE,
				ConnectStep.MCP_INITIALIZE + " failed after the reconnect: " + failure.getMessage(), failure);
	}

	private static @Nullable Object protocolVersion(JSONRPCResponse response) {
		return (response.result() instanceof Map<?, ?> result) ? result.get("protocolVersion") : null;
	}

}
