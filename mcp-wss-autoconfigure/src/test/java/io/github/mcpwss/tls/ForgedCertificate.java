package io.github.mcpwss.tls;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;

import io.github.mcpwss.tls.TestCertificates.Issued;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A certificate with whatever flaws a test wants. By default it is a good one of a
 * server, with an RSA key of 2048 bits.
 */
public final class ForgedCertificate {

	private static final KeyPair strong = keys("RSA", 2048);

	private String subject = "CN=Forged";

	private KeyPair keys = strong;

	private String signature = "SHA256withRSA";

	private List<String> hosts = List.of();

	private List<String> dnsNames = List.of();

	private @Nullable KeyPurposeId purpose;

	private int pathLength = -1;

	private @Nullable GeneralName excluded;

	private @Nullable String permittedDomain;

	private @Nullable String ocspResponder;

	private boolean authority;

	private Instant notBefore = TestCertificates.daysFromNow(-100);

	private Instant notAfter = TestCertificates.daysFromNow(90);

	/**
	 * Forge a certificate for hosts.
	 */
	public static ForgedCertificate server(String... hosts) {
		ForgedCertificate forged = new ForgedCertificate();
		forged.hosts = List.of(hosts);
		return forged.purpose(KeyPurposeId.id_kp_serverAuth);
	}

	/**
	 * Forge a certificate of a client.
	 */
	public static ForgedCertificate client() {
		return new ForgedCertificate().purpose(KeyPurposeId.id_kp_clientAuth);
	}

	/**
	 * Forge a certificate of an authority.
	 */
	public static ForgedCertificate authority(String name) {
		ForgedCertificate forged = new ForgedCertificate().subject("CN=" + name);
		forged.authority = true;
		return forged;
	}

	/**
	 * Set the subject.
	 */
	public ForgedCertificate subject(String subject) {
		this.subject = subject;
		return this;
	}

	/**
	 * Set names that are called names of the DNS, whatever they are.
	 */
	public ForgedCertificate dnsNames(String... dnsNames) {
		this.dnsNames = List.of(dnsNames);
		return this;
	}

	/**
	 * Set the kind of key.
	 */
	public ForgedCertificate key(String algorithm, int bits) {
		this.keys = keys(algorithm, bits);
		return this;
	}

	/**
	 * Set the signature algorithm.
	 */
	public ForgedCertificate signature(String signature) {
		this.signature = signature;
		return this;
	}

	/**
	 * Set the extended key usage.
	 */
	public ForgedCertificate purpose(@Nullable KeyPurposeId purpose) {
		this.purpose = purpose;
		return this;
	}

	/**
	 * Set the begin of the validity.
	 */
	public ForgedCertificate notBefore(Instant notBefore) {
		this.notBefore = notBefore;
		return this;
	}

	/**
	 * Set the end of the validity.
	 */
	public ForgedCertificate notAfter(Instant notAfter) {
		this.notAfter = notAfter;
		return this;
	}

	/**
	 * Set a name constraint.
	 */
	public ForgedCertificate permittedDomain(String domain) {
		this.permittedDomain = domain;
		return this;
	}

	/**
	 * Exclude names (see {@link GeneralName}).
	 */
	public ForgedCertificate excluded(int type, String name) {
		this.excluded = new GeneralName(type, name);
		return this;
	}

	/**
	 * Set the number of authorities that may be below this one.
	 */
	public ForgedCertificate pathLength(int pathLength) {
		this.pathLength = pathLength;
		return this;
	}

	/**
	 * Set the OCSP responder to ask for the certificate.
	 */
	public ForgedCertificate ocspResponder(String url) {
		this.ocspResponder = url;
		return this;
	}

	/**
	 * Sign the certificate with its own key.
	 */
	public Issued selfSigned() {
		return new Issued(List.of(build(this.subject, this.keys)), this.keys.getPrivate());
	}

	/**
	 * Have the certificate signed. What intermediate authorities sign has their
	 * certificates in its chain.
	 */
	public Issued signedBy(Issued issuer) {
		X509Certificate certificate = build(issuer.certificate().getSubjectX500Principal().getName(),
				new KeyPair(issuer.certificate().getPublicKey(), issuer.privateKey()));
		List<X509Certificate> chain = new ArrayList<>(List.of(certificate));
		issuer.chain().stream().filter((each) -> !CertificateRefusal.isSelfSigned(each)).forEach(chain::add);
		return new Issued(chain, this.keys.getPrivate());
	}

	private X509Certificate build(String issuer, KeyPair issuerKeys) {
		try {
			JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(new X500Name(issuer),
					BigInteger.valueOf(System.nanoTime()), Date.from(this.notBefore), Date.from(this.notAfter),
					new X500Name(this.subject), this.keys.getPublic());
			builder.addExtension(Extension.basicConstraints, true, (this.pathLength >= 0)
					? new BasicConstraints(this.pathLength) : new BasicConstraints(this.authority));
			if (this.purpose != null) {
				builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(this.purpose));
			}
			GeneralName[] names = names();
			if (names.length > 0) {
				builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
			}
			if (this.ocspResponder != null) {
				builder.addExtension(Extension.authorityInfoAccess, false,
						new AuthorityInformationAccess(new AccessDescription(AccessDescription.id_ad_ocsp,
								new GeneralName(GeneralName.uniformResourceIdentifier, this.ocspResponder))));
			}
			if (this.permittedDomain != null || this.excluded != null) {
				builder.addExtension(Extension.nameConstraints, true,
						new NameConstraints(
								subtrees((this.permittedDomain != null)
										? new GeneralName(GeneralName.dNSName, this.permittedDomain) : null),
								subtrees(this.excluded)));
			}
			return new JcaX509CertificateConverter().getCertificate(
					builder.build(new JcaContentSignerBuilder(this.signature).setProvider(new BouncyCastleProvider())
						.build(issuerKeys.getPrivate())));
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static GeneralSubtree @Nullable [] subtrees(@Nullable GeneralName name) {
		return (name != null) ? new GeneralSubtree[] { new GeneralSubtree(name) } : null;
	}

	private GeneralName[] names() {
		Stream<GeneralName> names = this.hosts.stream()
			.map((host) -> new GeneralName(StrictHostName.isAddress(host) ? GeneralName.iPAddress : GeneralName.dNSName,
					host));
		return Stream.concat(names, this.dnsNames.stream().map((name) -> new GeneralName(GeneralName.dNSName, name)))
			.toArray(GeneralName[]::new);
	}

	private static KeyPair keys(String algorithm, int bits) {
		try {
			KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm, "EC".equals(algorithm)
					? new BouncyCastleProvider() : KeyPairGenerator.getInstance(algorithm).getProvider());
			if ("EC".equals(algorithm)) {
				generator.initialize(new ECGenParameterSpec("secp" + bits + "r1"));
			}
			else {
				generator.initialize(bits);
			}
			return generator.generateKeyPair();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}
