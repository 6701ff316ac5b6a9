package io.github.mcpwss.autoconfigure;

import java.util.List;
import java.util.Map;

import io.github.mcpwss.autoconfigure.McpWebSocketProperties.Tls;
import io.github.mcpwss.server.McpWebSocketServerTransportProvider;
import io.modelcontextprotocol.spec.McpServerTransportProviderBase;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Refuses to start with properties that would have no effect: unknown ones, ones that the
 * mode does not know, and modes that lack what they need.
 */
final class StartupCheck implements BeanFactoryPostProcessor {

	private static final Logger logger = LoggerFactory.getLogger(StartupCheck.class);

	private static final Map<String, String> SERVER_DEPENDENCIES = Map.of(
			"org.springframework.web.socket.server.support.WebSocketHttpRequestHandler",
			"org.springframework.boot:spring-boot-starter-websocket",
			"org.springframework.web.servlet.DispatcherServlet",
			"org.springframework.boot:spring-boot-starter-websocket",
			"org.springframework.boot.web.server.servlet.ConfigurableServletWebServerFactory",
			"org.springframework.boot:spring-boot-starter-websocket");

	private static final Map<String, String> NETTY_DEPENDENCIES = Map.of("reactor.netty.http.server.HttpServer",
			"io.projectreactor.netty:reactor-netty-http", "org.springframework.web.server.WebHandler",
			"org.springframework:spring-web", "org.springframework.web.reactive.DispatcherHandler",
			"org.springframework:spring-webflux",
			"org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory",
			"org.springframework.boot:spring-boot-reactor-netty");

	private static final Map<String, String> CLIENT_DEPENDENCIES = Map.of(
			"org.springframework.web.reactive.socket.client.ReactorNettyWebSocketClient",
			"org.springframework:spring-webflux", "reactor.netty.http.client.HttpClient",
			"io.projectreactor.netty:reactor-netty-http",
			"org.springframework.boot.http.client.ReactorHttpClientBuilder",
			"org.springframework.boot:spring-boot-http-client");

	private final Environment environment;

	StartupCheck(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		McpWebSocketProperties properties = Binder.get(this.environment)
			.bindOrCreate(McpWebSocketProperties.PREFIX, McpWebSocketProperties.class);
		Mode mode = Mode.of(properties);
		ServerHosting hosting = ServerHosting.of(properties, this.environment, beanFactory);
		List<ConfigurationProblem> problems = PropertyRules.check(properties, mode);
		if (!problems.isEmpty()) {
			throw new McpWebSocketConfigurationException(problems);
		}
		ClassLoader classLoader = beanFactory.getBeanClassLoader();
		switch (mode) {
			case NONE -> {
				if (properties.connections().isEmpty()) {
					logger.debug(
							"None of {}.server-mode, {}.url and {}.connections is set: there is no MCP over WebSocket",
							McpWebSocketProperties.PREFIX, McpWebSocketProperties.PREFIX,
							McpWebSocketProperties.PREFIX);
				}
			}
			case SERVER -> {
				checkServer(properties, hosting, classLoader);
				checkProvider(hosting, beanFactory);
			}
			case CLIENT -> {
				requireDependencies(CLIENT_DEPENDENCIES, "url", classLoader);
				ServerUrl.get(EndpointProperties.of(properties));
				OwnClientCheck.check(properties, beanFactory);
			}
		}
		if (!properties.connections().isEmpty()) {
			requireDependencies(CLIENT_DEPENDENCIES, "connections", classLoader);
			EndpointProperties.named(properties).forEach(ServerUrl::check);
		}
		Activation.check(properties, hosting, beanFactory);
	}

	/**
	 * Servers on Reactor Netty verify client certificates on their event loops, of which
	 * one that waits for an OCSP responder holds up hundreds of connections.
	 * @param properties the properties
	 */
	private static void refuseRevocationOverNetwork(McpWebSocketProperties properties) {
		if (properties.tls().isRevocation() && properties.tls().crlPaths().isEmpty()) {
			throw new McpWebSocketConfigurationException(
					"%s.revocation is set without %s.crl-paths, and servers on Reactor Netty do not ask OCSP responders and distribution points: one that is slow would hold up other connections."
						.formatted(Tls.PREFIX, Tls.PREFIX),
					"Set %s.crl-paths to the revocation lists of the authorities, or remove %s.revocation."
						.formatted(Tls.PREFIX, Tls.PREFIX));
		}
	}

	private static void checkServer(McpWebSocketProperties properties, ServerHosting hosting,
			@Nullable ClassLoader classLoader) {
		switch (hosting) {
			case LISTENER -> {
				requireDependencies(NETTY_DEPENDENCIES, "url", classLoader);
				ListenerAddress.get(properties);
				refuseRevocationOverNetwork(properties);
			}
			case SERVLET -> requireDependencies(SERVER_DEPENDENCIES, "server-mode", classLoader);
			case REACTIVE -> {
				requireDependencies(NETTY_DEPENDENCIES, "server-mode", classLoader);
				refuseRevocationOverNetwork(properties);
			}
			case NONE -> throw new McpWebSocketConfigurationException(
					"%s.server-mode is true, and this application is not a web application, whose web server the endpoint needs."
						.formatted(McpWebSocketProperties.PREFIX),
					"Set %s.url to an address such as wss://0.0.0.0:8443/mcp for a listener of its own, or remove spring.main.web-application-type. For a client, set %s.server-mode to false."
						.formatted(McpWebSocketProperties.PREFIX, McpWebSocketProperties.PREFIX));
		}
	}

	private static void checkProvider(ServerHosting hosting, ListableBeanFactory beanFactory) {
		if (beanFactory.getBeanNamesForType(McpWebSocketServerTransportProvider.class, true, false).length > 0) {
			return;
		}
		String[] others = beanFactory.getBeanNamesForType(McpServerTransportProviderBase.class, true, false);
		if (others.length == 0) {
			return;
		}
		String reason = "the application has a transport provider of its own ('%s'), which is not declared as %s"
			.formatted(String.join("', '", others), McpWebSocketServerTransportProvider.class.getSimpleName());
		if (hosting == ServerHosting.LISTENER) {
			throw new McpWebSocketConfigurationException(
					"%s.url has no effect: %s.".formatted(McpWebSocketProperties.PREFIX, reason),
					"Remove %s.url, or the bean.".formatted(McpWebSocketProperties.PREFIX));
		}
		logger.info("There is no MCP endpoint over WebSocket: {}", reason);
	}

	private static void requireDependencies(Map<String, String> dependencies, String property,
			@Nullable ClassLoader classLoader) {
		dependencies.forEach((className, dependency) -> {
			if (!ClassUtils.isPresent(className, classLoader)) {
				throw new McpWebSocketConfigurationException(
						"%s.%s is set, and %s is not on the classpath (there is no class %s)."
							.formatted(McpWebSocketProperties.PREFIX, property, dependency, className),
						"Add the dependency %s, or use mcp-wss-starter, which brings it.".formatted(dependency));
			}
		});
	}

}
