package io.github.mcpwss.autoconfigure;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * What holds where a property is unset.
 */
final class Defaults {

	static final String PATH = "/mcp";

	static final Duration TIMEOUT = Duration.ofSeconds(30);

	static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(30);

	static final DataSize MAX_MESSAGE_SIZE = DataSize.ofMegabytes(16);

	/**
	 * The room for messages that wait to be sent, in messages of the maximum size.
	 */
	static final int SEND_BUFFER_MESSAGES = 4;

	static final int MAX_RECONNECT_ATTEMPTS = 5;

	static final Duration RECONNECT_DELAY = Duration.ofSeconds(5);

	static final Duration RECONNECT_WAIT = Duration.ZERO;

	static final int MAX_CONNECTIONS = 100;

	static final int MAX_IN_FLIGHT_REQUESTS = 1024;

	static final Duration INITIALIZATION_TIMEOUT = Duration.ofSeconds(30);

	private Defaults() {
	}

	static <T> T orDefault(@Nullable T value, T defaultValue) {
		return (value != null) ? value : defaultValue;
	}

}
