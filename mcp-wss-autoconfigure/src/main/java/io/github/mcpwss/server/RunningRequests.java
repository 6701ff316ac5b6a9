package io.github.mcpwss.server;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * The peer's requests that run on one socket, by their ids.
 */
final class RunningRequests {

	private final Map<Object, Running> running = new ConcurrentHashMap<>();

	private final AtomicLong bytes = new AtomicLong();

	/**
	 * Note that a request starts.
	 * @param id the request's id
	 * @param size the size of the request in bytes
	 * @param task the request, which is disposed of when it is cancelled
	 * @return {@code false} if a request of that id runs already
	 */
	boolean start(Object id, long size, Disposable task) {
		if (this.running.putIfAbsent(id, new Running(task, size)) != null) {
			return false;
		}
		this.bytes.addAndGet(size);
		return true;
	}

	/**
	 * Note that a request has ended, unless another one of the same id has started since.
	 * @param id the request's id
	 * @param task the request
	 * @return {@code false} if it had been answered or cancelled before
	 */
	boolean finish(Object id, Disposable task) {
		Running request = this.running.get(id);
		if (request == null || request.task() != task || !this.running.remove(id, request)) {
			return false;
		}
		this.bytes.addAndGet(-request.size());
		return true;
	}

	/**
	 * Note that a request has been answered.
	 * @param id the request's id
	 * @return {@code false} if it had been cancelled before
	 */
	boolean finish(Object id) {
		return remove(id) != null;
	}

	private @Nullable Running remove(Object id) {
		Running request = this.running.remove(id);
		if (request != null) {
			this.bytes.addAndGet(-request.size());
		}
		return request;
	}

	/**
	 * Cancel a request.
	 * @param id the request's id
	 * @return {@code false} if no such request runs
	 */
	boolean cancel(Object id) {
		Running request = remove(id);
		if (request == null) {
			return false;
		}
		request.task().dispose();
		return true;
	}

	void cancelAll() {
		this.running.keySet().forEach(this::cancel);
	}

	int size() {
		return this.running.size();
	}

	/**
	 * Return the size of the requests that run.
	 * @return the size in bytes as they came
	 */
	long bytes() {
		return this.bytes.get();
	}

	private record Running(Disposable task, long size) {

	}

}
