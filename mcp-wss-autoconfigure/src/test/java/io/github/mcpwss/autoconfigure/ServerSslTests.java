package io.github.mcpwss.autoconfigure;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import io.github.mcpwss.tls.CertificateReport;
import io.github.mcpwss.tls.ForgedCertificate;
import io.github.mcpwss.tls.TestCertificates;
import io.github.mcpwss.tls.TestCertificates.Issued;
import io.github.mcpwss.tls.TlsAudit;
import io.github.mcpwss.tls.TlsReport;
import io.netty.handler.ssl.OpenSsl;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * The audit and the guard where {@code server.ssl} configures the TLS of the endpoint.
 */
@ExtendWith(OutputCaptureExtension.class)
class ServerSslTests {

	private static final TestCertificates authority = TestCertificates.authority("CA");

	private final Applications applications = new Applications();

	@TempDir
	private Path directory;

	@AfterEach
	void close() {
		this.applications.close();
	}

	static Stream<Arguments> ways() {
		return Stream.of(WebApplicationType.SERVLET, WebApplicationType.REACTIVE)
			.flatMap((type) -> Stream.of(Way.values()).map((way) -> Arguments.of(type, way)));
	}

	@ParameterizedTest
	@MethodSource("ways")
	void isReported(WebApplicationType type, Way way, CapturedOutput output) {
		ConfigurableApplicationContext server = start(type, way.properties(this, authority.issue("localhost")));
		TlsReport report = report(server);
		assertThat(report.name()).isEqualTo("mcp.websocket");
		assertThat(report.source()).isEqualTo("server.ssl");
		assertThat(report.bundle()).isEqualTo((way == Way.BUNDLE) ? "web" : null);
		assertThat(report.engine())
			.isEqualTo((type == WebApplicationType.SERVLET) ? TlsEngine.ofServlet() : TlsEngine.ofNetty(null));
		assertThat(report.protocols()).containsExactlyInAnyOrder("TLSv1.3", "TLSv1.2");
		assertThat(report.cipherSuites()).contains("TLS_AES_256_GCM_SHA384");
		assertThat(report.identity()).extracting(CertificateReport::subject).containsExactly("O=Test");
		assertThat(report.missingIssuer()).isEqualTo("CN=CA");
		assertThat(report.trust()).isEqualTo("asks for no client certificate");
		assertThat(report.revocation()).isNull();
		assertThat(report.warnings()).isEmpty();
		assertThat(output).containsOnlyOnce(report.describe()).doesNotContain("WARN");
	}

	@Test
	void clientAuthenticationIsReported() {
		Path ca = authority.writeTo(file("ca.crt"));
		ConfigurableApplicationContext server = start(WebApplicationType.SERVLET,
				way(Way.FILES, "server.ssl.client-auth=need", "server.ssl.trust-certificate=" + ca));
		assertThat(report(server).trust()).isEqualTo("demands client certificates, verified by 1 trusted certificate");
		assertThat(report(server).revocation()).isEqualTo("not checked");
		assertThat(report(server).missingIssuer()).isNull();
	}

	@ParameterizedTest
	@MethodSource("ways")
	void violationsAreRefusedInProductionAllAtOnce(WebApplicationType type, Way way) {
		Issued weak = ForgedCertificate.server("a")
			.key("RSA", 1024)
			.signature("SHA1withRSA")
			.notAfter(TestCertificates.daysFromNow(-1))
			.selfSigned();
		String[] properties = StringUtils.concatenateStringArrays(way.properties(this, weak),
				new String[] {
						(way == Way.BUNDLE) ? "spring.ssl.bundle.pem.web.options.enabled-protocols=TLSv1.1,TLSv1.2"
								: "server.ssl.enabled-protocols=TLSv1.1,TLSv1.2",
						"server.ssl.client-auth=want", "spring.profiles.active=prod",
						"mcp.websocket.connections.a.url=ws://host", "mcp.websocket.connections.a.use-tls=false" });
		assertThat(Failures.text(catchThrowable(() -> start(type, properties)))).contains(
				way.property + ": the certificate CN=Forged has an RSA key of 1024 bits", "is signed with SHA1withRSA",
				"expired on ", "TLSv1.1 is no longer secure", "server.ssl.client-auth: ",
				"mcp.websocket.connections.a.url: ");
	}

	@ParameterizedTest
	@EnumSource(Way.class)
	void violationsAreWarnedOfOnceOtherwise(Way way, CapturedOutput output) {
		ConfigurableApplicationContext server = start(WebApplicationType.SERVLET,
				way.properties(this, ForgedCertificate.server("a").key("RSA", 1024).selfSigned()));
		assertThat(report(server).warnings()).singleElement().asString().contains(way.property, "RSA key of 1024 bits");
		assertThat(output.toString().lines().filter((line) -> line.contains("RSA key of 1024 bits"))).singleElement()
			.asString()
			.contains("Startup is refused in production");
	}

	@ParameterizedTest
	@EnumSource(value = WebApplicationType.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
	void postProcessorThatTakesAnotherCertificateDoesNotHelp(WebApplicationType type) {
		write(ForgedCertificate.server("a").key("RSA", 1024).selfSigned(), "weak");
		write(authority.issue("localhost"), "server");
		String[] properties = { "mcp.websocket.tls.cert-path=" + file("server.crt"),
				"mcp.websocket.tls.key-path=" + file("server.key"), "spring.profiles.active=prod",
				"test.directory=" + this.directory };
		assertThat(Failures.text(catchThrowable(() -> start(type, Weakening.class, properties))))
			.contains("server.ssl.certificate: the certificate CN=Forged has an RSA key of 1024 bits");
	}

	@Tag("engine")
	@ParameterizedTest
	@EnumSource(Way.class)
	void ed25519KeysAreRefusedWhereTheyFailInEachHandshake(Way way) {
		Issued server = authority.issue(Algorithm.ed25519, "localhost");
		assertThat(start(WebApplicationType.SERVLET, way.properties(this, server)).isRunning()).isTrue();
		ThrowingCallable reactive = () -> start(WebApplicationType.REACTIVE, way.properties(this, server));
		if (OpenSsl.isAvailable()) {
			assertThat(Failures.text(catchThrowable(reactive))).contains(way.property + " has an Ed25519 key",
					"noOpenSsl=true");
		}
		else {
			assertThatNoException().isThrownBy(reactive);
		}
	}

	@Test
	void updateThatIsRefusedInProductionChangesNothing() {
		String[] properties = Way.BUNDLE.properties(this, authority.issue("localhost"));
		ConfigurableApplicationContext server = start(WebApplicationType.SERVLET,
				StringUtils.concatenateStringArrays(properties, new String[] { "spring.profiles.active=prod" }));
		ServerTls tls = server.getBean(ServerTls.class);
		assertThat(tls.sslBundles().getBundle("web")).isNotNull();
		write(ForgedCertificate.server("a").key("RSA", 1024).selfSigned(), "server");
		SslBundleRegistry registry = server.getBean(SslBundleRegistry.class);
		List<Object> updates = new ArrayList<>();
		tls.sslBundles().addBundleUpdateHandler("web", updates::add);
		registry.updateBundle("web", PropertiesSslBundles.of(server.getEnvironment()).getBundle("web"));
		assertThat(updates).isEmpty();
	}

	private String[] way(Way way, String... further) {
		return StringUtils.concatenateStringArrays(way.properties(this, authority.issue("localhost")), further);
	}

	private static TlsReport report(ConfigurableApplicationContext server) {
		assertThat(server.getBean(TlsAudit.class).getReports()).hasSize(1);
		return server.getBean(TlsAudit.class).getReports().get(0);
	}

	private ConfigurableApplicationContext start(WebApplicationType type, String... properties) {
		return start(type, NoCustomizer.class, properties);
	}

	private ConfigurableApplicationContext start(WebApplicationType type, Class<?> configuration,
			String... properties) {
		return this.applications.run(
				new SpringApplicationBuilder(Applications.ServerApplication.class, configuration).web(type), properties,
				"server.port=0", "server.address=127.0.0.1", "mcp.websocket.server-mode=true");
	}

	private Path file(String name) {
		return this.directory.resolve(name);
	}

	private void write(Issued issued, String name) {
		issued.writeCertificateTo(file(name + ".crt"));
		issued.writeKeyTo(file(name + ".key"));
	}

	private void writeKeyStore(Issued issued) {
		try (OutputStream out = Files.newOutputStream(file("server.p12"))) {
			KeyStore store = KeyStore.getInstance("PKCS12");
			store.load(null, null);
			store.setKeyEntry("server", issued.privateKey(), "secret".toCharArray(),
					issued.chain().toArray(new Certificate[0]));
			store.store(out, "secret".toCharArray());
		}
		catch (IOException | GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * How {@code server.ssl} gets its certificate.
	 */
	enum Way {

		FILES("server.ssl.certificate",
				(test) -> new String[] { "server.ssl.certificate=" + test.file("server.crt"),
						"server.ssl.certificate-private-key=" + test.file("server.key") }),

		KEY_STORE("server.ssl.key-store",
				(test) -> new String[] { "server.ssl.key-store=" + test.file("server.p12"),
						"server.ssl.key-store-password=secret" }),

		BUNDLE("server.ssl.bundle",
				(test) -> new String[] { "server.ssl.bundle=web",
						"spring.ssl.bundle.pem.web.keystore.certificate=" + test.file("server.crt"),
						"spring.ssl.bundle.pem.web.keystore.private-key=" + test.file("server.key") });

		private final String property;

		private final Function<ServerSslTests, String[]> properties;

		Way(String property, Function<ServerSslTests, String[]> properties) {
			this.property = property;
			this.properties = properties;
		}

		String[] properties(ServerSslTests test, Issued issued) {
			test.write(issued, "server");
			test.writeKeyStore(issued);
			return this.properties.apply(test);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NoCustomizer {

	}

	@Configuration(proxyBeanMethods = false)
	static class Weakening {

		@Bean
		static BeanPostProcessor weakeningPostProcessor(Environment environment) {
			return new BeanPostProcessor() {

				@Override
				public @Nullable Object postProcessAfterInitialization(Object bean, String beanName) {
					if (bean instanceof AbstractConfigurableWebServerFactory factory) {
						Ssl ssl = new Ssl();
						ssl.setCertificate(environment.getProperty("test.directory") + "/weak.crt");
						ssl.setCertificatePrivateKey(environment.getProperty("test.directory") + "/weak.key");
						factory.setSsl(ssl);
					}
					return bean;
				}

			};
		}

	}

}
