package io.github.mcpwss.autoconfigure;

import io.github.mcpwss.server.ServerSchedulers;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.thread.Threading;
import org.springframework.core.env.Environment;

/**
 * The threads of a server. A bean of its own, so that no executor of ours is taken for
 * one of the application.
 */
final class ServerThreads implements DisposableBean {

	private static final int MAX_REQUEST_THREADS = 256;

	private static final int MAX_WAITING_REQUESTS = 10_000;

	private final ServerSchedulers schedulers;

	ServerThreads(Environment environment) {
		this.schedulers = Threading.VIRTUAL.isActive(environment)
				? ServerSchedulers.of(VirtualThreads.executor("mcp-wss-request-", MAX_WAITING_REQUESTS),
						VirtualThreads.executor("mcp-wss-event-", Integer.MAX_VALUE))
				: ServerSchedulers.ofPlatformThreads(MAX_REQUEST_THREADS, MAX_WAITING_REQUESTS);
	}

	ServerSchedulers schedulers() {
		return this.schedulers;
	}

	@Override
	public void destroy() {
		this.schedulers.dispose();
	}

}
