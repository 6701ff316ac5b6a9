package io.github.mcpwss.testing;

import java.time.Duration;
import java.util.List;

import io.github.mcpwss.server.ServerSchedulers;
import io.github.mcpwss.server.ServerSettings;

/**
 * Everything that can serve the endpoint. Rules hold on all of them alike.
 */
public enum Hosting {

	/**
	 * The servlet server of the application, Tomcat.
	 */
	TOMCAT {

		@Override
		public TestServer start(ServerSettings settings, List<String> allowedOrigins, ServerSchedulers schedulers) {
			return new WssServer(settings, allowedOrigins, schedulers);
		}

	},

	/**
	 * The servlet server of the application, Jetty.
	 */
	JETTY {

		@Override
		public TestServer start(ServerSettings settings, List<String> allowedOrigins, ServerSchedulers schedulers) {
			return new JettyWssServer(settings, allowedOrigins, schedulers);
		}

	},

	/**
	 * The server of a WebFlux application, Reactor Netty.
	 */
	REACTIVE {

		@Override
		public TestServer start(ServerSettings settings, List<String> allowedOrigins, ServerSchedulers schedulers) {
			return NettyServer.shared(settings, allowedOrigins, schedulers, HANDSHAKE_TIMEOUT);
		}

	},

	/**
	 * A listener of its own.
	 */
	LISTENER {

		@Override
		public TestServer start(ServerSettings settings, List<String> allowedOrigins, ServerSchedulers schedulers) {
			return NettyServer.listener(settings, allowedOrigins, schedulers, HANDSHAKE_TIMEOUT);
		}

	};

	private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(30);

	public TestServer start() {
		return start(WssServer.settings().build());
	}

	public TestServer start(ServerSettings settings) {
		return start(settings, List.of());
	}

	public TestServer start(ServerSettings settings, List<String> allowedOrigins) {
		return start(settings, allowedOrigins, ServerSchedulers.ofPlatformThreads(64, 1000));
	}

	/**
	 * Start a server.
	 * @param settings the limits
	 * @param allowedOrigins the origins that may connect besides its own
	 * @param schedulers where requests and events run; disposed of with the server
	 * @return the server
	 */
	public abstract TestServer start(ServerSettings settings, List<String> allowedOrigins, ServerSchedulers schedulers);

}
