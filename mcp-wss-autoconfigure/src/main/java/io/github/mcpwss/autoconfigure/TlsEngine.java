package io.github.mcpwss.autoconfigure;

import io.netty.handler.ssl.OpenSsl;

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
	 * @return the name and version
	 */
	static String ofNetty() {
		return (NETTY && Netty.isNative()) ? Netty.version() : ofServlet();
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
