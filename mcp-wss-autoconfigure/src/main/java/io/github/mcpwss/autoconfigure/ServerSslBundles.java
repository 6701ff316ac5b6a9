package io.github.mcpwss.autoconfigure;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/**
 * The application's SSL bundles, of which one is as an MCP server uses it. An update of
 * it that cannot be used changes nothing.
 */
final class ServerSslBundles implements SslBundles {

	private static final Logger logger = LoggerFactory.getLogger(ServerSslBundles.class);

	private final SslBundles delegate;

	private final String name;

	private final UnaryOperator<SslBundle> customizer;

	private final List<Consumer<SslBundle>> updateHandlers = new CopyOnWriteArrayList<>();

	ServerSslBundles(SslBundles delegate, String name, UnaryOperator<SslBundle> customizer) {
		this.delegate = delegate;
		this.name = name;
		this.customizer = customizer;
	}

	@Override
	public SslBundle getBundle(String name) {
		SslBundle bundle = this.delegate.getBundle(name);
		return this.name.equals(name) ? this.customizer.apply(bundle) : bundle;
	}

	@Override
	public void addBundleUpdateHandler(String name, Consumer<SslBundle> updateHandler) {
		if (!this.name.equals(name)) {
			this.delegate.addBundleUpdateHandler(name, updateHandler);
			return;
		}
		boolean first = this.updateHandlers.isEmpty();
		this.updateHandlers.add(updateHandler);
		if (first) {
			this.delegate.addBundleUpdateHandler(name, this::update);
		}
	}

	private void update(SslBundle updated) {
		try {
			SslBundle customized = this.customizer.apply(updated);
			this.updateHandlers.forEach((handler) -> handler.accept(customized));
			logger.info("SSL bundle '{}' was updated: new connections use it", this.name);
		}
		catch (RuntimeException ex) {
			logger.error("SSL bundle '{}' was updated and cannot be used: the server goes on with the one before",
					this.name, ex);
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
