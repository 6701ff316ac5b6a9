package io.github.mcpwss.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Supplier;

import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

import org.jspecify.annotations.Nullable;

/**
 * Makes the trust managers for each {@link ServerTrust}. All are
 * {@link X509ExtendedTrustManager extended} ones: a TLS engine does not check anything
 * besides them. Whether the host name is checked depends on the endpoint identification
 * algorithm of the connection, which has to be {@code HTTPS}, and is done by the JDK's
 * own code with the JDK's TLS and with Netty's OpenSSL engine alike. Trust managers made
 * here throw exceptions from which {@link TlsFailures} learns names, issuers and dates.
 * They are safe for use by several threads.
 */
public final class ServerTrustManagers {

	private ServerTrustManagers() {
	}

	/**
	 * Return the trust manager factory for a trust decision.
	 * @param trust the decision
	 * @param authorities the certificates to trust with {@link ServerTrust#AUTHORITIES},
	 * where they must not be empty; of no effect otherwise
	 * @return a factory that needs no initialization
	 * @throws IllegalStateException if the JDK cannot make a trust manager
	 */
	public static TrustManagerFactory trustManagerFactory(ServerTrust trust, List<X509Certificate> authorities) {
		return factory(ServerVerification.of(trust),
				(trust == ServerTrust.AUTHORITIES) ? () -> trusting(authorities) : () -> jdkTrustManager(null));
	}

	/**
	 * Return the trust manager factory for a client.
	 * @param verification how the client verifies servers
	 * @param authorities the initialized factory of the trust manager that trusts
	 * authorities, {@code null} for those of the system
	 * @return a factory that needs no initialization
	 * @throws IllegalStateException if the JDK cannot make a trust manager
	 */
	public static TrustManagerFactory forClient(ServerVerification verification,
			@Nullable TrustManagerFactory authorities) {
		return factory(verification, (authorities != null) ? () -> extended(authorities) : () -> jdkTrustManager(null));
	}

	/**
	 * Return the trust manager factory for a server that verifies clients.
	 * @param authorities the initialized factory of the trust manager that trusts the
	 * clients' authorities
	 * @param revocation how the clients' certificates are checked for revocation
	 * @return a factory that needs no initialization
	 */
	public static TrustManagerFactory forServer(TrustManagerFactory authorities, Revocation revocation) {
		return factory(new ServerVerification(ServerTrust.AUTHORITIES, null, List.of(), revocation),
				() -> extended(authorities));
	}

	private static TrustManagerFactory factory(ServerVerification verification,
			Supplier<X509ExtendedTrustManager> authorities) {
		HostNameRule hostName = new HostNameRule(verification.serverName());
		X509ExtendedTrustManager trustManager = switch (verification.trust()) {
			case SYSTEM, AUTHORITIES -> new VerifyingTrustManager(authorities.get(), hostName,
					new PinRule(verification.pins()), new RevocationRule(verification.revocation()));
			case ACCEPT_INVALID -> new HostNameTrustManager(hostName);
			case NONE -> new InsecureTrustManager();
		};
		return new FixedTrustManagerFactory(trustManager);
	}

	/**
	 * Return the certificates of the authorities that the JDK trusts.
	 * @return the certificates
	 */
	static List<X509Certificate> systemAuthorities() {
		return List.of(jdkTrustManager(null).getAcceptedIssuers());
	}

	static X509ExtendedTrustManager trusting(List<X509Certificate> certificates) {
		if (certificates.isEmpty()) {
			throw new IllegalArgumentException("'certificates' must not be empty");
		}
		try {
			KeyStore trustStore = KeyStore.getInstance(KeyStore.getDefaultType());
			trustStore.load(null, null);
			for (int i = 0; i < certificates.size(); i++) {
				trustStore.setCertificateEntry("authority-" + i, certificates.get(i));
			}
			return jdkTrustManager(trustStore);
		}
		catch (GeneralSecurityException | IOException ex) {
			throw new IllegalStateException("Unable to create trust store", ex);
		}
	}

	private static X509ExtendedTrustManager jdkTrustManager(@Nullable KeyStore trustStore) {
		try {
			TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
			factory.init(trustStore);
			return extended(factory);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Unable to create trust manager", ex);
		}
	}

	private static X509ExtendedTrustManager extended(TrustManagerFactory factory) {
		for (TrustManager trustManager : factory.getTrustManagers()) {
			if (trustManager instanceof X509ExtendedTrustManager extended) {
				return extended;
			}
		}
		throw new IllegalStateException("No X509ExtendedTrustManager in " + factory.getAlgorithm());
	}

}
