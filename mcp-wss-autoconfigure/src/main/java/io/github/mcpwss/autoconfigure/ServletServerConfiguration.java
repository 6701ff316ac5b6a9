package io.github.mcpwss.autoconfigure;

import java.util.Map;

import io.github.mcpwss.server.FrameRules;
import io.github.mcpwss.server.HandshakeRules;
import io.github.mcpwss.server.McpWebSocketServerTransportProvider;
import io.github.mcpwss.server.servlet.McpWebSocketHttpRequestHandler;
import io.modelcontextprotocol.server.McpTransportContextExtractor;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.servlet.ConfigurableServletWebServerFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;

/**
 * The endpoint on the web server of a servlet application.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(OnListenerCondition.OfApplication.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({ WebSocketHttpRequestHandler.class, SimpleUrlHandlerMapping.class,
		ConfigurableServletWebServerFactory.class })
class ServletServerConfiguration {

	/**
	 * Before the controllers', which may map everything.
	 */
	private static final int HANDLER_MAPPING_ORDER = -1;

	private final McpWebSocketProperties properties;

	ServletServerConfiguration(McpWebSocketProperties properties, ProductionGuard guard) {
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
		return new WebServerTlsCheck(this.properties, tls, factory, guard, false);
	}

	@Bean
	ServerTlsCustomizer mcpWebSocketServerTlsCustomizer(ServerTls tls) {
		return new ServerTlsCustomizer(tls);
	}

	@Bean
	DeployedServerCheck mcpWebSocketDeployedServerCheck(ApplicationContext applicationContext) {
		return new DeployedServerCheck(this.properties, applicationContext);
	}

	@Bean
	@ConditionalOnBean(McpWebSocketServerTransportProvider.class)
	SimpleUrlHandlerMapping mcpWebSocketHandlerMapping(McpWebSocketServerTransportProvider provider, ServerTls tls,
			ObjectProvider<McpTransportContextExtractor<ServerHttpRequest>> contextExtractor,
			ObjectProvider<ServerProperties> serverProperties) {
		FrameRules frameRules = ServerDecisions.frameRules(this.properties);
		ServerProperties server = serverProperties.getIfAvailable();
		HandshakeRules rules = ServerDecisions.handshakeRules(this.properties,
				(server != null) ? server.getAddress() : null, tls.rule());
		McpTransportContextExtractor<ServerHttpRequest> extractor = contextExtractor.getIfAvailable();
		McpWebSocketHttpRequestHandler handler = (extractor != null)
				? new McpWebSocketHttpRequestHandler(provider, frameRules, rules, extractor)
				: new McpWebSocketHttpRequestHandler(provider, frameRules, rules);
		return new SimpleUrlHandlerMapping(Map.of(ServerDecisions.path(this.properties), handler),
				HANDLER_MAPPING_ORDER);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(TomcatServletWebServerFactory.class)
	static class TomcatConfiguration {

		@Bean
		TomcatServerCustomizer mcpWebSocketTomcatServerCustomizer(McpWebSocketProperties properties) {
			return new TomcatServerCustomizer(properties);
		}

		@Bean
		TomcatTlsCustomizer mcpWebSocketTomcatTlsCustomizer(ServerTls tls) {
			return new TomcatTlsCustomizer(tls);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(JettyServletWebServerFactory.class)
	static class JettyConfiguration {

		@Bean
		JettyServerCustomizer mcpWebSocketJettyServerCustomizer(McpWebSocketProperties properties) {
			return new JettyServerCustomizer(ServerDecisions.handshakeTimeout(properties));
		}

		@Bean
		JettyTlsCustomizer mcpWebSocketJettyTlsCustomizer(ServerTls tls) {
			return new JettyTlsCustomizer(tls);
		}

	}

}
