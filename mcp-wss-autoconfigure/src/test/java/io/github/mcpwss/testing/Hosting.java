package io.github.mcpwss.testing;

import java.util.List;

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
		public TestServer start(ServerSetup setup) {
			return new WssServer(setup);
		}

	},

	/**
	 * The servlet server of the application, Jetty.
	 */
	JETTY {

		@Override
		public TestServer start(ServerSetup setup) {
			return new JettyWssServer(setup);
		}

	},

	/**
	 * The server of a WebFlux application, Reactor Netty.
	 */
	REACTIVE {

		@Override
		public TestServer start(ServerSetup setup) {
			return NettyServer.shared(setup);
		}

	},

	/**
	 * A listener of its own.
	 */
	LISTENER {

		@Override
		public TestServer start(ServerSetup setup) {
			return NettyServer.listener(setup);
		}

	};

	public TestServer start() {
		return start(ServerSetup.defaults());
	}

	public TestServer start(ServerSettings settings) {
		return start(ServerSetup.of(settings));
	}

	public TestServer start(ServerSettings settings, List<String> allowedOrigins) {
		return start(ServerSetup.of(settings).withAllowedOrigins(allowedOrigins));
	}

	/**
	 * Start a server.
	 * @param setup what the test wants of it
	 * @return the server
	 */
	public abstract TestServer start(ServerSetup setup);

}
