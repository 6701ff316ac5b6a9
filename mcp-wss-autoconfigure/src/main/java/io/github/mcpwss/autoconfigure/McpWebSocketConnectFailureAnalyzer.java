package io.github.mcpwss.autoconfigure;

import io.github.mcpwss.client.ConnectStep;
import io.github.mcpwss.client.McpWebSocketConnectException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains why an application that calls an MCP server while it starts could not.
 */
final class McpWebSocketConnectFailureAnalyzer extends AbstractFailureAnalyzer<McpWebSocketConnectException> {

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, McpWebSocketConnectException cause) {
		String prefix = McpWebSocketProperties.PREFIX
				+ cause.getConnection().map((name) -> ".connections." + name).orElse("");
		String action = cause.getTlsFailure().map(TlsFailureAdvice::of).orElseGet(() -> action(cause.getStep()));
		return new FailureAnalysis(cause.getMessage(), action.formatted(prefix), cause);
	}

	private static String action(ConnectStep step) {
		return switch (step) {
			case HANDSHAKE_HEADERS ->
				"Check the beans of the type McpWebSocketHeadersCustomizer, and what they need for %s.";
			case TCP_CONNECT -> "Check that the server runs and can be reached, and that %s.url has its host and port.";
			case PROXY_CONNECT ->
				"Check that the proxy runs and lets this application through, and what is below %s.proxy: type 'none' does without a proxy.";
			case TLS_HANDSHAKE ->
				"Check that the server speaks TLS on the port of %1$s.url and is not overloaded, or raise %1$s.timeout.";
			case WEBSOCKET_HANDSHAKE -> "Check the path of %1$s.url, and the credentials below %1$s.headers.";
			case MCP_INITIALIZE -> "Check that the server at %s.url is an MCP server.";
		};
	}

}
