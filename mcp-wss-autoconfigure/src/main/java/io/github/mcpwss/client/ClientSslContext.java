package io.github.mcpwss.client;

import javax.net.ssl.SSLException;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.boot.ssl.SslOptions;

/**
 * Makes what Spring Boot makes of an SSL bundle for a client on Reactor Netty, with a
 * choice of what does TLS.
 */
final class ClientSslContext {

	private ClientSslContext() {
	}

	static SslContext create(SslBundle bundle, SslProvider provider, boolean revocation) {
		SslOptions options = bundle.getOptions();
		SslManagerBundle managers = bundle.getManagers();
		try {
			SslContext context = SslContextBuilder.forClient()
				.sslProvider(provider)
				.keyManager(managers.getKeyManagerFactory())
				.trustManager(managers.getTrustManagerFactory())
				.ciphers(SslOptions.asSet(options.getCiphers()))
				.protocols(options.getEnabledProtocols())
				// the JDK asks by itself
				.enableOcsp(revocation && provider != SslProvider.JDK && OpenSsl.isOcspSupported())
				.build();
			return revocation ? RevocationSslContext.of(context) : context;
		}
		catch (SSLException ex) {
			throw new IllegalStateException("Unable to create TLS context", ex);
		}
	}

}
