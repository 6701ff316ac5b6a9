package io.github.mcpwss.testing;

import java.time.Duration;
import java.util.List;

import io.github.mcpwss.server.AllowedHosts;
import io.github.mcpwss.server.AllowedOrigins;
import io.github.mcpwss.server.HandshakeRules;
import io.github.mcpwss.server.ServerSchedulers;
import io.github.mcpwss.server.ServerSettings;
import io.modelcontextprotocol.server.McpTransportContextExtractor;
import org.jspecify.annotations.Nullable;

import org.springframework.http.server.ServerHttpRequest;

/**
 * What a test wants of a server, whatever serves it.
 *
 * @param settings the limits
 * @param allowedOrigins the origins that may connect besides its own
 * @param schedulers where requests and events run; disposed of with the server
 * @param contextExtractor captures what tools may know of a handshake, {@code null} for
 * the one that the product comes with
 * @param handshakeTimeout the time that a connection has to become a socket
 */
public record ServerSetup(ServerSettings settings, List<String> allowedOrigins, ServerSchedulers schedulers,
		@Nullable McpTransportContextExtractor<ServerHttpRequest> contextExtractor, Duration handshakeTimeout) {

	/**
	 * Create a setup with the product's defaults.
	 * @return the setup
	 */
	public static ServerSetup defaults() {
		return of(WssServer.settings().build());
	}

	public static ServerSetup of(ServerSettings settings) {
		return new ServerSetup(settings, List.of(), ServerSchedulers.ofPlatformThreads(64, 1000), null,
				Duration.ofSeconds(30));
	}

	public ServerSetup withAllowedOrigins(List<String> allowedOrigins) {
		return new ServerSetup(this.settings, allowedOrigins, this.schedulers, this.contextExtractor,
				this.handshakeTimeout);
	}

	public ServerSetup withSchedulers(ServerSchedulers schedulers) {
		return new ServerSetup(this.settings, this.allowedOrigins, schedulers, this.contextExtractor,
				this.handshakeTimeout);
	}

	public ServerSetup withContextExtractor(McpTransportContextExtractor<ServerHttpRequest> contextExtractor) {
		return new ServerSetup(this.settings, this.allowedOrigins, this.schedulers, contextExtractor,
				this.handshakeTimeout);
	}

	public ServerSetup withHandshakeTimeout(Duration handshakeTimeout) {
		return new ServerSetup(this.settings, this.allowedOrigins, this.schedulers, this.contextExtractor,
				handshakeTimeout);
	}

	HandshakeRules rules() {
		return new HandshakeRules(AllowedOrigins.of(this.allowedOrigins), AllowedHosts.of(List.of(), true), true);
	}

}
