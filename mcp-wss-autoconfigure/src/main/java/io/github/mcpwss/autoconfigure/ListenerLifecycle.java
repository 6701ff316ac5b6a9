package io.github.mcpwss.autoconfigure;

import java.util.HashMap;

import io.github.mcpwss.server.reactive.McpWebSocketListener;
import io.github.mcpwss.server.reactive.McpWebSocketServerInitializedEvent;

import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;

/**
 * Starts and stops the listener with the application, as Spring Boot does with its web
 * servers, and tells its port.
 */
final class ListenerLifecycle implements SmartLifecycle {

	private static final String PORT = "local.mcp.websocket.port";

	/**
	 * Where Spring Boot keeps the ports of its own servers.
	 */
	private static final String PROPERTY_SOURCE = "server.ports";

	private final McpWebSocketListener listener;

	private final ConfigurableApplicationContext context;

	private volatile boolean running;

	ListenerLifecycle(McpWebSocketListener listener, ConfigurableApplicationContext context) {
		this.listener = listener;
		this.context = context;
	}

	@Override
	public void start() {
		this.listener.start();
		this.running = true;
		publishPort();
		this.context.publishEvent(new McpWebSocketServerInitializedEvent(this.listener));
	}

	private void publishPort() {
		MutablePropertySources sources = this.context.getEnvironment().getPropertySources();
		if (!(sources.get(PROPERTY_SOURCE) instanceof MapPropertySource)) {
			sources.addFirst(new MapPropertySource(PROPERTY_SOURCE, new HashMap<>()));
		}
		if (sources.get(PROPERTY_SOURCE) instanceof MapPropertySource source) {
			source.getSource().put(PORT, this.listener.getPort());
		}
	}

	@Override
	public void stop() {
		this.running = false;
		this.listener.stop();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE;
	}

	@Override
	public boolean isPauseable() {
		return false;
	}

}
