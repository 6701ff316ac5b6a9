package io.github.mcpwss.benchmarks.server;

import java.util.Locale;

/**
 * A server that is measured.
 */
public enum Subject {

	/**
	 * Spring AI's Streamable HTTP server on Tomcat, with a synchronous tool, which is its
	 * default.
	 */
	HTTP_SYNC("Streamable HTTP, sync tool", Kind.STREAMABLE_HTTP, Tls.JDK, false),

	/**
	 * Spring AI's Streamable HTTP server on Tomcat, with an asynchronous tool.
	 */
	HTTP_ASYNC("Streamable HTTP, async tool", Kind.STREAMABLE_HTTP, Tls.JDK, true),

	/**
	 * The listener of its own, with a synchronous tool.
	 */
	LISTENER_SYNC("own listener, sync tool", Kind.LISTENER, Tls.JDK, false),

	/**
	 * The listener of its own, with an asynchronous tool.
	 */
	LISTENER_ASYNC("own listener, async tool", Kind.LISTENER, Tls.JDK, true),

	/**
	 * The listener of its own on BoringSSL, with a synchronous tool.
	 */
	LISTENER_SYNC_BORINGSSL("own listener, sync tool, BoringSSL", Kind.LISTENER, Tls.BORINGSSL, false),

	/**
	 * The listener of its own on BoringSSL, with an asynchronous tool.
	 */
	LISTENER_ASYNC_BORINGSSL("own listener, async tool, BoringSSL", Kind.LISTENER, Tls.BORINGSSL, true),

	/**
	 * The listener of its own without TLS.
	 */
	LISTENER_ASYNC_PLAIN("own listener, async tool, plain ws", Kind.LISTENER, Tls.NONE, true),

	/**
	 * The application's own Reactor Netty, with a synchronous tool.
	 */
	REACTIVE_SYNC("WebFlux, sync tool", Kind.REACTIVE, Tls.JDK, false),

	/**
	 * The application's own Reactor Netty, with an asynchronous tool.
	 */
	REACTIVE_ASYNC("WebFlux, async tool", Kind.REACTIVE, Tls.JDK, true),

	/**
	 * The application's own Tomcat, with a synchronous tool.
	 */
	TOMCAT_SYNC("Tomcat, sync tool", Kind.TOMCAT, Tls.JDK, false),

	/**
	 * The application's own Tomcat, with an asynchronous tool.
	 */
	TOMCAT_ASYNC("Tomcat, async tool", Kind.TOMCAT, Tls.JDK, true),

	/**
	 * The application's own Jetty, with a synchronous tool.
	 */
	JETTY_SYNC("Jetty, sync tool", Kind.JETTY, Tls.JDK, false),

	/**
	 * The application's own Jetty, with an asynchronous tool.
	 */
	JETTY_ASYNC("Jetty, async tool", Kind.JETTY, Tls.JDK, true),

	/**
	 * Reactor Netty, which sends each message back without a look at it.
	 */
	ECHO("bare echo without MCP", Kind.ECHO, Tls.JDK, true),

	/**
	 * Reactor Netty on BoringSSL, which sends each message back without a look at it.
	 */
	ECHO_BORINGSSL("bare echo without MCP, BoringSSL", Kind.ECHO, Tls.BORINGSSL, true);

	private final String title;

	private final Kind kind;

	private final Tls tls;

	private final boolean async;

	Subject(String title, Kind kind, Tls tls, boolean async) {
		this.title = title;
		this.kind = kind;
		this.tls = tls;
		this.async = async;
	}

	/**
	 * Find a subject by its name on the command line.
	 * @param name such as {@code listener-async}
	 * @return the subject
	 */
	public static Subject of(String name) {
		return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
	}

	/**
	 * Return the name on the command line.
	 * @return the name
	 */
	public String id() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/**
	 * Return what the subject is called in tables.
	 * @return the title
	 */
	public String title() {
		return this.title;
	}

	/**
	 * Return whether calls are POSTs rather than messages of a socket.
	 * @return {@code true} for Streamable HTTP
	 */
	public boolean isHttp() {
		return this.kind == Kind.STREAMABLE_HTTP;
	}

	/**
	 * Return whether the server speaks MCP.
	 * @return {@code false} if it only sends back what comes
	 */
	public boolean isMcp() {
		return this.kind != Kind.ECHO;
	}

	/**
	 * Return how connections are secured.
	 * @return the kind of TLS
	 */
	public Tls tls() {
		return this.tls;
	}

	Kind kind() {
		return this.kind;
	}

	boolean isAsync() {
		return this.async;
	}

	/**
	 * How connections are secured.
	 */
	public enum Tls {

		/**
		 * Not at all.
		 */
		NONE,

		/**
		 * By the JDK.
		 */
		JDK,

		/**
		 * By BoringSSL, which Netty takes where its natives are there.
		 */
		BORINGSSL

	}

	enum Kind {

		STREAMABLE_HTTP, LISTENER, REACTIVE, TOMCAT, JETTY, ECHO

	}

}
