package io.github.mcpwss.autoconfigure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import io.github.mcpwss.client.McpWebSocketClientTransport;
import io.modelcontextprotocol.spec.McpClientTransport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Tells what has no effect where an application has a transport or a WebSocket client of
 * its own, which ours give way to.
 */
final class OwnClientCheck {

	private static final Logger logger = LoggerFactory.getLogger(OwnClientCheck.class);

	private static final String CLIENT = "mcpWebSocketClient";

	private static final String TRANSPORT = "mcpWebSocketClientTransport";

	/**
	 * What our transport holds servers to, whoever opens its sockets.
	 */
	private static final Set<String> TRUST = Set.of("ca-cert-path", "bundle", "verify-server", "accept-invalid-certs",
			"server-name", "pinned-keys", "enabled-protocols", "reload-on-update", "dev-certificate",
			"dev-certificate-directory");

	private OwnClientCheck() {
	}

	/**
	 * Refuse properties that nothing takes, and warn if there is no client over
	 * WebSocket.
	 * @param properties the properties
	 * @param beanFactory where the beans are
	 */
	static void check(McpWebSocketProperties properties, ConfigurableListableBeanFactory beanFactory) {
		if (isOwn(beanFactory)) {
			Map<String, @Nullable Object> tls = new LinkedHashMap<>(properties.tls().values());
			if (beanFactory.containsBeanDefinition(TRANSPORT)) {
				tls.keySet().removeAll(TRUST);
			}
			refuse(properties, "tls", tls);
			refuse(properties, "proxy", properties.proxy().values());
		}
		if (!beanFactory.containsBeanDefinition(TRANSPORT)) {
			warn(beanFactory);
		}
	}

	/**
	 * Return whether the client without a name opens its sockets by a client of the
	 * application's own.
	 * @param beanFactory where the beans are
	 * @return whether there is no client of ours
	 */
	static boolean isOwn(ConfigurableListableBeanFactory beanFactory) {
		return !beanFactory.containsBeanDefinition(CLIENT);
	}

	private static void refuse(McpWebSocketProperties properties, String group, Map<String, @Nullable Object> values) {
		values.forEach((name, value) -> {
			String property = group + "." + name;
			if (value != null && !properties.isInherited(property)) {
				throw new McpWebSocketConfigurationException(
						"%s.%s has no effect: the application has a ReactorNettyWebSocketClient of its own."
							.formatted(McpWebSocketProperties.PREFIX, property),
						"Remove the property, or the bean.");
			}
		});
	}

	private static void warn(ConfigurableListableBeanFactory beanFactory) {
		if (names(McpWebSocketClientTransport.class, beanFactory).isEmpty()) {
			String prefix = McpWebSocketProperties.PREFIX;
			logger.warn(
					"{}.url makes no transport: the application has an McpClientTransport of its own ('{}'). For both, write {}.connections.NAME.url: named connections stand beside other transports.",
					prefix, String.join("', '", names(McpClientTransport.class, beanFactory)), prefix);
		}
	}

	private static List<String> names(Class<?> type, ConfigurableListableBeanFactory beanFactory) {
		return Stream.of(beanFactory.getBeanNamesForType(type, true, false))
			.filter((name) -> !isOfConnection(name, beanFactory))
			.toList();
	}

	private static boolean isOfConnection(String name, ConfigurableListableBeanFactory beanFactory) {
		return beanFactory.containsBeanDefinition(name)
				&& beanFactory.getBeanDefinition(name).hasAttribute(NamedConnectionBeans.ATTRIBUTE);
	}

}
