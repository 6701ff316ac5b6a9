package io.github.mcpwss.client;

import reactor.core.publisher.Mono;

/**
 * Callback for a bean that changes the headers of each handshake, such as one that sets a
 * token that expires. It is asked anew whenever a socket is opened, before anything is
 * sent, and its time counts towards the timeout of the connection.
 * <p>
 * Beans are asked in their order, one after the other. They must not block.
 */
@FunctionalInterface
public interface McpWebSocketHeadersCustomizer {

	/**
	 * Change the headers.
	 * @param handshake the handshake, whose headers can be changed until the result
	 * completes
	 * @return completes when the headers are ready; an error fails the attempt to connect
	 */
	Mono<Void> customize(ClientHandshake handshake);

}
