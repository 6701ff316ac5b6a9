package io.github.mcpwss.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/**
 * The application's SSL bundles, of which some are as an MCP server uses them. An update
 * of them that cannot be used changes nothing.
 */
final class ServerSslBundles implements SslBundles {

	private static final Logger logger = LoggerFactory.getLogger(ServerSslBundles.class);

	private final SslBundles delegate;

	private final List<String> names;

	private final UnaryOperator<SslBundle> customizer;

	private final Map<String, List<Consumer<SslBundle>>> updateHandlers = new ConcurrentHashMap<>();

	ServerSslBundles(SslBundles delegate, List<String> names, UnaryOperator<SslBundle> customizer) {
		this.delegate = delegate;
		this.names = names;
		this.customizer = customizer;
	}

	boolean isCustomized(@Nullable String name) {
		return name != null && this.names.contains(name);
	}

	@Override
	public SslBundle getBundle(String name) {
		SslBundle bundle = this.delegate.getBundle(name);
		return this.names.contains(name) ? this.customizer.apply(bundle) : bundle;
	}

	@Override
	public void addBundleUpdateHandler(String name, Consumer<SslBundle> updateHandler) {
		if (!this.names.contains(name)) {
			this.delegate.addBundleUpdateHandler(name, updateHandler);
			return;
		}
		List<Consumer<SslBundle>> handlers = this.updateHandlers.computeIfAbsent(name,
				(key) -> new CopyOnWriteArrayList<>());
		boolean first = handlers.isEmpty();
		handlers.add(updateHandler);
		if (first) {
			this.delegate.addBundleUpdateHandler(name, (updated) -> update(name, updated, handlers));
		}
	}

	private void update(String name, SslBundle updated, List<Consumer<SslBundle>> handlers) {
		try {
			SslBundle customized = this.customizer.apply(updated);
			handlers.forEach((handler) -> handler.accept(customized));
			logger.info("SSL bundle '{}' was updated: new connections use it", name);
		}
		catch (RuntimeException ex) {
			logger.error("SSL bundle '{}' was updated and cannot be used: the server goes on with the one before", name,
					ex);
		}
	}

	@Override
	public void addBundleRegisterHandler(BiConsumer<String, SslBundle> registerHandler) {
		this.delegate.addBundleRegisterHandler(registerHandler);
	}

	@Override
	public List<String> getBundleNames() {
		return this.delegate.getBundleNames();
	}

}
