package io.github.mcpwss.server.servlet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.github.mcpwss.server.CloseCode;
import io.github.mcpwss.server.WebSocketChannel;
import io.modelcontextprotocol.common.McpTransportContext;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.adapter.standard.StandardWebSocketSession;

/**
 * A socket of a servlet container. Messages go through the asynchronous side of the
 * Jakarta WebSocket API: it neither holds a thread for a slow reader nor closes the
 * socket when the sending thread is interrupted, both of which the blocking side does.
 */
final class ServletWebSocketChannel implements WebSocketChannel {

	private static final Logger logger = LoggerFactory.getLogger(ServletWebSocketChannel.class);

	/**
	 * The time that the peer may take to read a frame, of which a message has many.
	 */
	private static final Duration SEND_TIMEOUT = Duration.ofSeconds(20);

	/**
	 * The name that Tomcat knows the time by which a close frame has to be written,
	 * unless it says 1000. Of the 50 ms that are Tomcat's own, a busy machine needs more,
	 * and the peer would not learn why it was closed.
	 */
	private static final String TOMCAT_CLOSE_TIMEOUT = "org.apache.tomcat.websocket.ABNORMAL_SESSION_CLOSE_SEND_TIMEOUT";

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

	/**
	 * The name that Tomcat knows the time by which the peer has to answer a close frame,
	 * before the TCP connection is closed.
	 */
	private static final String TOMCAT_CLOSE_ANSWER_TIMEOUT = "org.apache.tomcat.websocket.SESSION_CLOSE_TIMEOUT";

	private static final Duration CLOSE_ANSWER_TIMEOUT = Duration.ofSeconds(5);

	/**
	 * The name that Tomcat knows the time by which a frame has to be written that it
	 * writes itself, a pong: its thread waits for that. A peer that pings and never reads
	 * would hold one for 20 s.
	 */
	private static final String TOMCAT_PONG_TIMEOUT = "org.apache.tomcat.websocket.BLOCKING_SEND_TIMEOUT";

	private static final Duration PONG_TIMEOUT = Duration.ofSeconds(5);

	/**
	 * The size of the buffers of a socket that Tomcat fills before it hands on a part of
	 * a message: an application may have set a larger one for its own sockets.
	 */
	private static final int BUFFER_SIZE = 8 * 1024;

	private static final ByteBuffer EMPTY = ByteBuffer.allocate(0).asReadOnlyBuffer();

	private final StandardWebSocketSession session;

	private final Session nativeSession;

	private final McpTransportContext transportContext;

	ServletWebSocketChannel(StandardWebSocketSession session, McpTransportContext transportContext) {
		this.session = session;
		this.nativeSession = session.getNativeSession();
		this.transportContext = transportContext;
		this.nativeSession.getAsyncRemote().setSendTimeout(SEND_TIMEOUT.toMillis());
		this.nativeSession.getUserProperties().put(TOMCAT_CLOSE_TIMEOUT, CLOSE_TIMEOUT.toMillis());
		this.nativeSession.getUserProperties().put(TOMCAT_CLOSE_ANSWER_TIMEOUT, CLOSE_ANSWER_TIMEOUT.toMillis());
		this.nativeSession.getUserProperties().put(TOMCAT_PONG_TIMEOUT, PONG_TIMEOUT.toMillis());
		// Jetty ends idle sockets after 30 s: here the heartbeat decides who is gone.
		this.nativeSession.setMaxIdleTimeout(0);
		limitBuffers();
	}

	private void limitBuffers() {
		if (this.nativeSession.getMaxTextMessageBufferSize() > BUFFER_SIZE) {
			this.nativeSession.setMaxTextMessageBufferSize(BUFFER_SIZE);
		}
		if (this.nativeSession.getMaxBinaryMessageBufferSize() > BUFFER_SIZE) {
			this.nativeSession.setMaxBinaryMessageBufferSize(BUFFER_SIZE);
		}
	}

	@Override
	public String remoteAddress() {
		return String.valueOf(this.session.getRemoteAddress());
	}

	@Override
	public McpTransportContext transportContext() {
		return this.transportContext;
	}

	@Override
	public void send(List<byte[]> messages, Consumer<@Nullable Throwable> callback) {
		new Sending(messages.iterator(), this.nativeSession.getAsyncRemote(), callback).next();
	}

	/**
	 * Tomcat writes a message in frames, and what the send timeout bounds is the time
	 * between two of them. Jetty's is that of the whole message.
	 */
	@Override
	public boolean failStalledWrites(Duration time) {
		boolean tomcat = this.nativeSession.getClass().getName().startsWith("org.apache.tomcat.");
		if (tomcat && !time.isZero() && time.compareTo(SEND_TIMEOUT) < 0) {
			this.nativeSession.getAsyncRemote().setSendTimeout(time.toMillis());
		}
		return tomcat;
	}

	@Override
	public void ping() {
		try {
			this.nativeSession.getBasicRemote().sendPing(EMPTY.duplicate());
		}
		catch (IOException | RuntimeException ex) {
			logger.debug("Could not ping {}: {}", remoteAddress(), ex.getMessage());
		}
	}

	@Override
	public void close(CloseCode code, String reason) {
		try {
			this.session.close(new CloseStatus(code.value(), reason));
		}
		catch (IOException | RuntimeException ex) {
			logger.debug("Could not close the connection of {} cleanly: {}", remoteAddress(), ex.getMessage());
		}
	}

	/**
	 * Sends one message after the other. A container calls back before it returns where
	 * the socket takes a message at once: a loop then, rather than a recursion.
	 */
	private static final class Sending implements SendHandler {

		private final Iterator<byte[]> messages;

		private final RemoteEndpoint.Async remote;

		private final Consumer<@Nullable Throwable> callback;

		private final AtomicInteger due = new AtomicInteger();

		Sending(Iterator<byte[]> messages, RemoteEndpoint.Async remote, Consumer<@Nullable Throwable> callback) {
			this.messages = messages;
			this.remote = remote;
			this.callback = callback;
		}

		void next() {
			if (this.due.getAndIncrement() != 0) {
				return;
			}
			do {
				if (!this.messages.hasNext()) {
					this.callback.accept(null);
					return;
				}
				send(this.messages.next());
			}
			while (this.due.decrementAndGet() != 0);
		}

		private void send(byte[] message) {
			try {
				this.remote.sendText(new String(message, StandardCharsets.UTF_8), this);
			}
			catch (RuntimeException ex) {
				// Thrown, rather than given to the handler, where the socket is closed.
				this.callback.accept(ex);
			}
		}

		@Override
		public void onResult(SendResult result) {
			if (result.isOK()) {
				next();
			}
			else {
				this.callback.accept(result.getException());
			}
		}

	}

}
