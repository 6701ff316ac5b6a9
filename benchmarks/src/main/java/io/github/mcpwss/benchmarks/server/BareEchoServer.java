package io.github.mcpwss.benchmarks.server;

import java.nio.file.Path;

import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import reactor.netty.DisposableServer;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.tcp.SslProvider.GenericSslContextSpec;

/**
 * What Reactor Netty can do at most: sends each message back without a look at it.
 */
final class BareEchoServer {

	private static final int MAX_FRAME_LENGTH = 1024 * 1024;

	private final HttpServer server;

	BareEchoServer(Path directory) {
		GenericSslContextSpec<?> ssl = Http11SslContextSpec.forServer(
				directory.resolve(ServerTlsFiles.CERTIFICATE).toFile(), directory.resolve(ServerTlsFiles.KEY).toFile());
		WebsocketServerSpec spec = WebsocketServerSpec.builder().maxFramePayloadLength(MAX_FRAME_LENGTH).build();
		this.server = HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.secure((tls) -> tls.sslContext(ssl))
			.route((routes) -> routes.ws("/mcp",
					(inbound,
							outbound) -> outbound.sendObject(inbound.aggregateFrames(MAX_FRAME_LENGTH)
								.receiveFrames()
								.ofType(TextWebSocketFrame.class)
								.map(WebSocketFrame::retain)),
					spec));
	}

	DisposableServer start() {
		return this.server.bindNow();
	}

}
