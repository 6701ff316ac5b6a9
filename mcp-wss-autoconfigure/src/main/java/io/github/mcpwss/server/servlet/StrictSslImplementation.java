package io.github.mcpwss.server.servlet;

import java.security.KeyStore;

import javax.net.ssl.TrustManager;

import io.github.mcpwss.tls.StrictTrustStore;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.apache.tomcat.util.net.SSLUtil;
import org.apache.tomcat.util.net.jsse.JSSEImplementation;
import org.apache.tomcat.util.net.jsse.JSSEUtil;

/**
 * Tomcat's TLS of the JDK, with the trust manager of a {@link StrictTrustStore}, and
 * cipher suites in the server's order. Tomcat makes it by its name.
 */
public final class StrictSslImplementation extends JSSEImplementation {

	/**
	 * Create a new implementation.
	 */
	public StrictSslImplementation() {
	}

	@Override
	public SSLUtil getSSLUtil(SSLHostConfigCertificate certificate) {
		certificate.getSSLHostConfig().setHonorCipherOrder(true);
		return new StrictSslUtil(certificate);
	}

	private static final class StrictSslUtil extends JSSEUtil {

		private StrictSslUtil(SSLHostConfigCertificate certificate) {
			super(certificate);
		}

		@Override
		public TrustManager[] getTrustManagers() throws Exception {
			KeyStore trustStore = this.sslHostConfig.getTruststore();
			return (trustStore instanceof StrictTrustStore strict) ? new TrustManager[] { strict.getTrustManager() }
					: super.getTrustManagers();
		}

	}

}
