package io.github.mcpwss.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.github.mcpwss.tls.TestCertificates.Issued;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPReq;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.Req;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.jcajce.JcaBasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.jcajce.JcaCertificateID;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/**
 * What an authority with an RSA key says of the certificates that it has revoked.
 */
public final class TestRevocation {

	/**
	 * When certificates were revoked.
	 */
	public static final Instant DATE = Instant.parse("2025-11-20T12:00:00Z");

	private final Issued authority;

	private final Set<BigInteger> revoked = ConcurrentHashMap.newKeySet();

	private Instant nextUpdate = TestCertificates.daysFromNow(1);

	public TestRevocation(Issued authority) {
		this.authority = authority;
	}

	/**
	 * Revoke a certificate.
	 */
	public TestRevocation revoke(X509Certificate certificate) {
		this.revoked.add(certificate.getSerialNumber());
		return this;
	}

	/**
	 * Set the time until which what is said holds.
	 */
	public TestRevocation nextUpdate(Instant nextUpdate) {
		this.nextUpdate = nextUpdate;
		return this;
	}

	/**
	 * Write the revocation list in PEM form.
	 */
	public Path writeListTo(Path file) {
		StringWriter text = new StringWriter();
		try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
			writer.writeObject(list());
			writer.flush();
			// at once, as good tools do it
			Path whole = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), text.toString());
			return Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return the revocation list.
	 */
	public X509CRL list() {
		try {
			X509v2CRLBuilder builder = new X509v2CRLBuilder(
					new X500Name(this.authority.certificate().getSubjectX500Principal().getName()),
					Date.from(TestCertificates.daysFromNow(-10)));
			builder.setNextUpdate(Date.from(this.nextUpdate));
			for (BigInteger serialNumber : new HashSet<>(this.revoked)) {
				builder.addCRLEntry(serialNumber, Date.from(DATE), CRLReason.keyCompromise);
			}
			byte[] encoded = builder
				.build(new JcaContentSignerBuilder("SHA256withRSA").build(this.authority.privateKey()))
				.getEncoded();
			return (X509CRL) CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(encoded));
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return the OCSP response for a certificate.
	 */
	public byte[] response(X509Certificate certificate) {
		try {
			return response(new JcaCertificateID(digests().get(CertificateID.HASH_SHA1), this.authority.certificate(),
					certificate.getSerialNumber()));
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Answer an OCSP request.
	 */
	public byte[] answer(byte[] request) {
		try {
			Req[] requests = new OCSPReq(request).getRequestList();
			return response(requests[0].getCertID());
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private byte[] response(CertificateID id) throws Exception {
		BasicOCSPRespBuilder builder = new JcaBasicOCSPRespBuilder(
				this.authority.certificate().getSubjectX500Principal());
		CertificateStatus status = this.revoked.contains(id.getSerialNumber())
				? new RevokedStatus(Date.from(DATE), CRLReason.keyCompromise) : CertificateStatus.GOOD;
		builder.addResponse(id, status, Date.from(TestCertificates.daysFromNow(-10)), Date.from(this.nextUpdate));
		return new OCSPRespBuilder().build(OCSPResp.SUCCESSFUL,
				builder.build(new JcaContentSignerBuilder("SHA256withRSA").build(this.authority.privateKey()),
						new X509CertificateHolder[0], new Date()))
			.getEncoded();
	}

	private static DigestCalculatorProvider digests() throws Exception {
		return new JcaDigestCalculatorProviderBuilder().build();
	}

}
