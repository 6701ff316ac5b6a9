package io.github.mcpwss.client;

import reactor.core.publisher.Mono;

/**
 * A socket of a session, and when the SDK's messages may be sent over it.
 */
final class ClientLink {

	private final ClientConnection connection;

	private final Mono<Void> ready;

	private volatile boolean settled;

	private volatile boolean open;

	/**
	 * Create a link.
	 * @param connection the socket
	 * @param ready completes when messages may be sent, or fails with why they never may
	 */
	ClientLink(ClientConnection connection, Mono<Void> ready) {
		this.connection = connection;
		this.ready = ready;
	}

	ClientConnection connection() {
		return this.connection;
	}

	Mono<Void> ready() {
		return this.ready;
	}

	/**
	 * Note what became of the attempt to open the socket.
	 * @param open whether messages may be sent
	 */
	void settle(boolean open) {
		this.open = open;
		this.settled = true;
	}

	/**
	 * Return whether the socket was open, which it need not be any more.
	 * @return {@code true} if messages could be sent once
	 */
	boolean isSettledOpen() {
		return this.open;
	}

	/**
	 * Return whether messages may be sent now.
	 * @return {@code true} if the socket is open
	 */
	boolean isOpen() {
		return this.open && this.connection.isUsable();
	}

	/**
	 * Return whether it may be waited for.
	 * @return {@code true} if messages can be sent now, or perhaps when it is ready
	 */
	boolean isUsable() {
		return !this.settled || this.connection.isUsable();
	}

}
