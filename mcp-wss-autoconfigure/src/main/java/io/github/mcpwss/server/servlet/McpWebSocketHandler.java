package io.github.mcpwss.server.servlet;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.mcpwss.server.CloseCode;
import io.github.mcpwss.server.McpWebSocketServerTransportProvider;
import io.github.mcpwss.server.ServerConnection;
import io.github.mcpwss.server.servlet.TextMessageAssembler.MessageTooBigException;
import io.modelcontextprotocol.common.McpTransportContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.PongMessage;
import org.springframework.web.socket.SubProtocolCapable;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.adapter.standard.StandardWebSocketSession;

/**
 * Hands the events of a servlet container's sockets to the server.
 */
final class McpWebSocketHandler implements WebSocketHandler, SubProtocolCapable {

	private static final Logger logger = LoggerFactory.getLogger(McpWebSocketHandler.class);

	private final McpWebSocketServerTransportProvider provider;

	private final int maxMessageSize;

	private final Map<String, OpenSocket> sockets = new ConcurrentHashMap<>();

	McpWebSocketHandler(McpWebSocketServerTransportProvider provider, int maxMessageSize) {
		this.provider = provider;
		this.maxMessageSize = maxMessageSize;
	}

	@Override
	public List<String> getSubProtocols() {
		return List.of(McpWebSocketServerTransportProvider.SUBPROTOCOL);
	}

	@Override
	public void afterConnectionEstablished(WebSocketSession session) {
		StandardWebSocketSession standardSession = (StandardWebSocketSession) session;
		Object context = session.getAttributes().get(McpTransportContext.KEY);
		ServletWebSocketChannel channel = new ServletWebSocketChannel(standardSession,
				(context instanceof McpTransportContext transportContext) ? transportContext
						: McpTransportContext.EMPTY);
		this.provider.open(channel)
			.ifPresent((connection) -> this.sockets.put(session.getId(),
					new OpenSocket(connection, new TextMessageAssembler(this.maxMessageSize))));
		if (!session.isOpen()) {
			// The server may have closed it before it was known here.
			afterConnectionClosed(session, CloseStatus.GOING_AWAY);
		}
	}

	@Override
	public void handleMessage(WebSocketSession session, WebSocketMessage<?> message) {
		OpenSocket socket = this.sockets.get(session.getId());
		if (socket == null) {
			return;
		}
		if (message instanceof TextMessage text) {
			handleText(session, socket, text);
		}
		else if (message instanceof PongMessage) {
			socket.connection().onPong();
		}
		else {
			refuse(session, socket, CloseCode.UNSUPPORTED_DATA, "MCP takes text messages only");
		}
	}

	private void handleText(WebSocketSession session, OpenSocket socket, TextMessage text) {
		socket.connection().onPart(text.getPayload().length(), text.isLast());
		byte[] message;
		try {
			message = socket.assembler().add(text.getPayload(), text.isLast());
		}
		catch (MessageTooBigException ex) {
			refuse(session, socket, CloseCode.MESSAGE_TOO_BIG, String.valueOf(ex.getMessage()));
			return;
		}
		if (message != null) {
			socket.connection().onMessage(message);
		}
	}

	private void refuse(WebSocketSession session, OpenSocket socket, CloseCode code, String reason) {
		this.sockets.remove(session.getId());
		socket.connection().onUnacceptable(code, reason);
	}

	@Override
	public void handleTransportError(WebSocketSession session, Throwable exception) {
		logger.debug("Transport error on the connection of {}: {}", session.getRemoteAddress(), exception.toString());
		// An end of which the API cannot say the code, such as 1014, is reported no
		// other way.
		boolean over = exception instanceof IOException || exception instanceof IllegalArgumentException;
		OpenSocket socket = over ? this.sockets.remove(session.getId()) : null;
		if (socket != null) {
			// The container reports the end only after it tried to send a close frame.
			socket.connection().onClosed(exception.toString());
		}
	}

	@Override
	public void afterConnectionClosed(WebSocketSession session, CloseStatus status) {
		OpenSocket socket = this.sockets.remove(session.getId());
		if (socket != null) {
			String reason = status.getReason();
			socket.connection()
				.onClosed("closed with " + status.getCode()
						+ ((reason != null && !reason.isEmpty()) ? " (" + reason + ")" : ""));
		}
	}

	@Override
	public boolean supportsPartialMessages() {
		return true;
	}

	private record OpenSocket(ServerConnection connection, TextMessageAssembler assembler) {

	}

}
