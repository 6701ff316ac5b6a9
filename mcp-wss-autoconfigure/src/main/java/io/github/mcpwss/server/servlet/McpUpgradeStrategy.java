package io.github.mcpwss.server.servlet;

import java.io.IOException;
import java.security.Principal;
import java.util.List;
import java.util.Map;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.Extension;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.util.Assert;
import org.springframework.web.socket.WebSocketExtension;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.adapter.standard.StandardWebSocketHandlerAdapter;
import org.springframework.web.socket.adapter.standard.StandardWebSocketSession;
import org.springframework.web.socket.server.HandshakeFailureException;
import org.springframework.web.socket.server.RequestUpgradeStrategy;

/**
 * Upgrades by the Jakarta WebSocket API, without extensions unless compression is wanted.
 * Left to themselves, Tomcat and Jetty take {@code permessage-deflate} unasked and spend
 * a compressor on every connection.
 */
final class McpUpgradeStrategy implements RequestUpgradeStrategy {

	private static final String CONTAINER = ServerContainer.class.getName();

	private final boolean compression;

	McpUpgradeStrategy(boolean compression) {
		this.compression = compression;
	}

	@Override
	public String[] getSupportedVersions() {
		return new String[] { "13" };
	}

	@Override
	public List<WebSocketExtension> getSupportedExtensions(ServerHttpRequest request) {
		return List.of();
	}

	@Override
	public void upgrade(ServerHttpRequest request, ServerHttpResponse response, @Nullable String selectedProtocol,
			List<WebSocketExtension> selectedExtensions, @Nullable Principal user, WebSocketHandler handler,
			Map<String, Object> attributes) {
		HttpServletRequest servletRequest = ((ServletServerHttpRequest) request).getServletRequest();
		// Copied, since the container uses its request again after the handshake.
		StandardWebSocketSession session = new StandardWebSocketSession(HttpHeaders.copyOf(request.getHeaders()),
				attributes, request.getLocalAddress(), request.getRemoteAddress(), user);
		ServerEndpointConfig config = ServerEndpointConfig.Builder
			.create(StandardWebSocketHandlerAdapter.class, servletRequest.getRequestURI())
			.subprotocols((selectedProtocol != null) ? List.of(selectedProtocol) : List.of())
			.configurator(new EndpointConfigurator(new StandardWebSocketHandlerAdapter(handler, session),
					selectedProtocol, this.compression))
			.build();
		try {
			container(servletRequest).upgradeHttpToWebSocket(servletRequest,
					((ServletServerHttpResponse) response).getServletResponse(), config, Map.of());
		}
		catch (IOException | DeploymentException ex) {
			throw new HandshakeFailureException("Could not upgrade to WebSocket", ex);
		}
	}

	private static ServerContainer container(HttpServletRequest request) {
		Object container = request.getServletContext().getAttribute(CONTAINER);
		Assert.state(container instanceof ServerContainer,
				() -> "The servlet container has no WebSocket support: there is no attribute " + CONTAINER);
		return (ServerContainer) container;
	}

	private static final class EndpointConfigurator extends ServerEndpointConfig.Configurator {

		private final Endpoint endpoint;

		private final @Nullable String subprotocol;

		private final boolean compression;

		EndpointConfigurator(Endpoint endpoint, @Nullable String subprotocol, boolean compression) {
			this.endpoint = endpoint;
			this.subprotocol = subprotocol;
			this.compression = compression;
		}

		@Override
		public <T> T getEndpointInstance(Class<T> endpointClass) {
			return endpointClass.cast(this.endpoint);
		}

		@Override
		public String getNegotiatedSubprotocol(List<String> supported, List<String> requested) {
			return (this.subprotocol != null) ? this.subprotocol : "";
		}

		@Override
		public List<Extension> getNegotiatedExtensions(List<Extension> installed, List<Extension> requested) {
			return this.compression ? CompressionOffers.firstAcceptable(requested).map(List::of).orElse(List.of())
					: List.of();
		}

	}

}
