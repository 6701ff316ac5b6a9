package io.github.mcpwss.testing;

import java.time.Duration;

import io.github.mcpwss.jsonrpc.JsonRpcCodec;
import io.github.mcpwss.server.McpWebSocketServerTransportProvider;
import io.github.mcpwss.server.ServerSchedulers;
import io.github.mcpwss.tls.TestCertificates.Issued;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;

/**
 * What the servers of the tests have in common: everything but the web stack.
 */
abstract class ProviderServer implements TestServer {

	private final TestTls tls = new TestTls();

	private final DefaultSslBundleRegistry sslBundles = new DefaultSslBundleRegistry("server", this.tls.serverBundle());

	private final ServerSchedulers schedulers;

	private final McpWebSocketServerTransportProvider provider;

	ProviderServer(ServerSetup setup) {
		this.schedulers = setup.schedulers();
		this.provider = new McpWebSocketServerTransportProvider(setup.settings(), new JsonRpcCodec(JsonMapper.shared()),
				this.schedulers);
	}

	@Override
	public McpWebSocketServerTransportProvider provider() {
		return this.provider;
	}

	DefaultSslBundleRegistry sslBundles() {
		return this.sslBundles;
	}

	@Override
	public void present(Issued identity) {
		this.sslBundles.updateBundle("server", SslBundle.of(SslStoreBundle.of(identity.keyStore(), "", null)));
	}

	@Override
	public TestTls tls() {
		return this.tls;
	}

	/**
	 * Stop the web server.
	 */
	abstract void stop();

	@Override
	public void close() {
		this.provider.closeGracefully().block(Duration.ofSeconds(10));
		stop();
		this.schedulers.dispose();
	}

}
