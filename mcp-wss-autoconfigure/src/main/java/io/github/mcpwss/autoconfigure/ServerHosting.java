package io.github.mcpwss.autoconfigure;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.web.context.reactive.ConfigurableReactiveWebEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * What serves the endpoint.
 */
enum ServerHosting {

	/**
	 * A listener of its own.
	 */
	LISTENER,

	/**
	 * The servlet web server of the application.
	 */
	SERVLET,

	/**
	 * The reactive web server of the application.
	 */
	REACTIVE,

	/**
	 * Nothing: the application has no web server.
	 */
	NONE;

	static ServerHosting of(McpWebSocketProperties properties, Environment environment,
			ConfigurableListableBeanFactory beanFactory) {
		if (isListener(properties)) {
			return LISTENER;
		}
		if (Arrays.asList(beanFactory.getRegisteredScopeNames()).contains("request")) {
			return SERVLET;
		}
		return (environment instanceof ConfigurableReactiveWebEnvironment) ? REACTIVE : NONE;
	}

	static boolean isListener(McpWebSocketProperties properties) {
		return isListener(properties.url());
	}

	static boolean isListener(Environment environment) {
		return isListener(
				Binder.get(environment).bind(McpWebSocketProperties.PREFIX + ".url", String.class).orElse(""));
	}

	private static boolean isListener(@Nullable String url) {
		return StringUtils.hasText(url);
	}

}
