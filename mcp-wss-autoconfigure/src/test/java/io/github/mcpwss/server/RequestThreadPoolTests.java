package io.github.mcpwss.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Every request runs, none waits behind one that blocks.
 */
@Timeout(60)
class RequestThreadPoolTests {

	private final AtomicInteger threads = new AtomicInteger();

	private final CountDownLatch release = new CountDownLatch(1);

	private RequestThreadPool pool = pool(4, 100_000, Duration.ofMinutes(1));

	private RequestThreadPool pool(int maxThreads, int capacity, Duration idle) {
		return new RequestThreadPool(maxThreads, capacity, idle.toNanos(), (task) -> new Thread(() -> {
			this.threads.incrementAndGet();
			try {
				task.run();
			}
			finally {
				this.threads.decrementAndGet();
			}
		}));
	}

	private void block() {
		try {
			this.release.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@AfterEach
	void stop() throws Exception {
		this.release.countDown();
		this.pool.shutdownNow();
		assertThat(this.pool.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
		Awaitility.await().untilAsserted(() -> assertThat(this.threads).hasValue(0));
	}

	@Test
	void requestThatComesWhileTheLastThreadEndsRuns() throws Exception {
		Duration idle = Duration.ofNanos(50_000);
		RequestThreadPool brief = pool(1, 10, idle);
		for (int i = 0; i < 3000; i++) {
			CountDownLatch done = new CountDownLatch(1);
			brief.execute(done::countDown);
			assertThat(done.await(10, TimeUnit.SECONDS)).as("request " + i).isTrue();
			LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(2 * idle.toNanos()));
		}
		brief.shutdownNow();
		assertThat(brief.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void everyRequestRunsWhoeverSubmitsIt() throws Exception {
		int submitters = 4;
		int requests = 20_000;
		CountDownLatch done = new CountDownLatch(submitters * requests);
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < submitters; i++) {
			Thread thread = new Thread(() -> {
				for (int request = 0; request < requests; request++) {
					this.pool.execute(done::countDown);
					if (ThreadLocalRandom.current().nextInt(50) == 0) {
						LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(200_000));
					}
				}
			});
			threads.add(thread);
			thread.start();
		}
		for (Thread thread : threads) {
			thread.join();
		}
		assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void noRequestWaitsBehindOneThatBlocks() throws Exception {
		for (int round = 0; round < 3; round++) {
			this.pool.execute(this::block);
		}
		for (int round = 0; round < 1000; round++) {
			CountDownLatch done = new CountDownLatch(3);
			for (int i = 0; i < 3; i++) {
				this.pool.execute(done::countDown);
			}
			assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
		}
	}

	@Test
	void blockingRequestsOfOneBurstRunSideBySide() throws Exception {
		this.pool.submit(() -> {
		}).get(10, TimeUnit.SECONDS);
		CountDownLatch running = new CountDownLatch(4);
		for (int i = 0; i < 4; i++) {
			this.pool.execute(() -> {
				running.countDown();
				block();
			});
		}
		assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void requestThatIsTooMuchIsRejected() throws Exception {
		this.pool = pool(1, 1, Duration.ofMinutes(1));
		Future<?> running = this.pool.submit(this::block);
		Future<?> waiting = this.pool.submit(this::block);
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> this.pool.execute(this::block));
		this.release.countDown();
		running.get(10, TimeUnit.SECONDS);
		waiting.get(10, TimeUnit.SECONDS);
		Awaitility.await()
			.ignoreException(RejectedExecutionException.class)
			.untilAsserted(() -> this.pool.submit(this::block).get());
	}

	@Test
	void idleThreadsEndAndOthersStart() throws Exception {
		this.pool = pool(4, 10, Duration.ofMillis(20));
		for (int round = 0; round < 20; round++) {
			this.pool.submit(() -> {
			}).get(10, TimeUnit.SECONDS);
			Awaitility.await().untilAsserted(() -> assertThat(this.threads).hasValue(0));
		}
	}

	@Test
	void requestsThatComeWhenThreadsEndRun() throws Exception {
		this.pool = pool(2, 10, Duration.ofNanos(50_000));
		for (int round = 0; round < 5000; round++) {
			CountDownLatch done = new CountDownLatch(3);
			for (int i = 0; i < 3; i++) {
				this.pool.execute(done::countDown);
			}
			assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
			LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(100_000));
		}
	}

	@Test
	void interruptOfOneRequestDoesNotReachTheNext() throws Exception {
		this.pool = pool(1, 10, Duration.ofMinutes(1));
		this.pool.execute(() -> Thread.currentThread().interrupt());
		assertThat(this.pool.submit(Thread::interrupted).get(10, TimeUnit.SECONDS)).isFalse();
	}

	@Test
	void requestThatFailsDoesNotEndTheThread() throws Exception {
		this.pool = pool(1, 10, Duration.ofMinutes(1));
		CountDownLatch failed = new CountDownLatch(1);
		this.pool.execute(() -> {
			Thread.currentThread().setUncaughtExceptionHandler((thread, ex) -> failed.countDown());
			throw new IllegalStateException("expected");
		});
		assertThat(failed.await(10, TimeUnit.SECONDS)).isTrue();
		this.pool.submit(() -> {
		}).get(10, TimeUnit.SECONDS);
		assertThat(this.threads).hasValue(1);
	}

	@Test
	void endInterruptsWhatRunsAndReturnsWhatWaits() throws Exception {
		this.pool = pool(1, 10, Duration.ofMinutes(1));
		CountDownLatch running = new CountDownLatch(1);
		this.pool.execute(() -> {
			running.countDown();
			block();
		});
		assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();
		Runnable waiting = this::block;
		this.pool.execute(waiting);
		assertThat(this.pool.shutdownNow()).containsExactly(waiting);
		assertThat(this.pool.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> this.pool.execute(this::block));
	}

}
