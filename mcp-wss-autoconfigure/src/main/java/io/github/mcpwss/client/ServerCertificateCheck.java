package io.github.mcpwss.client;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.function.Supplier;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;

/**
 * Looks at the server's certificate and the protocol when a TLS handshake is over, and
 * turns it into a failed one where the SSL bundle does not allow them.
 */
final class ServerCertificateCheck extends ChannelInboundHandlerAdapter {

	/**
	 * What the JDK calls the key exchange where the protocol has no name for it.
	 */
	private static final String UNKNOWN = "UNKNOWN";

	private final SSLEngine engine;

	private final Supplier<@Nullable SslBundle> sslBundle;

	ServerCertificateCheck(SSLEngine engine, Supplier<@Nullable SslBundle> sslBundle) {
		this.engine = engine;
		this.sslBundle = sslBundle;
	}

	@Override
	@SuppressWarnings("FutureReturnValueIgnored")
	public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
		if (event instanceof SslHandshakeCompletionEvent completion && completion.isSuccess()) {
			try {
				check(this.engine.getSession());
			}
			catch (SSLException ex) {
				super.userEventTriggered(context, new SslHandshakeCompletionEvent(ex));
				context.close();
				return;
			}
		}
		super.userEventTriggered(context, event);
	}

	private void check(SSLSession session) throws SSLException {
		SslBundle bundle = this.sslBundle.get();
		if (bundle == null) {
			throw new SSLHandshakeException("There is no SSL bundle that says whom to trust");
		}
		String[] protocols = bundle.getOptions().getEnabledProtocols();
		if (protocols != null && !Arrays.asList(protocols).contains(session.getProtocol())) {
			throw new SSLHandshakeException("Protocol " + session.getProtocol() + " is not enabled or supported");
		}
		X509Certificate[] chain = Arrays.copyOf(session.getPeerCertificates(), session.getPeerCertificates().length,
				X509Certificate[].class);
		try {
			for (TrustManager trustManager : bundle.getManagers().getTrustManagers()) {
				((X509TrustManager) trustManager).checkServerTrusted(chain, UNKNOWN);
			}
		}
		catch (CertificateException ex) {
			SSLHandshakeException failure = new SSLHandshakeException(String.valueOf(ex.getMessage()));
			failure.initCause(ex);
			throw failure;
		}
	}

}
