package io.github.mcpwss.autoconfigure;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import io.github.mcpwss.tls.EdwardsCurveKeys;
import io.netty.handler.ssl.OpenSsl;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.core.env.Environment;
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
	 * Return the engine of the server, or of the client without a name.
	 * @param properties the properties
	 * @param environment the environment
	 * @param beanFactory where the beans are
	 * @return tells the name and version for the TLS material
	 */
	static Function<@Nullable SslBundle, String> of(McpWebSocketProperties properties, Environment environment,
			ConfigurableListableBeanFactory beanFactory) {
		return switch (Mode.of(properties)) {
			case SERVER -> (ServerHosting.of(properties, environment, beanFactory) == ServerHosting.SERVLET)
					? (bundle) -> ofServlet() : TlsEngine::ofNetty;
			case CLIENT -> OwnClientCheck.isOwn(beanFactory)
					? (bundle) -> "a ReactorNettyWebSocketClient of the application" : TlsEngine::ofNetty;
			case NONE -> TlsEngine::ofNetty;
		};
	}

	/**
	 * Return the engine of clients and of servers on Reactor Netty.
	 * @param bundle the TLS material, {@code null} if there is none
	 * @return the name and version
	 */
	static String ofNetty(@Nullable SslBundle bundle) {
		if (!isNative()) {
			return ofServlet();
		}
		return (bundle != null && EdwardsCurveKeys.areIn(bundle.getManagers()))
				? ofServlet() + " because of Ed25519 keys, in place of " + Netty.version() : Netty.version();
	}

	/**
	 * Refuse TLS material that fails in each handshake, where nobody chooses the engine
	 * by the material.
	 * @param property where the material comes from
	 * @param bundle the material
	 */
	static void requireUsableByNetty(String property, SslBundle bundle) {
		if (isNative() && EdwardsCurveKeys.areIn(bundle.getManagers())) {
			throw new McpWebSocketConfigurationException(
					"%s has an Ed25519 key, its own or that of an authority, with which %s, which does TLS on this server, can do no handshake."
						.formatted(property, Netty.version()),
					"Configure the certificate by %s in place of server.ssl to have the JDK do TLS, or start the JVM with -Dio.netty.handler.ssl.noOpenSsl=true, or use an RSA or EC key."
						.formatted(McpWebSocketProperties.Tls.PREFIX));
		}
	}

	/**
	 * Refuse cipher suites that the JDK knows and the engine that is used does not.
	 * @param bundle the TLS material
	 */
	static void requireKnownCiphers(SslBundle bundle) {
		String[] ciphers = bundle.getOptions().getCiphers();
		if (ciphers != null && isNative() && !EdwardsCurveKeys.areIn(bundle.getManagers())) {
			List<String> unknown = Stream.of(ciphers).filter((cipher) -> !Netty.isKnown(cipher)).toList();
			if (!unknown.isEmpty()) {
				throw new McpWebSocketConfigurationException(
						"%s does not know the cipher suites %s (%s.ciphers, or the options of the SSL bundle)."
							.formatted(Netty.version(), String.join(", ", unknown), McpWebSocketProperties.Tls.PREFIX),
						"Remove them, or start the JVM with -Dio.netty.handler.ssl.noOpenSsl=true to have the JDK do TLS.");
			}
		}
	}

	private static boolean isNative() {
		return NETTY && Netty.isNative();
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

		static boolean isKnown(String cipher) {
			return OpenSsl.isCipherSuiteAvailable(cipher);
		}

		static String version() {
			return String.valueOf(OpenSsl.versionString());
		}

	}

}
