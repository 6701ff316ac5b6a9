package io.github.mcpwss.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A certificate chain and the private key of its first certificate.
 *
 * @param chain the chain, the end-entity certificate first; never empty
 * @param privateKey the private key of the first certificate
 */
public record PemIdentity(List<X509Certificate> chain, PrivateKey privateKey) {

	/**
	 * Create a new identity.
	 */
	public PemIdentity {
		chain = List.copyOf(chain);
	}

	@Override
	public String toString() {
		return "PemIdentity[subject=" + this.chain.get(0).getSubjectX500Principal() + ", certificates="
				+ this.chain.size() + ", algorithm=" + this.privateKey.getAlgorithm() + "]";
	}

}
