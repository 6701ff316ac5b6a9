package io.github.mcpwss.autoconfigure;

import java.util.Map;

import io.github.mcpwss.server.FrameRules;
import io.github.mcpwss.server.HandshakeRules;
import io.github.mcpwss.server.McpWebSocketServerTransportProvider;
import io.github.mcpwss.server.reactive.McpWebSocketWebHandler;
import io.modelcontextprotocol.server.McpTransportContextExtractor;
import reactor.netty.http.server.HttpServer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.web.reactive.DispatcherHandler;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;

/**
 * The endpoint on the web server of a reactive application.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(OnListenerCondition.OfApplication.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnClass({ DispatcherHandler.class, HttpServer.class, NettyReactiveWebServerFactory.class })
class ReactiveServerConfiguration {

	/**
	 * Before the controllers', which may map everything.
	 */
	private static final int HANDLER_MAPPING_ORDER = -1;

	private final McpWebSocketProperties properties;

	ReactiveServerConfiguration(McpWebSocketProperties properties, ProductionGuard guard) {
		guard.check(properties);
		Activation.requireListener(properties, false);
		this.properties = properties;
	}

	@Bean
	ServerTls mcpWebSocketServerTls(TlsMaterials materials, ObjectProvider<ServerProperties> serverProperties,
			SslBundles sslBundles, ProductionGuard guard) {
		ServerProperties server = serverProperties.getIfAvailable();
		return ServerTls.get(this.properties, materials.endpoint(), (server != null) ? server.getSsl() : null,
				sslBundles, guard);
	}

	@Bean
	WebServerTlsCheck mcpWebSocketWebServerTlsCheck(ServerTls tls,
			ObjectProvider<AbstractConfigurableWebServerFactory> factory, ProductionGuard guard) {
		return new WebServerTlsCheck(this.properties, tls, factory, guard, true);
	}

	@Bean
	ServerTlsCustomizer mcpWebSocketServerTlsCustomizer(ServerTls tls) {
		return new ServerTlsCustomizer(tls);
	}

	@Bean
	ReactiveServerCustomizer mcpWebSocketReactiveServerCustomizer(ServerTls tls) {
		return new ReactiveServerCustomizer(ServerDecisions.handshakeTimeout(this.properties), tls);
	}

	@Bean
	@ConditionalOnBean(McpWebSocketServerTransportProvider.class)
	SimpleUrlHandlerMapping mcpWebSocketHandlerMapping(McpWebSocketServerTransportProvider provider, ServerTls tls,
			ObjectProvider<McpTransportContextExtractor<ServerHttpRequest>> contextExtractor,
			ObjectProvider<ServerProperties> serverProperties) {
		ServerProperties server = serverProperties.getIfAvailable();
		HandshakeRules rules = ServerDecisions.handshakeRules(this.properties,
				(server != null) ? server.getAddress() : null, tls.rule());
		McpWebSocketWebHandler handler = webHandler(provider, this.properties, rules, contextExtractor);
		return new SimpleUrlHandlerMapping(Map.of(ServerDecisions.path(this.properties), handler),
				HANDLER_MAPPING_ORDER);
	}

	static McpWebSocketWebHandler webHandler(McpWebSocketServerTransportProvider provider,
			McpWebSocketProperties properties, HandshakeRules rules,
			ObjectProvider<McpTransportContextExtractor<ServerHttpRequest>> contextExtractor) {
		FrameRules frameRules = ServerDecisions.frameRules(properties);
		McpTransportContextExtractor<ServerHttpRequest> extractor = contextExtractor.getIfAvailable();
		return (extractor != null) ? new McpWebSocketWebHandler(provider, frameRules, rules, extractor)
				: new McpWebSocketWebHandler(provider, frameRules, rules);
	}

}
