package io.github.mcpwss.client;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Optional;

import io.github.mcpwss.tls.TlsFailure;
import io.github.mcpwss.tls.TlsFailures;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * Says in a person's words why a connection could not be opened.
 */
final class ConnectFailures {

	private final ClientSettings settings;

	ConnectFailures(ClientSettings settings) {
		this.settings = settings;
	}

	McpWebSocketConnectException timeout(ConnectStep step) {
		return failure(step, "Connection timeout: " + step + " was not finished within "
				+ this.settings.timeout().toMillis() + " ms (mcp.websocket.timeout)", null);
	}

	McpWebSocketConnectException of(ConnectStep step, Throwable failure) {
		Optional<TlsFailure> tlsFailure = TlsFailures.classify(failure, this.settings.uri().getHost());
		if (tlsFailure.isPresent()) {
			return failure(ConnectStep.TLS_HANDSHAKE, tlsFailure.get().message(), failure);
		}
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof WebSocketClientHandshakeException handshakeFailure) {
				return failure(ConnectStep.WEBSOCKET_HANDSHAKE, describe(handshakeFailure), failure);
			}
			if (cause instanceof UnknownHostException) {
				return failure(ConnectStep.TCP_CONNECT, "host " + this.settings.uri().getHost() + " is unknown",
						failure);
			}
			if (cause instanceof ConnectException) {
				// Native transports put the name of the system call first.
				String message = String.valueOf(cause.getMessage()).replaceFirst("^\\w+\\(\\.\\.\\) failed[^:]*: ", "");
				return failure(ConnectStep.TCP_CONNECT, message, failure);
			}
		}
		return failure(step, step + " failed: " + failure.getMessage(), failure);
	}

	private static String describe(WebSocketClientHandshakeException failure) {
		HttpResponse response = failure.response();
		if (response == null || HttpResponseStatus.SWITCHING_PROTOCOLS.equals(response.status())) {
			return "WebSocket handshake failed: " + failure.getMessage();
		}
		String answer = "server answered HTTP " + response.status() + " instead of the WebSocket handshake";
		return (response.status().code() / 100 == 3) ? answer + "; redirects are not followed" : answer;
	}

	private McpWebSocketConnectException failure(ConnectStep step, String message, @Nullable Throwable cause) {
		return new McpWebSocketConnectException(this.settings.endpoint(), step, message, cause);
	}

}
