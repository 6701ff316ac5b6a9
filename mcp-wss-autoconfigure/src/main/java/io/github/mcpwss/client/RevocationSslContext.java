package io.github.mcpwss.client;

import java.util.List;
import java.util.concurrent.Executor;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import reactor.core.scheduler.Schedulers;

/**
 * Has certificates verified in every handshake, on threads that may block and not on the
 * event loop, and asks servers for OCSP responses.
 */
final class RevocationSslContext extends SslContext {

	private final SslContext delegate;

	private final Executor executor;

	private RevocationSslContext(SslContext delegate, Executor executor) {
		this.delegate = delegate;
		this.executor = executor;
	}

	/**
	 * Create a context.
	 * @param context what does TLS; it forgets its sessions
	 * @return the context
	 */
	static SslContext of(SslContext context) {
		forgetSessions(context.sessionContext());
		return new RevocationSslContext(context, Schedulers.boundedElastic()::schedule);
	}

	private static void forgetSessions(SSLSessionContext sessions) {
		if (sessions instanceof OpenSslSessionContext openSsl) {
			openSsl.setSessionCacheEnabled(false);
		}
		else {
			// The JDK has no shorter time.
			sessions.setSessionTimeout(1);
		}
	}

	@Override
	protected SslHandler newHandler(ByteBufAllocator allocator, boolean startTls) {
		return this.delegate.newHandler(allocator, this.executor);
	}

	@Override
	protected SslHandler newHandler(ByteBufAllocator allocator, String peerHost, int peerPort, boolean startTls) {
		return this.delegate.newHandler(allocator, peerHost, peerPort, this.executor);
	}

	@Override
	public SSLEngine newEngine(ByteBufAllocator allocator) {
		return this.delegate.newEngine(allocator);
	}

	@Override
	public SSLEngine newEngine(ByteBufAllocator allocator, String peerHost, int peerPort) {
		return this.delegate.newEngine(allocator, peerHost, peerPort);
	}

	@Override
	public boolean isClient() {
		return this.delegate.isClient();
	}

	@Override
	public List<String> cipherSuites() {
		return this.delegate.cipherSuites();
	}

	@Override
	@SuppressWarnings("deprecation")
	public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
		return this.delegate.applicationProtocolNegotiator();
	}

	@Override
	public SSLSessionContext sessionContext() {
		return this.delegate.sessionContext();
	}

}
