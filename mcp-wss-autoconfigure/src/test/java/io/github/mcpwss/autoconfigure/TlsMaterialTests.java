package io.github.mcpwss.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;

import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

import io.github.mcpwss.tls.ServerTrust;
import io.github.mcpwss.tls.ServerTrustManagers;
import io.github.mcpwss.tls.TestCertificates;
import io.github.mcpwss.tls.TestCertificates.Issued;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.ssl.PemSslBundleProperties;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.autoconfigure.ssl.SslProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

/**
 * The SSL bundle, and how the web server uses it.
 */
@ExtendWith(OutputCaptureExtension.class)
class TlsMaterialTests {

	private static final String BUNDLE = "spring.ssl.bundle.pem.mine";

	private final TestCertificates authority = TestCertificates.authority("Test CA");

	private final Issued issued = this.authority.issue("localhost");

	@TempDir
	private Path directory;

	@Test
	void filesOfServerBecomeBundle() throws Exception {
		serverWithFiles().run((context) -> {
			assertThat(context).hasNotFailed();
			SslBundle bundle = context.getBean(SslBundles.class).getBundle("mcp-websocket");
			assertThat(((X509Certificate) bundle.getStores().getKeyStore().getCertificate("ssl")))
				.isEqualTo(this.issued.certificate());
			Ssl ssl = context.getBean(ServerTls.class).ssl();
			assertThat(ssl.getBundle()).isEqualTo("mcp-websocket");
			assertThat(ssl.getClientAuth()).isEqualTo(Ssl.ClientAuth.NONE);
			assertThat(pem(context.getBean(SslProperties.class)).isReloadOnUpdate()).isTrue();
			assertThat(pem(context.getBean(SslProperties.class)).getKeystore().isVerifyKeys()).isTrue();
		});
	}

	@Test
	void reloadCanBeTurnedOff() {
		serverWithFiles().withPropertyValues("mcp.websocket.tls.reload-on-update=false")
			.run((context) -> assertThat(pem(context.getBean(SslProperties.class)).isReloadOnUpdate()).isFalse());
	}

	@Test
	void contentThatCannotBeWatchedIsNotFollowed() {
		String authorities = "base64:" + Base64.getEncoder().encodeToString(authorityPem());
		Contexts.client().withPropertyValues("mcp.websocket.tls.ca-cert-path=" + authorities).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(pem(context.getBean(SslProperties.class)).isReloadOnUpdate()).isFalse();
		});
		Contexts.client()
			.withPropertyValues("mcp.websocket.tls.ca-cert-path=" + authorities,
					"mcp.websocket.tls.reload-on-update=true")
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("mcp.websocket.tls.reload-on-update is true", "watched"));
	}

	private byte[] authorityPem() {
		try {
			return Files.readAllBytes(this.authority.writeTo(this.directory.resolve("ca.crt")));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void authoritiesOfServerDemandClientCertificates() {
		serverWithFiles().withPropertyValues("mcp.websocket.tls.ca-cert-path=" + this.authority.writeTo(file("ca.crt")))
			.run((context) -> assertThat(context.getBean(ServerTls.class).ssl().getClientAuth())
				.isEqualTo(Ssl.ClientAuth.NEED));
		serverWithFiles()
			.withPropertyValues("mcp.websocket.tls.ca-cert-path=" + file("ca.crt"),
					"mcp.websocket.tls.client-auth=want")
			.run((context) -> assertThat(context.getBean(ServerTls.class).ssl().getClientAuth())
				.isEqualTo(Ssl.ClientAuth.WANT));
	}

	@Test
	void unusableFileFailsStartupByItsProperty() throws Exception {
		serverWithFiles().withPropertyValues("mcp.websocket.tls.cert-path=" + file("missing.crt"))
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("Failed to read certificate", "missing.crt", "mcp.websocket.tls.cert-path", "no such file"));
		Files.writeString(file("junk.key"), "junk");
		serverWithFiles().withPropertyValues("mcp.websocket.tls.key-path=" + file("junk.key"))
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("Failed to parse private key", "junk.key", "mcp.websocket.tls.key-path", "not PEM"));
		serverWithFiles()
			.withPropertyValues(
					"mcp.websocket.tls.key-path=" + this.authority.issue("localhost").writeKeyTo(file("other.key")))
			.run((context) -> assertThat(Failures.text(context.getStartupFailure())).contains("other.key",
					"does not belong to the certificate"));
		Contexts.client()
			.withPropertyValues("mcp.websocket.tls.ca-cert-path=" + file("junk.key"))
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("Failed to parse certificate", "mcp.websocket.tls.ca-cert-path"));
	}

	@Test
	void unusableFileFailsStartupWhereBeansAreLazy() {
		Contexts.client()
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.withPropertyValues("mcp.websocket.tls.ca-cert-path=" + file("missing.crt"))
			.run((context) -> assertThat(context).hasFailed());
	}

	@Test
	void encryptedKeyNeedsItsPassword() {
		this.issued.writeKeyTo(file("encrypted.key"), "hunter2");
		ApplicationContextRunner runner = Contexts.client()
			.withPropertyValues("mcp.websocket.tls.cert-path=" + this.issued.writeCertificateTo(file("server.crt")),
					"mcp.websocket.tls.key-path=" + file("encrypted.key"));
		runner.withPropertyValues("mcp.websocket.tls.key-password=hunter2").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(SslBundles.class).getBundle("mcp-websocket").createSslContext()).isNotNull();
		});
		runner.withPropertyValues("mcp.websocket.tls.key-password=hunter3")
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("mcp.websocket.tls.key-password", "wrong password")
				.doesNotContain("hunter3"));
	}

	@Test
	void readableKeyIsWarnedOf(CapturedOutput output) throws Exception {
		serverWithFiles();
		Files.setPosixFilePermissions(file("server.key"), PosixFilePermissions.fromString("rw-r--r--"));
		serverWithFiles(false).run((context) -> assertThat(output).containsOnlyOnce("chmod 600"));
	}

	@Test
	void readableKeysOfClientsAreWarnedOf(CapturedOutput output) throws Exception {
		serverWithFiles();
		Files.setPosixFilePermissions(file("server.key"), PosixFilePermissions.fromString("rw-r--r--"));
		Path other = this.issued.writeKeyTo(file("other.key"));
		Files.setPosixFilePermissions(other, PosixFilePermissions.fromString("rw-r-----"));
		String named = "mcp.websocket.connections.a.";
		Contexts.client()
			.withPropertyValues("mcp.websocket.tls.cert-path=" + file("server.crt"),
					"mcp.websocket.tls.key-path=" + file("server.key"), named + "url=wss://other",
					named + "tls.cert-path=" + file("server.crt"), named + "tls.key-path=" + other)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(output).containsOnlyOnce("chmod 600 " + file("server.key"))
					.containsOnlyOnce("chmod 600 " + other);
			});
	}

	@Test
	void keyOfOwnerOnlyIsNot(CapturedOutput output) throws Exception {
		serverWithFiles();
		Files.setPosixFilePermissions(file("server.key"), PosixFilePermissions.fromString("rw-------"));
		serverWithFiles(false).run((context) -> assertThat(output).doesNotContain("chmod 600"));
	}

	@Test
	void bundleOfSameNameIsRefused() {
		serverWithFiles()
			.withPropertyValues("spring.ssl.bundle.pem.mcp-websocket.truststore.certificate=" + file("server.crt"))
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("spring.ssl.bundle.pem.mcp-websocket", "mcp.websocket.tls.bundle"));
	}

	@Test
	void bundleIsUsed() {
		serverWithFiles();
		Contexts.server()
			.withPropertyValues(BUNDLE + ".keystore.certificate=" + file("server.crt"),
					BUNDLE + ".keystore.private-key=" + file("server.key"), "mcp.websocket.tls.bundle=mine")
			.run((context) -> assertThat(context.getBean(ServerTls.class).ssl().getBundle()).isEqualTo("mine"));
	}

	@Test
	void unknownBundleIsRefused() {
		for (String mode : new String[] { "server-mode=true", "url=wss://localhost" }) {
			new WebApplicationContextRunner().withConfiguration(Contexts.AUTO_CONFIGURATIONS)
				.withPropertyValues("mcp.websocket." + mode, "mcp.websocket.tls.bundle=yours",
						BUNDLE + ".truststore.certificate=" + this.authority.writeTo(file("ca.crt")))
				.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
					.contains("There is no SSL bundle 'yours' (mcp.websocket.tls.bundle)", "[mine]"));
		}
	}

	@Test
	void bundleThatCannotBeLoadedIsRefused() throws Exception {
		Files.writeString(file("junk.crt"), "junk");
		Contexts.client()
			.withPropertyValues("mcp.websocket.tls.bundle=mine", BUNDLE + ".truststore.certificate=" + file("junk.crt"))
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("'mine' (mcp.websocket.tls.bundle) cannot be loaded"));
	}

	@Test
	void bundleOfServerNeedsIdentity() {
		Contexts.server()
			.withPropertyValues("mcp.websocket.tls.bundle=mine",
					BUNDLE + ".truststore.certificate=" + this.authority.writeTo(file("ca.crt")))
			.run((context) -> assertThat(Failures.text(context.getStartupFailure())).contains("'mine'",
					"no certificate and private key"));
	}

	@Test
	void bundleNeedsAuthoritiesForClientAuthentication() {
		serverWithFiles();
		Contexts.server()
			.withPropertyValues(BUNDLE + ".keystore.certificate=" + file("server.crt"),
					BUNDLE + ".keystore.private-key=" + file("server.key"), "mcp.websocket.tls.bundle=mine",
					"mcp.websocket.tls.client-auth=need")
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("mcp.websocket.tls.client-auth", "'mine'", "truststore"));
	}

	@Test
	void serverWithoutCertificateIsRefused() {
		for (String property : new String[] { "a=b", "server.ssl.enabled=false",
				"mcp.websocket.tls.ca-cert-path=" + this.authority.writeTo(file("ca.crt")) }) {
			Contexts.server()
				.withUserConfiguration(ServerPropertiesConfiguration.class)
				.withPropertyValues(property)
				.run((context) -> assertThat(Failures.text(context.getStartupFailure())).contains(
						"mcp.websocket.tls.cert-path", "mcp.websocket.tls.bundle", "server.ssl",
						"mcp.websocket.tls.dev-certificate"));
		}
	}

	@Test
	void serverSslIsUsedAsItIs() {
		Contexts.server()
			.withUserConfiguration(ServerPropertiesConfiguration.class)
			.withPropertyValues("server.ssl.bundle=any")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(ServerTls.class).ssl()).isNull();
			});
	}

	@Test
	void serverSslIsRefusedBesidesOurs() {
		serverWithFiles().withUserConfiguration(ServerPropertiesConfiguration.class)
			.withPropertyValues("server.ssl.bundle=any")
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("mcp.websocket.tls.cert-path", "server.ssl"));
		for (String property : new String[] { "tls.bundle=mine", "tls.client-auth=none", "tls.offloaded=true",
				"use-tls=false" }) {
			Contexts.server()
				.withUserConfiguration(ServerPropertiesConfiguration.class)
				.withPropertyValues("server.ssl.bundle=any", "mcp.websocket." + property)
				.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
					.contains("mcp.websocket." + property.substring(0, property.indexOf('=')), "server.ssl"));
		}
	}

	@Test
	void plainServerHasNoTls() {
		for (String property : new String[] { "tls.offloaded=true", "use-tls=false" }) {
			Contexts.server()
				.withPropertyValues("mcp.websocket." + property)
				.run((context) -> assertThat(context.getBean(ServerTls.class).ssl()).isNull());
		}
	}

	@Test
	void developmentCertificateBecomesBundle() {
		Contexts.server()
			.withPropertyValues("mcp.websocket.tls.dev-certificate=true",
					"mcp.websocket.tls.dev-certificate-directory=" + this.directory)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(SslBundles.class).getBundle("mcp-websocket").getStores().getKeyStore())
					.isNotNull();
			});
		Contexts.client()
			.withPropertyValues("mcp.websocket.tls.dev-certificate=true",
					"mcp.websocket.tls.dev-certificate-directory=" + this.directory)
			.run((context) -> {
				SslBundle bundle = context.getBean(SslBundles.class).getBundle("mcp-websocket");
				assertThat(bundle.getStores().getKeyStore()).isNull();
				assertThat(bundle.getStores().getTrustStore()).isNotNull();
			});
	}

	@Test
	void clientTrustsSystemByDefault() {
		Contexts.client().run((context) -> {
			assertThat(context.getBean(SslBundles.class).getBundleNames()).isEmpty();
			SslBundle bundle = context.getBean(ClientSslBundle.class).get();
			assertThat(((X509TrustManager) bundle.getManagers().getTrustManagers()[0]).getAcceptedIssuers())
				.hasSizeGreaterThan(10);
		});
	}

	@Test
	void trustManagerOfBundleWithoutTrustStoreIsUsed() {
		TrustManagerFactory trust = ServerTrustManagers.trustManagerFactory(ServerTrust.AUTHORITIES,
				List.of(this.authority.certificate()));
		Contexts.client()
			.withBean(SslBundleRegistrar.class,
					() -> (registry) -> registry.registerBundle("mine",
							SslBundle.of(null, null, null, null, SslManagerBundle.from(trust.getTrustManagers()[0]))))
			.withPropertyValues("mcp.websocket.tls.bundle=mine")
			.run((context) -> {
				SslBundle bundle = context.getBean(ClientSslBundle.class).get();
				X509TrustManager trustManager = (X509TrustManager) bundle.getManagers().getTrustManagers()[0];
				assertThat(trustManager.getAcceptedIssuers()).containsExactly(this.authority.certificate());
				X509Certificate[] chain = this.issued.chain().toArray(X509Certificate[]::new);
				assertThatCode(() -> trustManager.checkServerTrusted(chain, "ECDHE_ECDSA")).doesNotThrowAnyException();
			});
	}

	@Test
	void plainClientHasNoBundle() {
		Contexts.any()
			.withPropertyValues("mcp.websocket.url=ws://localhost", "mcp.websocket.use-tls=false")
			.run((context) -> assertThat(context.getBean(ClientSslBundle.class).get()).isNull());
	}

	private WebApplicationContextRunner serverWithFiles() {
		return serverWithFiles(true);
	}

	private WebApplicationContextRunner serverWithFiles(boolean write) {
		if (write) {
			this.issued.writeCertificateTo(file("server.crt"));
			this.issued.writeKeyTo(file("server.key"));
		}
		return Contexts.server()
			.withPropertyValues("mcp.websocket.tls.cert-path=" + file("server.crt"),
					"mcp.websocket.tls.key-path=" + file("server.key"));
	}

	private Path file(String name) {
		return this.directory.resolve(name);
	}

	private static PemSslBundleProperties pem(SslProperties properties) {
		return properties.getBundle().getPem().get("mcp-websocket");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(ServerProperties.class)
	static class ServerPropertiesConfiguration {

	}

}
