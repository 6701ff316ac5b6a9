package io.github.mcpwss.server;

import java.util.Map;

/**
 * The answer to a handshake that does not lead to a socket.
 *
 * @param status the HTTP status
 * @param reason what is wrong, for the client and for logs
 * @param headers the headers that belong to the status
 */
public record HandshakeRefusal(int status, String reason, Map<String, String> headers) {

	HandshakeRefusal(int status, String reason) {
		this(status, reason, Map.of());
	}

}
