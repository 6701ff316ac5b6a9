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
 * @param threads the names, without numbers, of the threads that do, or wait for,
 * something: idle workers of pools are none, since they end by themselves
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

	/**
	 * Measure again until nothing is left of what ends a little later.
	 * @param before what was there before
	 * @param heapTolerance what the heap may have grown by, in bytes
	 * @return the last measurement
	 */
	static Footprint measureUntilBackAt(Footprint before, long heapTolerance) {
		Footprint after = measure();
		for (int i = 0; i < 20 && !after.isBackAt(before, heapTolerance); i++) {
			after = measure();
		}
		return after;
	}

	private boolean isBackAt(Footprint before, long heapTolerance) {
		return this.threads.equals(before.threads) && this.heap - before.heap < heapTolerance;
	}

	static List<String> busyThreads() {
		return Thread.getAllStackTraces()
			.entrySet()
			.stream()
			.filter((entry) -> !isIdle(entry.getValue()))
			.map(Map.Entry::getKey)
			// The runner of the tests has a timer, which is busy now and then.
			.filter((thread) -> !thread.getName().startsWith("surefire-"))
			.map((thread) -> thread.getName().replaceAll("\\d+", "#"))
			.sorted()
			.toList();
	}

	private static boolean isIdle(StackTraceElement[] stack) {
		return Stream.of(stack)
			.anyMatch((frame) -> (frame.getMethodName().equals("getTask")
					&& frame.getClassName().endsWith("ThreadPoolExecutor")) || isIdleOfJetty(frame.getMethodName()));
	}

	private static boolean isIdleOfJetty(String method) {
		return method.equals("idleJobPoll") || method.equals("reservedWait");
	}

	@Override
	public String toString() {
		return this.heap / 1024 + " KiB, " + this.threads.size() + " threads";
	}

}
