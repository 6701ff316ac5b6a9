package io.github.mcpwss.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Refuses properties that would have chosen other beans than there are. The choice is
 * made by conditions, once: ahead-of-time processing makes it at build time, and a
 * property source that is added after the conditions comes too late. What is left of the
 * properties would then configure, and be judged as, something else than what runs.
 */
final class Activation {

	private Activation() {
	}

	/**
	 * Refuse to start where the properties ask for beans that are not there, or not for
	 * those that are.
	 * @param properties the properties
	 * @param hosting what should serve the endpoint in server mode
	 * @param beanFactory where the beans are
	 */
	static void check(McpWebSocketProperties properties, ServerHosting hosting,
			ConfigurableListableBeanFactory beanFactory) {
		Mode mode = Mode.of(properties);
		Map<Class<?>, Boolean> expected = new LinkedHashMap<>();
		expected.put(McpWebSocketServerAutoConfiguration.class, mode == Mode.SERVER);
		expected.put(McpWebSocketClientAutoConfiguration.class, mode == Mode.CLIENT);
		expected.put(McpWebSocketConnectionsAutoConfiguration.class, !properties.connections().isEmpty());
		expected.put(ListenerConfiguration.class, mode == Mode.SERVER && hosting == ServerHosting.LISTENER);
		expected.forEach((configuration, wanted) -> {
			if (isThere(configuration, beanFactory) != wanted) {
				throw tooLate();
			}
		});
	}

	/**
	 * Refuse beans of the application in the place of those that look after security and
	 * that nothing else asks for: a definition by the name of ours would replace them in
	 * silence.
	 * @param beanFactory where the beans are
	 */
	static void requireOwnBeans(ConfigurableListableBeanFactory beanFactory) {
		Map<String, Class<?>> required = new LinkedHashMap<>();
		required.put("mcpWebSocketUnknownProperties", UnknownProperties.class);
		required.put("mcpWebSocketStartupCheck", StartupCheck.class);
		required.put("mcpWebSocketTlsMaterialBeanPostProcessor", TlsMaterialBeanPostProcessor.class);
		required.put("mcpWebSocketTlsAuditor", TlsAuditor.class);
		if (isThere(ServletServerConfiguration.class, beanFactory)
				|| isThere(ReactiveServerConfiguration.class, beanFactory)) {
			required.put("mcpWebSocketWebServerTlsCheck", WebServerTlsCheck.class);
			required.put("mcpWebSocketServerTlsCustomizer", ServerTlsCustomizer.class);
		}
		required.forEach((name, type) -> {
			if (!beanFactory.containsBeanDefinition(name) || !beanFactory.isTypeMatch(name, type)) {
				throw new McpWebSocketConfigurationException(
						"The bean '%s' is not the one of MCP over WebSocket (%s).".formatted(name, type.getName()),
						"Give the bean of the application another name, and leave ours where it is. To do without MCP over WebSocket, set %s.enabled to false."
							.formatted(McpWebSocketProperties.PREFIX));
			}
		});
	}

	private static boolean isThere(Class<?> configuration, ListableBeanFactory beanFactory) {
		return beanFactory.getBeanNamesForType(configuration, false, false).length > 0;
	}

	/**
	 * Refuse properties that another mode was chosen by.
	 * @param properties the properties that are about to take effect
	 * @param mode the mode that was chosen
	 */
	static void require(McpWebSocketProperties properties, Mode mode) {
		if (Mode.of(properties) != mode) {
			throw tooLate();
		}
	}

	/**
	 * Refuse properties that another place of the endpoint was chosen by.
	 * @param properties the properties that are about to take effect
	 * @param listener whether a listener of its own was chosen
	 */
	static void requireListener(McpWebSocketProperties properties, boolean listener) {
		require(properties, Mode.SERVER);
		if (ServerHosting.isListener(properties) != listener) {
			throw tooLate();
		}
	}

	private static McpWebSocketConfigurationException tooLate() {
		String prefix = McpWebSocketProperties.PREFIX;
		return new McpWebSocketConfigurationException(
				"%1$s.server-mode, %1$s.url or %1$s.connections have other values than when it was decided whether this application is a server, a client, or has named connections."
					.formatted(prefix),
				"""
						Set them before that. An application that was processed ahead of time decides when it is built: \
						give it these properties there, or process it again. In any other, a property source that is \
						added while the context starts comes too late: use application.yml, the environment, an argument \
						or an EnvironmentPostProcessor.""");
	}

}
