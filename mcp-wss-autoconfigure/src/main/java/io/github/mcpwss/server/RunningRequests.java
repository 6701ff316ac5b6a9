package io.github.mcpwss.server;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * The peer's requests that run on one socket, by their ids.
 */
final class RunningRequests {

	private final Map<Object, Disposable.Swap> running = new ConcurrentHashMap<>();

	/**
	 * Note that a request starts.
	 * @param id the request's id
	 * @return the place for its subscription, which is disposed of when the request is
	 * cancelled, or {@code null} if a request of that id runs already
	 */
	Disposable.@Nullable Swap start(Object id) {
		Disposable.Swap subscription = Disposables.swap();
		return (this.running.putIfAbsent(id, subscription) == null) ? subscription : null;
	}

	/**
	 * Note that a request has ended.
	 * @param id the request's id
	 * @return {@code false} if it had been cancelled before
	 */
	boolean finish(Object id) {
		return this.running.remove(id) != null;
	}

	/**
	 * Cancel a request.
	 * @param id the request's id
	 * @return {@code false} if no such request runs
	 */
	boolean cancel(Object id) {
		Disposable.Swap subscription = this.running.remove(id);
		if (subscription == null) {
			return false;
		}
		subscription.dispose();
		return true;
	}

	void cancelAll() {
		this.running.keySet().forEach(this::cancel);
	}

	int size() {
		return this.running.size();
	}

}
