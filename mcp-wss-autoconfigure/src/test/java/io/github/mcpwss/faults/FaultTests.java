package io.github.mcpwss.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import io.github.mcpwss.faults.Conversation.Call;
import io.github.mcpwss.faults.Conversation.Outcome;
import io.github.mcpwss.testing.FaultProxy;
import io.github.mcpwss.testing.FaultProxy.Cut;
import io.github.mcpwss.testing.Hosting;
import io.github.mcpwss.testing.TestServer;
import io.github.mcpwss.testing.TestTools;
import io.github.mcpwss.testing.WssClient;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpSyncServerExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Conversations over a network that fails. The seed of a failed run is in its message;
 * {@code -Dmcpwss.seed} repeats it, as far as threads allow.
 */
@Timeout(240)
@ParameterizedClass
@EnumSource(Hosting.class)
class FaultTests {

	private static final Logger logger = LoggerFactory.getLogger(FaultTests.class);

	private static final int CUTS = Integer.getInteger("mcpwss.cuts", 1000);

	private static final int WARM_UP_CUTS = 200;

	private static final int WORKERS = 4;

	/**
	 * Some are reached while TLS shakes hands again, some in the middle of a message.
	 */
	private static final int BYTES_UNTIL_CUT = 24 * 1024;

	private static final Duration DEADLINE = Duration.ofSeconds(1);

	/**
	 * What the heap may grow by: the pools of the web server and of Netty, which follow
	 * the number of connections at a time and not the number of cuts.
	 */
	private static final long HEAP_TOLERANCE = 8 * 1024 * 1024;

	@Parameter
	Hosting hosting;

	private final long seed = Long.getLong("mcpwss.seed", System.nanoTime());

	private final AtomicInteger asking = new AtomicInteger();

	private final AtomicLong longestAsk = new AtomicLong();

	private final AtomicLong longestFailedAsk = new AtomicLong();

	/**
	 * By the number that the worker puts before its texts.
	 */
	private final Map<String, FaultProxy> proxies = new ConcurrentHashMap<>();

	private final AtomicLong longestEnd = new AtomicLong();

	private final AtomicInteger results = new AtomicInteger();

	private final AtomicInteger errors = new AtomicInteger();

	private TestServer server;

	@BeforeEach
	void start() {
		this.server = this.hosting.start();
		McpServer.sync(this.server.provider())
			.serverInfo("test", "1")
			.requestTimeout(Duration.ofSeconds(60))
			.tools(TestTools.echo(), TestTools.sync("ask", this::ask), TestTools.sync("slow", (exchange, text) -> {
				sleep(text.length() % 20);
				return text;
			}))
			.build();
	}

	@AfterEach
	void stop() {
		this.server.close();
	}

	private String ask(McpSyncServerExchange exchange, String text) {
		long start = System.nanoTime();
		this.asking.incrementAndGet();
		try {
			exchange.createMessage(TestTools.question());
			return text;
		}
		catch (RuntimeException ex) {
			FaultProxy proxy = this.proxies.get(text.substring(0, text.indexOf(':')));
			this.longestFailedAsk.accumulateAndGet(System.nanoTime() - Math.max(start, proxy.lastCutAt()), Math::max);
			throw ex;
		}
		finally {
			this.asking.decrementAndGet();
			this.longestAsk.accumulateAndGet(System.nanoTime() - start, Math::max);
		}
	}

	private static void sleep(long millis) {
		try {
			Thread.sleep(millis);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Test
	@Tag("soak")
	void everyCallEndsWithinASecondOfAThousandCuts() throws Exception {
		converse(WARM_UP_CUTS, this.seed);
		awaitQuiet();
		Footprint before = Footprint.measure();
		this.results.set(0);
		this.errors.set(0);
		this.longestEnd.set(0);
		this.longestAsk.set(0);
		this.longestFailedAsk.set(0);
		long start = System.nanoTime();
		converse(CUTS, this.seed + 1000);
		awaitQuiet();
		Duration time = Duration.ofNanos(System.nanoTime() - start);
		Footprint after = Footprint.measureUntilBackAt(before, HEAP_TOLERANCE);
		logger.info(
				"{}: {} cuts in {}: {} results, {} errors, longest end {}, longest question {}, longest end of a failed one {}; {} before, {} after",
				this.hosting, CUTS, time, this.results, this.errors, Duration.ofNanos(this.longestEnd.get()),
				Duration.ofNanos(this.longestAsk.get()), Duration.ofNanos(this.longestFailedAsk.get()), before, after);
		assertThat(this.results).as("results, seed " + this.seed).hasValueGreaterThan(CUTS);
		assertThat(this.errors).as("errors, seed " + this.seed).hasValueGreaterThan(CUTS / 2);
		assertThat(Duration.ofNanos(this.longestFailedAsk.get())).as("question in a tool, seed " + this.seed)
			.isLessThan(DEADLINE);
		assertThat(after.threads()).as("threads, seed " + this.seed).containsExactlyElementsOf(before.threads());
		assertThat(after.heap() - before.heap()).as("heap, seed " + this.seed).isLessThan(HEAP_TOLERANCE);
	}

	private void awaitQuiet() {
		await().atMost(Duration.ofSeconds(10)).until(() -> this.server.provider().getConnectionCount() == 0);
		await().atMost(Duration.ofSeconds(10)).until(() -> this.asking.get() == 0);
		await().atMost(Duration.ofSeconds(10))
			.until(() -> Footprint.busyThreads()
				.stream()
				.noneMatch((name) -> name.startsWith("mcp-wss-request") || name.startsWith("mcp-wss-event")
						|| name.equals("fault-proxy") || name.startsWith("worker-")));
	}

	private void converse(int cuts, long seed) throws Exception {
		AtomicInteger left = new AtomicInteger(cuts);
		runWorkers((worker) -> {
			Random random = new Random(seed + worker);
			try (WssClient clients = new WssClient(this.server.tls());
					FaultProxy proxy = new FaultProxy(this.server.port(), seed + worker);
					Conversation conversation = new Conversation(clients, proxy, random, worker + ":")) {
				this.proxies.put(String.valueOf(worker), proxy);
				while (left.getAndDecrement() > 0) {
					Cut cut = Cut.values()[random.nextInt(Cut.values().length)];
					cutOnce(proxy, conversation, random.nextInt(BYTES_UNTIL_CUT), cut);
				}
			}
		});
	}

	private void cutOnce(FaultProxy proxy, Conversation conversation, int bytes, Cut cut) throws Exception {
		proxy.cutAfter(bytes, cut);
		int rounds = 0;
		while (proxy.cutAt() == 0) {
			assertThat(rounds++).as("rounds until the cut, seed " + this.seed).isLessThan(200);
			List<Call> calls = conversation.exchange();
			long cutAt = proxy.cutAt();
			calls.forEach((call) -> check(call, cutAt, cut));
		}
	}

	private void check(Call call, long cutAt, Cut cut) {
		Outcome outcome = call.outcome();
		if (outcome.failure() != null) {
			this.errors.incrementAndGet();
			assertThat(String.valueOf(outcome.failure())).as("seed " + this.seed)
				.containsAnyOf("was lost", "handshake", "connect", "closed", "Connection");
		}
		else {
			this.results.incrementAndGet();
			assertThat(outcome.result()).as(call.tool() + ", seed " + this.seed).isEqualTo("right");
		}
		if (cutAt != 0 && outcome.end() > cutAt) {
			this.longestEnd.accumulateAndGet(outcome.end() - cutAt, Math::max);
			assertThat(Duration.ofNanos(outcome.end() - cutAt))
				.as("end of " + call.tool() + " after " + cut + ", seed " + this.seed)
				.isLessThan(DEADLINE);
		}
	}

	@Test
	void everythingWorksInPiecesOfOneByte() throws Exception {
		assertAllRight((proxy) -> proxy.split(1), 3);
	}

	@Test
	void everythingWorksInSmallPiecesWithDelays() throws Exception {
		assertAllRight((proxy) -> {
			proxy.split(200);
			proxy.delay(3000);
		}, 20);
	}

	private void assertAllRight(Consumer<FaultProxy> faults, int rounds) throws Exception {
		runWorkers((worker) -> {
			try (WssClient clients = new WssClient(this.server.tls());
					FaultProxy proxy = new FaultProxy(this.server.port(), this.seed + worker)) {
				faults.accept(proxy);
				try (Conversation conversation = new Conversation(clients, proxy, new Random(this.seed + worker),
						worker + ":")) {
					for (int i = 0; i < rounds; i++) {
						assertThat(conversation.exchange()).as("seed " + this.seed)
							.allSatisfy((call) -> assertThat(call.outcome().result()).isEqualTo("right"));
					}
				}
			}
		});
	}

	private static void runWorkers(Worker worker) throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(WORKERS);
		try {
			List<Future<?>> futures = new ArrayList<>();
			for (int i = 0; i < WORKERS; i++) {
				int number = i;
				futures.add(executor.submit(() -> {
					worker.run(number);
					return null;
				}));
			}
			for (Future<?> future : futures) {
				future.get(100, TimeUnit.SECONDS);
			}
		}
		finally {
			executor.shutdownNow();
		}
	}

	@FunctionalInterface
	private interface Worker {

		void run(int number) throws Exception;

	}

}
