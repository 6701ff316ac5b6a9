package io.github.mcpwss.autoconfigure;

import io.github.mcpwss.tls.EdwardsCurveKeys;
import io.netty.handler.ssl.OpenSsl;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.util.ClassUtils;

/**
 * What does TLS: BoringSSL or OpenSSL by way of Netty where its natives load, and the
 * JDK.
 */
final class TlsEngine {

	private static final boolean NETTY = ClassUtils.isPresent("io.netty.handler.ssl.OpenSsl",
			TlsEngine.class.getClassLoader());

	private TlsEngine() {
	}

	/**
	 * Return the engine of clients and of servers on Reactor Netty.
	 * @param bundle the TLS material, {@code null} if there is none
	 * @return the name and version
	 */
	static String ofNetty(@Nullable SslBundle bundle) {
		if (!NETTY || !Netty.isNative()) {
			return ofServlet();
		}
		return (bundle != null && EdwardsCurveKeys.areIn(bundle.getManagers()))
				? ofServlet() + " because of Ed25519 keys, in place of " + Netty.version() : Netty.version();
	}

	/**
	 * Return the engine of servlet containers.
	 * @return the name and version
	 */
	static String ofServlet() {
		return "TLS of the JDK " + Runtime.version();
	}

	private static final class Netty {

		static boolean isNative() {
			return OpenSsl.isAvailable();
		}

		static String version() {
			return String.valueOf(OpenSsl.versionString());
		}

	}

}
