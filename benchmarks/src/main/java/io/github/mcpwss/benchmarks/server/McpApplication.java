package io.github.mcpwss.benchmarks.server;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * A Spring Boot application as a user would write it, with nothing but the properties
 * that choose where and how it serves.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({ EchoTools.class, WebSocketServers.class })
class McpApplication {

	static int start(Subject subject, Path directory) {
		SpringApplication application = new SpringApplication(McpApplication.class);
		ConfigurableApplicationContext context = application.run(arguments(properties(subject, directory)));
		Integer port = context.getEnvironment()
			.getProperty((subject.kind() == Subject.Kind.LISTENER) ? "local.mcp.websocket.port" : "local.server.port",
					Integer.class);
		if (port == null) {
			throw new IllegalStateException(subject + " does not listen");
		}
		return port;
	}

	private static String[] arguments(Map<String, Object> properties) {
		return properties.entrySet()
			.stream()
			.map((property) -> "--" + property.getKey() + "=" + property.getValue())
			.toArray(String[]::new);
	}

	private static Map<String, Object> properties(Subject subject, Path directory) {
		Map<String, Object> properties = new HashMap<>();
		properties.put("spring.main.banner-mode", "off");
		properties.put("logging.level.root", "warn");
		properties.put("server.address", "127.0.0.1");
		properties.put("server.port", 0);
		properties.put("spring.ai.mcp.server.annotation-scanner.enabled", false);
		properties.put("benchmark.async", subject.isAsync());
		String certificate = directory.resolve(ServerTlsFiles.CERTIFICATE).toString();
		String key = directory.resolve(ServerTlsFiles.KEY).toString();
		if (subject.isHttp()) {
			properties.put("server.ssl.certificate", certificate);
			properties.put("server.ssl.certificate-private-key", key);
			// The default of 100 would make it shake hands again and again.
			properties.put("server.tomcat.max-keep-alive-requests", -1);
			properties.put("spring.ai.mcp.server.protocol", "STREAMABLE");
			properties.put("spring.ai.mcp.server.type", subject.isAsync() ? "ASYNC" : "SYNC");
		}
		else {
			properties.put("spring.ai.mcp.server.enabled", false);
			properties.put("mcp.websocket.server-mode", true);
			properties.put("mcp.websocket.max-connections", 1000);
			if (subject.tls() != Subject.Tls.NONE) {
				properties.put("mcp.websocket.tls.cert-path", certificate);
				properties.put("mcp.websocket.tls.key-path", key);
			}
		}
		switch (subject.kind()) {
			case STREAMABLE_HTTP, TOMCAT -> {
				properties.put("spring.main.web-application-type", "servlet");
				exclude(properties, "jetty");
			}
			case JETTY -> {
				properties.put("spring.main.web-application-type", "servlet");
				exclude(properties, "tomcat");
			}
			case REACTIVE -> {
				properties.put("spring.main.web-application-type", "reactive");
				excludeAll(properties);
			}
			case LISTENER -> {
				properties.put("spring.main.web-application-type", "none");
				boolean plain = subject.tls() == Subject.Tls.NONE;
				properties.put("mcp.websocket.url", plain ? "ws://127.0.0.1:0/mcp" : "wss://127.0.0.1:0/mcp");
				properties.put("mcp.websocket.use-tls", !plain);
			}
			case ECHO -> throw new IllegalArgumentException("Not an application: " + subject);
		}
		return properties;
	}

	private static void exclude(Map<String, Object> properties, String server) {
		properties.put("spring.autoconfigure.exclude", className(server, "Servlet"));
	}

	private static void excludeAll(Map<String, Object> properties) {
		properties.put("spring.autoconfigure.exclude",
				className("tomcat", "Reactive") + "," + className("jetty", "Reactive"));
	}

	private static String className(String server, String type) {
		String name = server.substring(0, 1).toUpperCase(Locale.ROOT) + server.substring(1);
		return "org.springframework.boot." + server + ".autoconfigure." + type.toLowerCase(Locale.ROOT) + "." + name
				+ type + "WebServerAutoConfiguration";
	}

}
