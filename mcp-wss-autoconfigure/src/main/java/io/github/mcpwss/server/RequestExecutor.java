package io.github.mcpwss.server;

import java.util.concurrent.RejectedExecutionException;

/**
 * Runs the requests of one session. Instances are safe for use by several threads.
 */
interface RequestExecutor {

	/**
	 * Run a request when a thread is free.
	 * @param request the request
	 * @throws RejectedExecutionException if too many wait already
	 */
	void execute(Runnable request);

	/**
	 * Take back a request that nobody wants any more, unless it has started: its place is
	 * free at once.
	 * @param request the request
	 */
	void withdraw(Runnable request);

}
