package io.github.mcpwss.kit;

import java.util.List;

import io.modelcontextprotocol.spec.McpServerSession;
import io.modelcontextprotocol.spec.McpServerTransportProvider;
import reactor.core.publisher.Mono;

/**
 * The provider under test, for the kit that has no hook between the making of a server
 * and its use.
 */
final class KitTransportProvider implements McpServerTransportProvider {

	private final McpServerTransportProvider delegate;

	private final Runnable onServing;

	/**
	 * Create a provider.
	 * @param delegate does all the work
	 * @param onServing runs when the server takes connections, before the test goes on
	 */
	KitTransportProvider(McpServerTransportProvider delegate, Runnable onServing) {
		this.delegate = delegate;
		this.onServing = onServing;
	}

	@Override
	public void setSessionFactory(McpServerSession.Factory sessionFactory) {
		this.delegate.setSessionFactory(sessionFactory);
		this.onServing.run();
	}

	@Override
	public Mono<Void> notifyClients(String method, Object params) {
		return this.delegate.notifyClients(method, params);
	}

	@Override
	public Mono<Void> notifyClient(String sessionId, String method, Object params) {
		return this.delegate.notifyClient(sessionId, method, params);
	}

	@Override
	public void close() {
		this.delegate.close();
	}

	@Override
	public Mono<Void> closeGracefully() {
		return this.delegate.closeGracefully();
	}

	@Override
	public List<String> protocolVersions() {
		return this.delegate.protocolVersions();
	}

}
