package io.github.mcpwss.integration;

import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.jetty.autoconfigure.reactive.JettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.jetty.autoconfigure.servlet.JettyServletWebServerAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.reactive.TomcatReactiveWebServerAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;

/**
 * The web servers that an application may have, all of which are on the classpath here.
 */
enum WebStack {

	TOMCAT("TomcatWebServer", WebApplicationType.SERVLET, JettyServletWebServerAutoConfiguration.class),

	JETTY("JettyServletWebServer", WebApplicationType.SERVLET, TomcatServletWebServerAutoConfiguration.class),

	REACTOR_NETTY("NettyWebServer", WebApplicationType.REACTIVE, JettyReactiveWebServerAutoConfiguration.class,
			TomcatReactiveWebServerAutoConfiguration.class);

	private final String webServer;

	private final WebApplicationType type;

	private final Class<?>[] others;

	WebStack(String webServer, WebApplicationType type, Class<?>... others) {
		this.webServer = webServer;
		this.type = type;
		this.others = others;
	}

	/**
	 * Return the name of Spring Boot's class for the web server.
	 * @return the simple name
	 */
	String webServer() {
		return this.webServer;
	}

	WebApplicationType type() {
		return this.type;
	}

	/**
	 * Return the property that leaves the other web servers out.
	 * @return the property
	 */
	String property() {
		return "spring.autoconfigure.exclude="
				+ Stream.of(this.others).map(Class::getName).collect(Collectors.joining(","));
	}

}
