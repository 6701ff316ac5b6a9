package io.github.mcpwss.server;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Decides which lines are logged: one per key and interval, of a limited number of keys.
 * Counts the others. Safe for use by several threads.
 *
 * @param <K> what lines are about
 */
final class LogThrottle<K> {

	private final long intervalNanos;

	private final int maxKeys;

	private final LongSupplier nanoTime;

	/**
	 * The last lines, the oldest first.
	 */
	private final Map<K, Line> lines = new LinkedHashMap<>();

	private long omittedOfOthers;

	/**
	 * Create a throttle.
	 * @param interval the least time between two lines of a key
	 * @param maxKeys the number of keys that may have a line in that time
	 * @param nanoTime a clock as {@link System#nanoTime()} is one
	 */
	LogThrottle(Duration interval, int maxKeys, LongSupplier nanoTime) {
		this.intervalNanos = interval.toNanos();
		this.maxKeys = maxKeys;
		this.nanoTime = nanoTime;
	}

	/**
	 * Ask for a line.
	 * @param key what it is about
	 * @return what to add to the line, {@code null} if there is to be none
	 */
	synchronized @Nullable Permit request(K key) {
		long now = this.nanoTime.getAsLong();
		Line line = this.lines.get(key);
		if (line != null && !isOver(line, now)) {
			line.omitted++;
			return null;
		}
		if (line == null && !makeRoom(now)) {
			this.omittedOfOthers++;
			return null;
		}
		this.lines.remove(key);
		this.lines.put(key, new Line(now));
		Permit permit = new Permit((line != null) ? line.omitted : 0, this.omittedOfOthers);
		this.omittedOfOthers = 0;
		return permit;
	}

	private boolean makeRoom(long now) {
		if (this.lines.size() < this.maxKeys) {
			return true;
		}
		Iterator<Line> oldest = this.lines.values().iterator();
		Line line = oldest.next();
		if (!isOver(line, now)) {
			return false;
		}
		oldest.remove();
		this.omittedOfOthers += line.omitted;
		return true;
	}

	private boolean isOver(Line line, long now) {
		return now - line.time >= this.intervalNanos;
	}

	/**
	 * A line that may be logged.
	 *
	 * @param omitted how many lines of the same key were left out since its last one
	 * @param omittedOfOthers how many lines of other keys were left out and will not be
	 * told of otherwise
	 */
	record Permit(long omitted, long omittedOfOthers) {

		/**
		 * Return what was left out.
		 * @return what to add to the line, empty if nothing was left out
		 */
		String describe() {
			StringBuilder text = new StringBuilder();
			if (this.omitted > 0) {
				text.append(" (%d more of this address since the last line)".formatted(this.omitted));
			}
			if (this.omittedOfOthers > 0) {
				text.append(" (%d more of other addresses)".formatted(this.omittedOfOthers));
			}
			return text.toString();
		}

	}

	private static final class Line {

		private final long time;

		private long omitted;

		private Line(long time) {
			this.time = time;
		}

	}

}
