package io.github.mcpwss.autoconfigure;

import java.util.function.Function;

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
