package io.github.mcpwss.integration;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;

import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;

/**
 * Issues tokens for carol.
 */
final class Tokens {

	private final KeyPair keys = keyPair();

	static KeyPair keyPair() {
		try {
			KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
			generator.initialize(2048);
			return generator.generateKeyPair();
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	RSAPublicKey publicKey() {
		return (RSAPublicKey) this.keys.getPublic();
	}

	String issue(String scope, Duration validity) {
		Instant now = Instant.now();
		JwtClaimsSet claims = JwtClaimsSet.builder()
			.subject("carol")
			.claim("scope", scope)
			.issuedAt(now.minus(Duration.ofHours(1)))
			.expiresAt(now.plus(validity))
			.build();
		return NimbusJwtEncoder.withKeyPair(publicKey(), (RSAPrivateKey) this.keys.getPrivate())
			.build()
			.encode(JwtEncoderParameters.from(claims))
			.getTokenValue();
	}

}
