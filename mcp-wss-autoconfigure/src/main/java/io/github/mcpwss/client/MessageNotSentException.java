package io.github.mcpwss.client;

import io.modelcontextprotocol.spec.McpTransportException;

/**
 * Thrown when a socket was over before a message was written to it, so that the message
 * may be sent over another one.
 */
final class MessageNotSentException extends McpTransportException {

	private static final long serialVersionUID = 1L;

	MessageNotSentException(ClientSettings settings, String reason) {
		super("Connection to " + settings.endpoint() + " was lost: " + reason + "; the call was not sent");
	}

}
