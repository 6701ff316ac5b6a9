package io.github.mcpwss.autoconfigure;

import java.util.Set;
import java.util.function.Function;

import io.github.mcpwss.client.McpWebSocketClientTransport;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.beans.factory.support.InstanceSupplier;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.web.reactive.socket.client.ReactorNettyWebSocketClient;

/**
 * Registers the beans of the named connections. They have to be asked for by qualifier,
 * so that they never stand in the way of a bean that is injected by its type.
 */
final class NamedConnectionBeans implements BeanDefinitionRegistryPostProcessor {

	/**
	 * Marks the definitions, which are made anew wherever the application starts.
	 */
	static final String ATTRIBUTE = NamedConnectionBeans.class.getName();

	private final Environment environment;

	NamedConnectionBeans(Environment environment) {
		this.environment = environment;
	}

	static String transportBeanName(String name) {
		return name + "McpWebSocketClientTransport";
	}

	static String clientBeanName(String name) {
		return name + "McpWebSocketClient";
	}

	static Set<String> names(Environment environment) {
		return Binder.get(environment)
			.bind(McpWebSocketProperties.PREFIX + ".connections", Bindable.mapOf(String.class, Object.class))
			.map((connections) -> connections.keySet())
			.orElse(Set.of());
	}

	@Override
	public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
		for (String name : names(this.environment)) {
			register(registry, name, clientBeanName(name), ReactorNettyWebSocketClient.class,
					(connections) -> connections.createClient(name));
			register(registry, name, transportBeanName(name), McpWebSocketClientTransport.class,
					(connections) -> connections.createTransport(name));
		}
	}

	private static <T> void register(BeanDefinitionRegistry registry, String name, String beanName, Class<T> type,
			Function<NamedConnections, T> factory) {
		InstanceSupplier<T> supplier = (bean) -> factory.apply(bean.getBeanFactory().getBean(NamedConnections.class));
		RootBeanDefinition definition = new RootBeanDefinition(type, supplier);
		definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, name));
		definition.setDefaultCandidate(false);
		definition.setDestroyMethodName("");
		definition.setLazyInit(true);
		definition.setAttribute(ATTRIBUTE, name);
		registry.registerBeanDefinition(beanName, definition);
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
	}

}
