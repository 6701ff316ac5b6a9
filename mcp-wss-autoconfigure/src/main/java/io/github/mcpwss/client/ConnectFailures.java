package io.github.mcpwss.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import io.github.mcpwss.tls.TlsFailure;
import io.github.mcpwss.tls.TlsFailures;
import io.netty.handler.codec.http.HttpHeaderNames;
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
				+ this.settings.timeout().toMillis() + " ms (" + this.settings.property("timeout") + ")", null);
	}

	McpWebSocketConnectException of(ConnectProgress progress, Throwable failure) {
		InetSocketAddress proxy = progress.proxyAddress();
		if (proxy != null && progress.step() == ConnectStep.PROXY_CONNECT) {
			Throwable refusal = progress.proxyFailure();
			return new ProxyFailures(this.settings, proxy).of((refusal != null) ? refusal : failure);
		}
		Optional<TlsFailure> tlsFailure = TlsFailures.classify(failure, this.settings.uri().getHost(),
				progress.isCertificatePresented());
		if (tlsFailure.isEmpty() && progress.step() == ConnectStep.TLS_HANDSHAKE && isEndOfConnection(failure)) {
			tlsFailure = Optional.of(TlsFailures.closed(this.settings.uri().getHost()));
		}
		return (tlsFailure.isPresent()) ? McpWebSocketConnectException.ofTls(this.settings, tlsFailure.get(), failure)
				: of(progress.step(), failure);
	}

	private McpWebSocketConnectException of(ConnectStep step, Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof WebSocketClientHandshakeException handshakeFailure) {
				return ofHandshake(handshakeFailure, failure);
			}
			if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
				return failure(ConnectStep.TCP_CONNECT, "host " + this.settings.uri().getHost() + " is unknown",
						failure);
			}
			if (cause instanceof ConnectException connectFailure) {
				return failure(ConnectStep.TCP_CONNECT, reason(connectFailure), failure);
			}
		}
		return failure(step, step + " failed: " + failure.getMessage(), failure);
	}

	private static boolean isEndOfConnection(Throwable failure) {
		Throwable cause = failure;
		while (cause.getCause() != null) {
			cause = cause.getCause();
		}
		String message = String.valueOf(cause.getMessage());
		return cause instanceof ClosedChannelException || (cause instanceof IOException
				&& (message.contains("Connection reset") || message.contains("Broken pipe")));
	}

	static String reason(ConnectException failure) {
		// Native transports put the name of the system call first.
		return String.valueOf(failure.getMessage()).replaceFirst("^\\w+\\(\\.\\.\\) failed[^:]*: ", "");
	}

	private McpWebSocketConnectException ofHandshake(WebSocketClientHandshakeException handshakeFailure,
			Throwable failure) {
		HttpResponse response = handshakeFailure.response();
		if (response == null || HttpResponseStatus.SWITCHING_PROTOCOLS.equals(response.status())) {
			return failure(ConnectStep.WEBSOCKET_HANDSHAKE,
					"WebSocket handshake failed: " + handshakeFailure.getMessage(), failure);
		}
		int status = response.status().code();
		Duration retryAfter = RetryAfter.parse(response.headers().get(HttpHeaderNames.RETRY_AFTER), Instant.now());
		String answer = "server answered HTTP " + response.status() + " instead of the WebSocket handshake"
				+ hint(status) + ((retryAfter != null) ? "; retry after " + retryAfter.toSeconds() + " s" : "");
		return McpWebSocketConnectException.ofAnswer(this.settings, ConnectStep.WEBSOCKET_HANDSHAKE, answer, status,
				retryAfter, failure);
	}

	private String hint(int status) {
		return switch (status) {
			case 401 -> "; credentials are missing or not valid, see " + this.settings.property("headers.*");
			case 403 -> "; the credentials do not allow it, or the Origin or Host is refused";
			case 404 -> "; there is no such path, see " + this.settings.property("url");
			default -> (status / 100 == 3) ? "; redirects are not followed" : "";
		};
	}

	private McpWebSocketConnectException failure(ConnectStep step, String message, @Nullable Throwable cause) {
		return new McpWebSocketConnectException(this.settings, step, message, cause);
	}

}
