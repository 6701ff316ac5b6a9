package io.github.mcpwss.server;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import io.modelcontextprotocol.common.McpTransportContext;
import org.jspecify.annotations.Nullable;

/**
 * One open socket as a web stack offers it to the server. Each stack has an adapter that
 * implements it and calls the {@link ServerConnection} which
 * {@link McpWebSocketServerTransportProvider#open open} returns.
 */
public interface WebSocketChannel {

	/**
	 * Return who is at the other end, for logs.
	 * @return the remote address
	 */
	String remoteAddress();

	/**
	 * Return what tools may know of the handshake.
	 * @return the context, captured once when the socket was opened
	 */
	McpTransportContext transportContext();

	/**
	 * Return where {@link #send} is to be called. Messages that come before it runs a
	 * task go out together.
	 * @return the executor, or {@code null} if any thread may
	 */
	default @Nullable Executor sender() {
		return null;
	}

	/**
	 * Write text messages in their order, without blocking. The next call comes after the
	 * callback of the one before.
	 * @param messages the messages, at least one, encoded in UTF-8
	 * @param callback called once, on any thread, with the failure or {@code null}
	 */
	void send(List<byte[]> messages, Consumer<@Nullable Throwable> callback);

	/**
	 * Have messages fail of which the peer takes nothing for a while. One that it reads
	 * may take as long as it needs.
	 * @param time the time
	 * @return {@code false} if this channel cannot do that
	 */
	default boolean failStalledWrites(Duration time) {
		return false;
	}

	/**
	 * Send a ping frame. May block until the frame is handed to the network.
	 */
	void ping();

	/**
	 * Read no more from the socket until told to. What was read already may still be
	 * reported.
	 */
	default void pauseReading() {
	}

	/**
	 * Read from the socket again.
	 */
	default void resumeReading() {
	}

	/**
	 * Close the socket with a close frame. May block until the frame is handed to the
	 * network. Does nothing if the socket is closed.
	 * @param code the status code
	 * @param reason what happened, at most 123 bytes
	 */
	void close(CloseCode code, String reason);

}
