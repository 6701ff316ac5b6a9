package io.github.mcpwss.tls;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;

import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trust manager that leaves nothing to check but the host name: it trusts whatever
 * certificate the peer presents, for this one check, and has the JDK check the rest. A
 * trust manager that is not an extended one would not do: Netty's OpenSSL engine adds the
 * host name check to it only where {@code sun.misc.Unsafe} may be used.
 */
final class HostNameTrustManager extends CheckingTrustManager {

	private final HostNameRule hostName;

	HostNameTrustManager(HostNameRule hostName) {
		this.hostName = hostName;
	}

	@Override
	protected X509ExtendedTrustManager delegate(X509Certificate[] chain) {
		return ServerTrustManagers.trusting(List.of(chain[0]));
	}

	@Override
	protected void checkFurther(PeerChain peer) throws CertificateException {
		this.hostName.check(peer);
	}

	@Override
	public X509Certificate[] getAcceptedIssuers() {
		return new X509Certificate[0];
	}

}
