package io.github.mcpwss.faults;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the process holds at a moment.
 *
 * @param heap the bytes in use after garbage collection
 * @param threads the names of the threads that do, or wait for, something: idle workers
 * of pools are none, since they end by themselves
 */
record Footprint(long heap, List<String> threads) {

	private static final int COLLECTIONS = 5;

	private static final Duration BETWEEN_COLLECTIONS = Duration.ofMillis(200);

	static Footprint measure() {
		long least = Long.MAX_VALUE;
		for (int i = 0; i < COLLECTIONS; i++) {
			System.gc();
			try {
				// Cleaners and reference queues run between collections.
				Thread.sleep(BETWEEN_COLLECTIONS.toMillis());
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
			least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
		}
		return new Footprint(least, busyThreads());
	}

	static List<String> busyThreads() {
		return Thread.getAllStackTraces()
			.entrySet()
			.stream()
			.filter((entry) -> !isIdle(entry.getValue()))
			.map(Map.Entry::getKey)
			.map(Thread::getName)
			.sorted()
			.toList();
	}

	private static boolean isIdle(StackTraceElement[] stack) {
		return Stream.of(stack)
			.anyMatch((frame) -> frame.getMethodName().equals("getTask")
					&& frame.getClassName().endsWith("ThreadPoolExecutor"));
	}

	@Override
	public String toString() {
		return this.heap / 1024 + " KiB, " + this.threads.size() + " threads";
	}

}
