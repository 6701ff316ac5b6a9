package io.github.mcpwss.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.net.ssl.SSLException;

import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.proxy.HttpProxyHandler.HttpProxyConnectException;
import io.netty.handler.proxy.ProxyConnectException;
import org.jspecify.annotations.Nullable;

/**
 * Says in a person's words why a proxy did not reach the server.
 */
final class ProxyFailures {

	/**
	 * Netty tells what a proxy answered at the end of the message, and nowhere else.
	 */
	private static final Pattern ANSWER = Pattern.compile(", (status|authStatus|unexpected authMethod): (.+)$");

	private static final Pattern HTTP_STATUS = Pattern.compile("\\d{3}(?= |$)");

	/**
	 * What Netty makes of an answer that is not HTTP.
	 */
	private static final int NO_HTTP = 999;

	private final ClientSettings settings;

	private final InetSocketAddress address;

	ProxyFailures(ClientSettings settings, InetSocketAddress address) {
		this.settings = settings;
		this.address = address;
	}

	McpWebSocketConnectException of(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof ProxyConnectException refusal) {
				return ofRefusal(refusal);
			}
		}
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
				return failure("host " + this.address.getHostString() + " of the proxy is unknown" + see("host"),
						failure);
			}
			if (cause instanceof ConnectException connectFailure) {
				return failure(proxy() + " cannot be reached: " + ConnectFailures.reason(connectFailure) + see("host"),
						failure);
			}
			if (cause instanceof DecoderException || cause instanceof SSLException) {
				return ofAnotherKind(failure);
			}
		}
		return failure(proxy() + " failed: " + failure.getMessage(), failure);
	}

	private McpWebSocketConnectException ofRefusal(ProxyConnectException refusal) {
		String message = String.valueOf(refusal.getMessage());
		Matcher answer = ANSWER.matcher(message);
		if (!answer.find()) {
			boolean closed = refusal.getCause() instanceof IOException || message.endsWith(", disconnected");
			return closed ? failure(proxy() + " closed the connection", refusal) : ofAnotherKind(refusal);
		}
		if (!answer.group(1).equals("status")) {
			return failure(proxy() + " refuses the credentials" + see("username"), refusal);
		}
		String status = answer.group(2);
		Matcher httpStatus = HTTP_STATUS.matcher(status);
		if (!(refusal instanceof HttpProxyConnectException httpRefusal) || !httpStatus.lookingAt()) {
			return failure(proxy() + " does not connect to " + server() + ": " + status, refusal);
		}
		int code = Integer.parseInt(httpStatus.group());
		if (code == NO_HTTP) {
			return ofAnotherKind(refusal);
		}
		Duration retryAfter = retryAfter(httpRefusal.headers());
		String reason = proxy() + " answered HTTP " + status + " instead of connecting to " + server()
				+ ((code == 407) ? "; credentials are missing or not valid" + see("username") : "")
				+ ((retryAfter != null) ? "; retry after " + retryAfter.toSeconds() + " s" : "");
		return McpWebSocketConnectException.ofAnswer(this.settings, ConnectStep.PROXY_CONNECT, reason, code, retryAfter,
				refusal);
	}

	private McpWebSocketConnectException ofAnotherKind(Throwable failure) {
		return failure(proxy() + " does not speak " + this.settings.proxy().protocol() + see("type"), failure);
	}

	private static @Nullable Duration retryAfter(@Nullable HttpHeaders headers) {
		return (headers != null) ? RetryAfter.parse(headers.get(HttpHeaderNames.RETRY_AFTER), Instant.now()) : null;
	}

	private String proxy() {
		return "proxy " + this.address.getHostString() + ":" + this.address.getPort();
	}

	private String server() {
		return this.settings.uri().getHost();
	}

	private String see(String property) {
		return (this.settings.proxy().type() == ProxySettings.Type.SYSTEM)
				? ", see the JVM's system properties https.proxyHost, http.proxyHost and socksProxyHost"
				: ", see " + this.settings.property("proxy." + property);
	}

	private McpWebSocketConnectException failure(String reason, Throwable cause) {
		return new McpWebSocketConnectException(this.settings, ConnectStep.PROXY_CONNECT, reason, cause);
	}

}
