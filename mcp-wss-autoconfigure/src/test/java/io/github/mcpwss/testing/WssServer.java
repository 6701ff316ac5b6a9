package io.github.mcpwss.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;

import io.github.mcpwss.jsonrpc.JsonRpcCodec;
import io.github.mcpwss.server.FrameRules;
import io.github.mcpwss.server.McpWebSocketServerTransportProvider;
import io.github.mcpwss.server.ServerSettings;
import io.github.mcpwss.server.servlet.McpWebSocketHttpRequestHandler;
import io.github.mcpwss.server.servlet.RequestTimeoutProtocol;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.tomcat.websocket.server.WsContextListener;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServer;

/**
 * An MCP endpoint on a Tomcat of its own, on a random port of the loopback interface.
 */
public final class WssServer extends ProviderServer {

	private final WebServer webServer;

	public WssServer() {
		this(ServerSetup.defaults());
	}

	public WssServer(ServerSettings settings) {
		this(ServerSetup.of(settings));
	}

	WssServer(ServerSetup setup) {
		super(setup);
		this.webServer = start(handler(setup, provider()), setup.handshakeTimeout());
	}

	static McpWebSocketHttpRequestHandler handler(ServerSetup setup, McpWebSocketServerTransportProvider provider) {
		FrameRules frameRules = setup.settings().frameRules();
		return (setup.contextExtractor() != null)
				? new McpWebSocketHttpRequestHandler(provider, frameRules, setup.rules(), setup.contextExtractor())
				: new McpWebSocketHttpRequestHandler(provider, frameRules, setup.rules());
	}

	private WebServer start(McpWebSocketHttpRequestHandler handler, Duration handshakeTimeout) {
		TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory(0);
		factory.setAddress(InetAddress.getLoopbackAddress());
		factory.setSsl(Ssl.forBundle("server"));
		factory.setSslBundles(sslBundles());
		factory.setProtocol(RequestTimeoutProtocol.class.getName());
		factory.addConnectorCustomizers((connector) -> {
			RequestTimeoutProtocol protocol = (RequestTimeoutProtocol) connector.getProtocolHandler();
			protocol.setRequestTimeout(handshakeTimeout);
		});
		factory.addContextCustomizers((context) -> context.addApplicationListener(WsContextListener.class.getName()));
		WebServer server = factory.getWebServer(
				(servletContext) -> servletContext.addServlet("mcp", new EndpointServlet(handler)).addMapping("/mcp"));
		server.start();
		return server;
	}

	public static JsonRpcCodec codec() {
		return new JsonRpcCodec(JsonMapper.shared());
	}

	public static SettingsBuilder settings() {
		return new SettingsBuilder();
	}

	@Override
	public int port() {
		return this.webServer.getPort();
	}

	@Override
	void stop() {
		this.webServer.stop();
		this.webServer.destroy();
	}

	static final class EndpointServlet extends HttpServlet {

		private final transient McpWebSocketHttpRequestHandler handler;

		EndpointServlet(McpWebSocketHttpRequestHandler handler) {
			this.handler = handler;
		}

		@Override
		protected void service(HttpServletRequest request, HttpServletResponse response)
				throws ServletException, IOException {
			this.handler.handleRequest(request, response);
		}

	}

	/**
	 * The product's defaults, but for what a test says.
	 */
	public static final class SettingsBuilder {

		private int maxConnections = 100;

		private int maxMessageSize = 16 * 1024 * 1024;

		private boolean compression;

		private @Nullable Long maxSendBufferSize;

		private int maxInFlightRequests = 1024;

		private Duration heartbeatInterval = Duration.ofSeconds(30);

		private Duration initializationTimeout = Duration.ofSeconds(30);

		private Duration shutdownTimeout = Duration.ofSeconds(5);

		public SettingsBuilder maxConnections(int maxConnections) {
			this.maxConnections = maxConnections;
			return this;
		}

		public SettingsBuilder maxMessageSize(int maxMessageSize) {
			this.maxMessageSize = maxMessageSize;
			return this;
		}

		public SettingsBuilder compression(boolean compression) {
			this.compression = compression;
			return this;
		}

		public SettingsBuilder maxSendBufferSize(long maxSendBufferSize) {
			this.maxSendBufferSize = maxSendBufferSize;
			return this;
		}

		public SettingsBuilder maxInFlightRequests(int maxInFlightRequests) {
			this.maxInFlightRequests = maxInFlightRequests;
			return this;
		}

		public SettingsBuilder heartbeatInterval(Duration heartbeatInterval) {
			this.heartbeatInterval = heartbeatInterval;
			return this;
		}

		public SettingsBuilder initializationTimeout(Duration initializationTimeout) {
			this.initializationTimeout = initializationTimeout;
			return this;
		}

		public SettingsBuilder shutdownTimeout(Duration shutdownTimeout) {
			this.shutdownTimeout = shutdownTimeout;
			return this;
		}

		public ServerSettings build() {
			long maxSendBufferSize = (this.maxSendBufferSize != null) ? this.maxSendBufferSize
					: 4L * this.maxMessageSize;
			return new ServerSettings(this.maxConnections, new FrameRules(this.maxMessageSize, this.compression),
					maxSendBufferSize, this.maxInFlightRequests, this.heartbeatInterval, this.initializationTimeout,
					this.shutdownTimeout);
		}

	}

}
