package io.github.mcpwss.tls;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;

import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trust manager that refuses what another one refuses, and what breaks the rules of
 * {@link StrictPath}, {@link HostNameRule} and {@link PinRule}.
 */
final class VerifyingTrustManager extends CheckingTrustManager {

	private final X509ExtendedTrustManager delegate;

	private final HostNameRule hostName;

	private final PinRule pins;

	private final StrictPath path;

	VerifyingTrustManager(X509ExtendedTrustManager delegate, HostNameRule hostName, PinRule pins,
			RevocationRule revocation) {
		this.delegate = delegate;
		this.hostName = hostName;
		this.pins = pins;
		this.path = new StrictPath(delegate.getAcceptedIssuers(), revocation);
	}

	@Override
	protected X509ExtendedTrustManager delegate(X509Certificate[] chain) {
		return this.pins.isTrustedByPin(chain[0]) ? ServerTrustManagers.trusting(List.of(chain[0])) : this.delegate;
	}

	@Override
	protected void checkFurther(PeerChain peer) throws CertificateException {
		if (this.pins.isTrustedByPin(peer.leaf())) {
			StrictPath.checkTrustedItself(peer);
		}
		else {
			this.path.check(peer);
		}
		this.hostName.check(peer);
		this.pins.check(peer.leaf());
	}

	@Override
	public X509Certificate[] getAcceptedIssuers() {
		return this.delegate.getAcceptedIssuers();
	}

}
