package io.github.mcpwss.tls;

import java.nio.ByteBuffer;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/**
 * A handshake between two engines in memory.
 */
final class EngineHandshake {

	private EngineHandshake() {
	}

	static void run(SSLContext serverContext, SSLContext clientContext, String host) throws SSLException {
		SSLEngine server = serverContext.createSSLEngine();
		server.setUseClientMode(false);
		SSLEngine client = clientContext.createSSLEngine(host, 443);
		client.setUseClientMode(true);
		SSLParameters parameters = client.getSSLParameters();
		parameters.setEndpointIdentificationAlgorithm("HTTPS");
		client.setSSLParameters(parameters);
		run(client, server);
	}

	static void run(SSLEngine client, SSLEngine server) throws SSLException {
		ByteBuffer toServer = ByteBuffer.allocate(1 << 16);
		ByteBuffer toClient = ByteBuffer.allocate(1 << 16);
		client.beginHandshake();
		server.beginHandshake();
		for (int i = 0; i < 200 && (isShakingHands(client) || isShakingHands(server)); i++) {
			step(client, toClient, toServer);
			step(server, toServer, toClient);
		}
		if (isShakingHands(client)) {
			throw new SSLException("Handshake does not end");
		}
	}

	private static boolean isShakingHands(SSLEngine engine) {
		return engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING;
	}

	private static void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
		Runnable task = engine.getDelegatedTask();
		while (task != null) {
			task.run();
			task = engine.getDelegatedTask();
		}
		if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
			engine.wrap(ByteBuffer.allocate(0), out);
			return;
		}
		in.flip();
		if (in.hasRemaining()) {
			engine.unwrap(in, ByteBuffer.allocate(1 << 16));
		}
		in.compact();
	}

}
