package io.github.mcpwss.benchmarks.load;

import java.io.File;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.net.ssl.SSLException;

import io.github.mcpwss.benchmarks.server.Subject;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;

/**
 * Loads servers from one event loop, so that what the client costs is the same for each.
 */
public final class LoadDriver implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final EventLoopGroup eventLoop = new MultiThreadIoEventLoopGroup(1,
			Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());

	private final SslContext sslContext;

	private final HttpClient httpClient;

	/**
	 * Create a driver.
	 * @param certificate the certificate that servers present
	 * @throws SSLException if it cannot be read
	 */
	public LoadDriver(File certificate) throws SSLException {
		this.sslContext = SslContextBuilder.forClient()
			.trustManager(certificate)
			.endpointIdentificationAlgorithm("")
			.build();
		this.httpClient = HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_1_1)
			.sslContext(SslBundle
				.of(new PemSslStoreBundle(null, PemSslStoreDetails.forCertificate(certificate.toURI().toString())))
				.createSslContext())
			.build();
	}

	/**
	 * Measure a server.
	 * @param subject what it speaks
	 * @param port its port
	 * @param scenario the calls
	 * @param warmUp the time before the measurement
	 * @param duration the time of the measurement
	 * @param onMeasurement called at the start of the measurement and at its end
	 * @return the result
	 * @throws Exception if a call fails
	 */
	public LoadResult run(Subject subject, int port, Scenario scenario, Duration warmUp, Duration duration,
			Runnable onMeasurement) throws Exception {
		CallRecorder recorder = new CallRecorder();
		List<CallChannel> channels = open(subject, port, scenario, recorder);
		try {
			onEventLoop(() -> {
				channels.forEach(CallChannel::start);
				return true;
			});
			TimeUnit.NANOSECONDS.sleep(warmUp.toNanos());
			onMeasurement.run();
			onEventLoop(() -> {
				recorder.restart();
				return true;
			});
			TimeUnit.NANOSECONDS.sleep(duration.toNanos());
			LoadResult result = onEventLoop(recorder::result);
			onMeasurement.run();
			onEventLoop(() -> {
				recorder.stop();
				return true;
			});
			await(channels.stream().map(CallChannel::ended));
			return result;
		}
		finally {
			onEventLoop(() -> {
				channels.forEach(CallChannel::close);
				return true;
			});
		}
	}

	private <T> T onEventLoop(Callable<T> task) throws Exception {
		return this.eventLoop.submit(task).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
	}

	private List<CallChannel> open(Subject subject, int port, Scenario scenario, CallRecorder recorder)
			throws Exception {
		List<CallChannel> channels = new ArrayList<>();
		ByteBuf[] frames = IntStream.range(0, scenario.outstanding())
			.mapToObj((slot) -> WebSocketBytes.textFrame(McpMessages.call(slot, scenario.bytes())))
			.toArray(ByteBuf[]::new);
		for (int session = 0; session < scenario.sessions(); session++) {
			if (subject.isHttp()) {
				openHttp(port, scenario, recorder).forEach(channels::add);
			}
			else {
				channels.add(new WebSocketCallChannel(recorder, frames, subject.isMcp(), scenario.bytes()));
			}
		}
		SslContext ssl = (subject.tls() != Subject.Tls.NONE) ? this.sslContext : null;
		for (CallChannel channel : channels) {
			connect(channel, port, ssl);
		}
		await(channels.stream().map(CallChannel::ready));
		return channels;
	}

	private Stream<CallChannel> openHttp(int port, Scenario scenario, CallRecorder recorder)
			throws IOException, InterruptedException {
		HttpSession session = HttpSession.open(this.httpClient, port);
		return IntStream.range(0, scenario.outstanding())
			.mapToObj((slot) -> new HttpCallChannel(recorder, session.call(slot, scenario.bytes()), scenario.bytes()));
	}

	private void connect(CallChannel channel, int port, @Nullable SslContext ssl) throws InterruptedException {
		new Bootstrap().group(this.eventLoop)
			.channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
			.handler(new ChannelInitializer<Channel>() {

				@Override
				protected void initChannel(Channel socket) {
					if (ssl != null) {
						socket.pipeline().addLast(ssl.newHandler(socket.alloc(), "localhost", port));
					}
					socket.pipeline().addLast(channel);
				}

			})
			.connect("127.0.0.1", port)
			.sync();
	}

	private static void await(Stream<CompletableFuture<CallChannel>> futures)
			throws InterruptedException, ExecutionException, TimeoutException {
		CompletableFuture.allOf(futures.toArray(CompletableFuture<?>[]::new))
			.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
	}

	@Override
	public void close() {
		this.eventLoop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
	}

}
