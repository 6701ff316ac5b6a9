package io.github.mcpwss.sample;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.StringJoiner;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

import org.jspecify.annotations.Nullable;

/**
 * Looks at what a TLS server presents. The handshake accepts every certificate, since the
 * bad ones are what one wants to look at; nothing is sent over the connection, and the
 * report says whether the system's authorities vouch for the chain.
 */
class CertificateInspector {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	String inspect(String host, int port) {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(host, port), (int) TIMEOUT.toMillis());
			socket.setSoTimeout((int) TIMEOUT.toMillis());
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(null, new TrustManager[] { new AcceptAll() }, null);
			try (SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(socket, host, port, true)) {
				if (!host.matches("[0-9.]+|.*:.*") && host.contains(".")) {
					SSLParameters parameters = tls.getSSLParameters();
					parameters.setServerNames(List.of(new SNIHostName(host)));
					tls.setSSLParameters(parameters);
				}
				tls.startHandshake();
				return report(tls.getSession());
			}
		}
		catch (IOException | GeneralSecurityException ex) {
			throw new IllegalArgumentException("Could not inspect " + host + ":" + port + ": " + ex.getMessage());
		}
	}

	private String report(SSLSession session) throws IOException, GeneralSecurityException {
		X509Certificate[] chain = (X509Certificate[]) session.getPeerCertificates();
		StringJoiner lines = new StringJoiner("\n");
		lines.add(session.getProtocol() + ", " + session.getCipherSuite());
		for (int i = 0; i < chain.length; i++) {
			describe(lines, i, chain[i]);
		}
		String problem = problemOf(chain);
		lines.add((problem != null) ? "not trusted by this system: " + problem : "trusted by this system");
		return lines.toString();
	}

	private void describe(StringJoiner lines, int index, X509Certificate certificate)
			throws CertificateParsingException {
		Instant notAfter = certificate.getNotAfter().toInstant();
		long daysLeft = ChronoUnit.DAYS.between(Instant.now(), notAfter);
		lines.add("[" + index + "] " + certificate.getSubjectX500Principal().getName());
		Collection<List<?>> names = certificate.getSubjectAlternativeNames();
		if (names != null) {
			lines.add("    names      " + String.join(", ", names.stream().map((name) -> "" + name.get(1)).toList()));
		}
		lines.add("    issuer     " + certificate.getIssuerX500Principal().getName());
		lines.add("    valid      " + date(certificate.getNotBefore().toInstant()) + " to " + date(notAfter) + " ("
				+ daysLeft + " days left)");
		lines.add("    key        " + key(certificate) + ", signed with " + certificate.getSigAlgName());
	}

	private static String date(Instant instant) {
		return instant.atOffset(ZoneOffset.UTC).toLocalDate().toString();
	}

	private static String key(X509Certificate certificate) {
		if (certificate.getPublicKey() instanceof RSAPublicKey rsa) {
			return "RSA " + rsa.getModulus().bitLength();
		}
		if (certificate.getPublicKey() instanceof ECPublicKey ec) {
			return "EC " + ec.getParams().getCurve().getField().getFieldSize();
		}
		return certificate.getPublicKey().getAlgorithm();
	}

	private static @Nullable String problemOf(X509Certificate[] chain) throws GeneralSecurityException {
		TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		factory.init((KeyStore) null);
		X509TrustManager trustManager = (X509TrustManager) factory.getTrustManagers()[0];
		try {
			trustManager.checkServerTrusted(chain, chain[0].getPublicKey().getAlgorithm());
			return null;
		}
		catch (GeneralSecurityException ex) {
			return ex.getMessage();
		}
	}

	private static final class AcceptAll implements X509TrustManager {

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType) {
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType) {
		}

		@Override
		public X509Certificate[] getAcceptedIssuers() {
			return new X509Certificate[0];
		}

	}

}
