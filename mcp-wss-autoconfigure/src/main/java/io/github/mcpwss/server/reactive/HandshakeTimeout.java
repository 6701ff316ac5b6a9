package io.github.mcpwss.server.reactive;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.netty.Connection;
import reactor.netty.ConnectionObserver;
import reactor.netty.http.server.HttpServer;

import org.springframework.boot.reactor.netty.NettyServerCustomizer;

/**
 * Closes connections that do not ask for what they came for, or dribble it byte by byte,
 * the TLS handshake included. Reactor Netty itself would wait for ever.
 */
public final class HandshakeTimeout implements NettyServerCustomizer {

	private static final Logger logger = LoggerFactory.getLogger(HandshakeTimeout.class);

	private static final AttributeKey<Future<?>> TIMEOUT = AttributeKey
		.valueOf(HandshakeTimeout.class.getName() + ".timeout");

	private static final ChannelFutureListener CANCEL = (closed) -> cancel(closed.channel());

	private final Duration timeout;

	private final boolean requestSuffices;

	private HandshakeTimeout(Duration timeout, boolean requestSuffices) {
		this.timeout = timeout;
		this.requestSuffices = requestSuffices;
	}

	/**
	 * Create a timeout for a server that has no other purpose than sockets.
	 * @param timeout the time from the TCP connection to the upgrade
	 * @return the timeout
	 */
	public static HandshakeTimeout untilUpgrade(Duration timeout) {
		return new HandshakeTimeout(timeout, false);
	}

	/**
	 * Create a timeout for a server that answers other requests, too: the first one of a
	 * connection ends it.
	 * @param timeout the time from the TCP connection to the end of the first request's
	 * headers
	 * @return the timeout
	 */
	public static HandshakeTimeout untilRequest(Duration timeout) {
		return new HandshakeTimeout(timeout, true);
	}

	@Override
	public HttpServer apply(HttpServer server) {
		return server.doOnChannelInit((observer, channel, remoteAddress) -> start(channel))
			.childObserve(this::onStateChange);
	}

	private void start(Channel channel) {
		channel.attr(TIMEOUT)
			.set(channel.eventLoop().schedule(() -> close(channel), this.timeout.toMillis(), TimeUnit.MILLISECONDS));
		channel.closeFuture().addListener(CANCEL);
	}

	private void close(Channel channel) {
		if (!TlsFailureReport.takesTimeout(channel)) {
			logger.info("Closing the connection of {}: no WebSocket handshake within {}", channel.remoteAddress(),
					this.timeout);
		}
		channel.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
	}

	private void onStateChange(Connection connection, ConnectionObserver.State state) {
		if (this.requestSuffices && state == ConnectionObserver.State.CONFIGURED) {
			Channel channel = connection.channel();
			cancel(channel);
			// Of HTTP/2, where a request has a channel of its own.
			if (channel.parent() != null) {
				cancel(channel.parent());
			}
		}
	}

	static void cancel(Channel channel) {
		Attribute<Future<?>> attribute = channel.attr(TIMEOUT);
		Future<?> timeout = attribute.getAndSet(null);
		if (timeout != null) {
			timeout.cancel(false);
		}
	}

}
