package io.github.mcpwss.autoconfigure;

import io.github.mcpwss.server.HandshakeRules;
import io.github.mcpwss.server.McpWebSocketServerTransportProvider;
import io.github.mcpwss.server.reactive.McpWebSocketListener;
import io.modelcontextprotocol.server.McpTransportContextExtractor;
import reactor.netty.http.server.HttpServer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.web.reactive.DispatcherHandler;

/**
 * The endpoint on a listener of its own.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(OnListenerCondition.Own.class)
@ConditionalOnClass({ DispatcherHandler.class, HttpServer.class, NettyReactiveWebServerFactory.class })
class ListenerConfiguration {

	private final McpWebSocketProperties properties;

	ListenerConfiguration(McpWebSocketProperties properties, ProductionGuard guard) {
		guard.check(properties);
		Activation.requireListener(properties, true);
		this.properties = properties;
	}

	@Bean
	ServerTls mcpWebSocketServerTls(TlsMaterials materials, SslBundles sslBundles, ProductionGuard guard) {
		return ServerTls.get(this.properties, materials.endpoint(), null, sslBundles, guard);
	}

	@Bean
	@ConditionalOnBean(McpWebSocketServerTransportProvider.class)
	ListenerLifecycle mcpWebSocketListener(McpWebSocketServerTransportProvider provider, ServerTls tls,
			ObjectProvider<McpTransportContextExtractor<ServerHttpRequest>> contextExtractor,
			ObjectProvider<ReactorResourceFactory> resourceFactory, ConfigurableApplicationContext context) {
		ListenerAddress address = ListenerAddress.get(this.properties);
		HandshakeRules rules = ServerDecisions.handshakeRules(this.properties, address.address().getAddress(),
				tls.rule());
		NettyReactiveWebServerFactory factory = new NettyReactiveWebServerFactory();
		factory.setSsl(tls.ssl());
		factory.setSslBundles(tls.sslBundles());
		new NettyTlsCustomizer(tls).customize(factory);
		factory.setResourceFactory(resourceFactory.getIfUnique());
		McpWebSocketListener listener = new McpWebSocketListener(factory, address.address(), address.path(),
				ReactiveServerConfiguration.webHandler(provider, this.properties, rules, contextExtractor),
				ServerDecisions.handshakeTimeout(this.properties));
		return new ListenerLifecycle(listener, context);
	}

}
