package io.github.mcpwss.autoconfigure;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The engine of a test run is the one that the run is for, so that no test passes on the
 * wrong one.
 */
@Tag("engine")
class TlsEngineTests {

	@Test
	void engineIsTheOneThatThisRunIsFor() {
		assertThat(TlsEngine.ofServlet()).startsWith("TLS of the JDK");
		assertThat(TlsEngine.ofNetty(null))
			.startsWith(Boolean.getBoolean("io.netty.handler.ssl.noOpenSsl") ? "TLS of the JDK" : "BoringSSL");
	}

}
