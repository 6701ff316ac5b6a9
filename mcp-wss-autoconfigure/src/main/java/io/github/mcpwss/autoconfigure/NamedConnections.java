package io.github.mcpwss.autoconfigure;

import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.github.mcpwss.client.ClientSettings;
import io.github.mcpwss.client.McpWebSocketClientTransport;
import io.github.mcpwss.client.McpWebSocketConnections;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.env.Environment;
import org.springframework.web.reactive.socket.client.ReactorNettyWebSocketClient;

/**
 * Makes what each named connection is made of, and knows them all.
 */
final class NamedConnections implements McpWebSocketConnections, TlsDecision {

	private final Map<String, Decision> decisions = new LinkedHashMap<>();

	private final Map<String, McpWebSocketClientTransport> transports = new ConcurrentHashMap<>();

	private final McpWebSocketProperties properties;

	private final ProductionGuard guard;

	private final ClientFactory factory;

	private final BeanFactory beanFactory;

	private final Environment environment;

	NamedConnections(McpWebSocketProperties properties, TlsMaterials materials, ProductionGuard guard,
			ClientTargets targets, SslBundles sslBundles, ClientFactory factory, BeanFactory beanFactory,
			Environment environment) {
		this.properties = properties;
		this.guard = guard;
		this.factory = factory;
		this.beanFactory = beanFactory;
		this.environment = environment;
		guard.check(properties);
		for (EndpointProperties endpoint : EndpointProperties.named(properties)) {
			String name = String.valueOf(endpoint.name());
			ClientTarget target = targets.get(endpoint);
			ClientSslBundle sslBundle = ClientSslBundle.get(target, materials.named(name),
					guard.of(properties, target.endpoint()), sslBundles);
			this.decisions.put(name, new Decision(target.endpoint(), sslBundle));
		}
	}

	ReactorNettyWebSocketClient createClient(String name) {
		Decision decision = decision(name);
		return this.factory.createClient(settings(decision), decision.sslBundle());
	}

	McpWebSocketClientTransport createTransport(String name) {
		ReactorNettyWebSocketClient client = this.beanFactory.getBean(NamedConnectionBeans.clientBeanName(name),
				ReactorNettyWebSocketClient.class);
		Decision decision = decision(name);
		this.guard.check(this.properties, this.factory.violations(client, decision.sslBundle()));
		McpWebSocketClientTransport transport = this.factory.createTransport(settings(decision), client,
				decision.sslBundle());
		decision.sslBundle().onUpdate(transport::renewConnection);
		this.transports.put(name, transport);
		return transport;
	}

	private ClientSettings settings(Decision decision) {
		EndpointProperties endpoint = decision.endpoint();
		String url = endpoint.url();
		if (!LocalPort.isIn(url)) {
			return ClientDecisions.settings(endpoint);
		}
		String resolved = this.environment.resolvePlaceholders(String.valueOf(url));
		return ClientDecisions.settings(LocalPort.isIn(resolved) ? endpoint : endpoint.withUrl(URI.create(resolved)));
	}

	private Decision decision(String name) {
		Decision decision = this.decisions.get(name);
		if (decision == null) {
			throw new IllegalArgumentException(
					"There is no connection '%s' below %s.connections. Those that there are: %s".formatted(name,
							McpWebSocketProperties.PREFIX, this.decisions.keySet()));
		}
		return decision;
	}

	@Override
	public Set<String> getNames() {
		return Collections.unmodifiableSet(this.decisions.keySet());
	}

	@Override
	public McpWebSocketClientTransport getTransport(String name) {
		decision(name);
		return this.beanFactory.getBean(NamedConnectionBeans.transportBeanName(name),
				McpWebSocketClientTransport.class);
	}

	/**
	 * Close every transport that was used.
	 * @return completes when all are closed
	 */
	Mono<Void> close() {
		return Flux.defer(() -> Flux.fromIterable(this.transports.values()))
			.flatMap(McpWebSocketClientTransport::closeGracefully, Integer.MAX_VALUE)
			.then();
	}

	private record Decision(EndpointProperties endpoint, ClientSslBundle sslBundle) {

	}

}
