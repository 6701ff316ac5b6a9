package io.github.mcpwss.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Issues development certificates by way of Bouncy Castle.
 */
final class DevelopmentCertificateIssuer {

	private static final Duration AUTHORITY_VALIDITY = Duration.ofDays(5 * 365);

	// browsers refuse more than 398 days
	private static final Duration LEAF_VALIDITY = Duration.ofDays(397);

	private static final Duration CLOCK_SKEW = Duration.ofHours(1);

	private static final String LEAF_NAME = "O=mcp-wss development certificate";

	private final SecureRandom random = new SecureRandom();

	private final Clock clock;

	DevelopmentCertificateIssuer(Clock clock) {
		this.clock = clock;
	}

	/**
	 * Issue an authority.
	 * @return the authority
	 */
	PemIdentity authority() {
		try {
			KeyPair keyPair = keyPair();
			BigInteger serial = serial();
			// a name of its own: clients mix up authorities with equal names
			X500Name name = new X500Name(
					"O=mcp-wss development CA,CN=mcp-wss development CA %016x".formatted(serial.longValue()));
			X509v3CertificateBuilder builder = builder(name, serial, AUTHORITY_VALIDITY, name, keyPair);
			builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
			builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
			builder.addExtension(Extension.extendedKeyUsage, false,
					new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
			builder.addExtension(Extension.nameConstraints, true, nameConstraints());
			return sign(builder, keyPair.getPrivate(), keyPair.getPrivate());
		}
		catch (GeneralSecurityException | IOException | OperatorCreationException ex) {
			throw new IllegalStateException("Unable to issue the development authority", ex);
		}
	}

	/**
	 * Issue a certificate for the local host.
	 * @param authority the issuer
	 * @return the certificate and its private key
	 */
	PemIdentity leaf(PemIdentity authority) {
		try {
			KeyPair keyPair = keyPair();
			X509Certificate issuer = authority.chain().get(0);
			X509v3CertificateBuilder builder = builder(
					X500Name.getInstance(issuer.getSubjectX500Principal().getEncoded()), serial(), LEAF_VALIDITY,
					new X500Name(LEAF_NAME), keyPair);
			builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
			builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
			builder.addExtension(Extension.extendedKeyUsage, false,
					new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
			builder.addExtension(Extension.subjectAlternativeName, false,
					new GeneralNames(new GeneralName[] { new GeneralName(GeneralName.dNSName, "localhost"),
							new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
							new GeneralName(GeneralName.iPAddress, "::1") }));
			builder.addExtension(Extension.authorityKeyIdentifier, false,
					new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(issuer.getPublicKey()));
			return sign(builder, authority.privateKey(), keyPair.getPrivate());
		}
		catch (GeneralSecurityException | IOException | OperatorCreationException ex) {
			throw new IllegalStateException("Unable to issue the development certificate", ex);
		}
	}

	private X509v3CertificateBuilder builder(X500Name issuer, BigInteger serial, Duration validity, X500Name subject,
			KeyPair keyPair) throws GeneralSecurityException, IOException {
		Instant notBefore = this.clock.instant().minus(CLOCK_SKEW);
		X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(issuer, serial, Date.from(notBefore),
				Date.from(notBefore.plus(validity)), subject, keyPair.getPublic());
		builder.addExtension(Extension.subjectKeyIdentifier, false,
				new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keyPair.getPublic()));
		return builder;
	}

	private static NameConstraints nameConstraints() {
		return new NameConstraints(
				new GeneralSubtree[] { new GeneralSubtree(new GeneralName(GeneralName.dNSName, "localhost")),
						new GeneralSubtree(new GeneralName(GeneralName.iPAddress, "127.0.0.1/32")),
						new GeneralSubtree(new GeneralName(GeneralName.iPAddress, "::1/128")) },
				null);
	}

	private static PemIdentity sign(X509v3CertificateBuilder builder, PrivateKey signer, PrivateKey privateKey)
			throws GeneralSecurityException, OperatorCreationException {
		X509Certificate certificate = new JcaX509CertificateConverter()
			.getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer)));
		return new PemIdentity(List.of(certificate), privateKey);
	}

	private KeyPair keyPair() throws GeneralSecurityException {
		KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
		generator.initialize(new ECGenParameterSpec("secp256r1"), this.random);
		return generator.generateKeyPair();
	}

	private BigInteger serial() {
		return new BigInteger(127, this.random).setBit(126);
	}

}
