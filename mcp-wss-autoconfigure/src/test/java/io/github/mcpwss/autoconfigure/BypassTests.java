package io.github.mcpwss.autoconfigure;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

import io.github.mcpwss.tls.ForgedCertificate;
import io.github.mcpwss.tls.TestCertificates;
import io.github.mcpwss.tls.TestCertificates.Issued;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.PropertySource;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * What somebody may try who wants to run without security in production.
 */
class BypassTests {

	private static final String[] INSECURE = { "mcp.websocket.url=wss://localhost",
			"mcp.websocket.tls.verify-server=false" };

	private final Applications applications = new Applications();

	@TempDir
	private Path directory;

	@AfterEach
	void close() {
		this.applications.close();
	}

	@Test
	void profileOfInitializer() {
		assertRefused(builder().initializers((context) -> context.getEnvironment().addActiveProfile("prod")));
	}

	@Test
	void profileOfApplication() {
		SpringApplicationBuilder builder = builder();
		builder.application().setAdditionalProfiles("PROD-EU");
		assertRefused(builder);
	}

	@ParameterizedTest
	@ValueSource(strings = { "prod,dev", "dev, prod ", " prod", "a,b,production-1" })
	void profileAmongOthers(String profiles) {
		assertRefused(builder(), "spring.profiles.active=" + profiles);
	}

	@Test
	void profileOfImportedFile() throws Exception {
		Path file = Files.writeString(this.directory.resolve("imported.properties"), "spring.profiles.active=prod\n");
		assertRefused(builder(), "spring.config.import=file:" + file);
	}

	@Test
	void profileOfDocumentForAnother() throws Exception {
		Path file = Files.writeString(this.directory.resolve("application.properties"),
				"spring.profiles.group.live=x,prod\n#---\nspring.config.activate.on-profile=prod\n"
						+ "mcp.websocket.tls.verify-server=false\n");
		assertThat(root(catchThrowable(
				() -> this.applications.run(builder(), new String[0], "spring.config.location=file:" + file,
						"spring.profiles.active=live", "mcp.websocket.url=wss://localhost"))))
			.isInstanceOf(InsecureProductionException.class);
	}

	@Test
	void profileOfLatePropertySource() {
		assertRefused(new SpringApplicationBuilder(LateProfile.class).web(WebApplicationType.NONE));
	}

	@Test
	void profileOfParent() {
		StandardEnvironment environment = new StandardEnvironment();
		environment.addActiveProfile("prod");
		GenericApplicationContext parent = new GenericApplicationContext();
		parent.setEnvironment(environment);
		parent.refresh();
		Contexts.client().withPropertyValues("mcp.websocket.tls.verify-server=false").withInitializer((context) -> {
			context.setParent(parent);
			StandardEnvironment own = new StandardEnvironment();
			own.getPropertySources()
				.addFirst(new MapPropertySource("own",
						Map.of("mcp.websocket.url", "wss://localhost", "mcp.websocket.tls.verify-server", "false")));
			context.setEnvironment(own);
		})
			.run((context) -> assertThat(root(context.getStartupFailure()))
				.isInstanceOf(InsecureProductionException.class));
		parent.close();
	}

	@Test
	void turkishLocale() {
		Locale before = Locale.getDefault();
		Locale.setDefault(Locale.forLanguageTag("tr-TR"));
		try {
			assertRefused(builder(), "spring.profiles.active=PRODUCTION-IT");
		}
		finally {
			Locale.setDefault(before);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "McpWebSocketAutoConfiguration", "McpWebSocketClientAutoConfiguration",
			"McpWebSocketConnectionsAutoConfiguration" })
	void excludedAutoConfiguration(String name) {
		assertThat(catchThrowable(() -> this.applications.run(builder(),
				new String[] { "spring.profiles.active=prod", "mcp.websocket.connections.a.url=wss://localhost",
						"spring.autoconfigure.exclude=io.github.mcpwss.autoconfigure." + name },
				INSECURE)))
			.isNotNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "mcpWebSocketProductionGuard", "mcpWebSocketStartupCheck", "mcpWebSocketUnknownProperties",
			"mcpWebSocketTlsMaterials", "mcpWebSocketClientTargets", "mcpWebSocketClientSslBundle",
			"mcpWebSocketClientFactory", "mcpWebSocketTlsAuditor" })
	void beanByTheNameOfOurs(String name) {
		for (boolean overriding : new boolean[] { false, true }) {
			Contexts.client()
				.withAllowBeanDefinitionOverriding(overriding)
				.withInitializer((context) -> ((GenericApplicationContext) context).registerBean(name, String.class,
						() -> "mine"))
				.run((context) -> assertThat(context).as("overriding " + overriding).hasFailed());
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "all", "TLSv1.1", "SSLv3", "+TLSv1" })
	void protocolOfBundle(String protocol) {
		write("good", TestCertificates.authority("CA").issue("localhost"));
		Contexts.server()
			.withPropertyValues("spring.profiles.active=prod", "mcp.websocket.tls.bundle=mine",
					"spring.ssl.bundle.pem.mine.keystore.certificate=" + this.directory.resolve("good.crt"),
					"spring.ssl.bundle.pem.mine.keystore.private-key=" + this.directory.resolve("good.key"),
					"spring.ssl.bundle.pem.mine.options.enabled-protocols=" + protocol)
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("mcp.websocket.tls.bundle: " + protocol + " is no longer secure"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLS_ECDH_anon_WITH_AES_256_CBC_SHA", "TLS_RSA_WITH_NULL_SHA256",
			"SSL_RSA_WITH_RC4_128_MD5", "SSL_RSA_WITH_3DES_EDE_CBC_SHA", "TLS_ECDHE_RSA_WITH_RC4_128_SHA" })
	void weakCipherSuite(String suite) {
		Contexts.client()
			.withPropertyValues("spring.profiles.active=prod", "mcp.websocket.tls.ciphers=" + suite)
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("mcp.websocket.tls.ciphers: " + suite));
		SslOptions options = SslOptions.of(new String[] { suite }, new String[] { "TLSv1.2" });
		bundle(SslBundle.of(null, null, options)).run((context) -> assertThat(root(context.getStartupFailure()))
			.isInstanceOf(InsecureProductionException.class)
			.hasMessageContaining(suite));
	}

	@Test
	void bundleOfRegistrar() {
		Issued expired = ForgedCertificate.client().notAfter(TestCertificates.daysFromNow(-1)).selfSigned();
		bundle(SslBundle.of(SslStoreBundle.of(expired.keyStore(), "", null)))
			.run((context) -> assertThat(root(context.getStartupFailure()))
				.isInstanceOf(InsecureProductionException.class)
				.hasMessageContaining("expired on"));
	}

	@Test
	void bundleThatIsReplacedAtRunTime() {
		SslBundle good = SslBundle
			.of(SslStoreBundle.of(TestCertificates.authority("CA").issueClient("good").keyStore(), "", null));
		Issued weak = ForgedCertificate.client().signature("SHA1withRSA").selfSigned();
		bundle(good).run((context) -> {
			ClientSslBundle used = context.getBean(ClientSslBundle.class);
			SslBundle before = used.get();
			assertThat(before).isNotNull();
			SslBundleRegistry registry = context.getBean(SslBundleRegistry.class);
			registry.updateBundle("mine", SslBundle.of(SslStoreBundle.of(weak.keyStore(), "", null)));
			assertThat(used.get()).isSameAs(before);
			registry.updateBundle("mine", good);
			assertThat(used.get()).isNotSameAs(before);
		});
	}

	@Test
	void bundleOfConnectionDetails() {
		Issued weak = ForgedCertificate.client().key("RSA", 1024).selfSigned();
		details("wss://localhost", SslBundle.of(SslStoreBundle.of(weak.keyStore(), "", null)))
			.run((context) -> assertThat(root(context.getStartupFailure()))
				.isInstanceOf(InsecureProductionException.class)
				.hasMessageContaining("RSA key of 1024 bits"));
		details("ws://example.com", null).run((context) -> assertThat(root(context.getStartupFailure()))
			.isInstanceOf(InsecureProductionException.class)
			.hasMessageContaining("ws:// without TLS"));
	}

	@Test
	void boundAgain() {
		Contexts.client().withPropertyValues("spring.profiles.active=prod").run((context) -> {
			McpWebSocketProperties properties = context.getBean(McpWebSocketProperties.class);
			String name = context.getBeanNamesForType(McpWebSocketProperties.class)[0];
			context.getEnvironment()
				.getPropertySources()
				.addFirst(new MapPropertySource("late", Map.of("mcp.websocket.tls.verify-server", "false")));
			context.getAutowireCapableBeanFactory().initializeBean(properties, name);
			assertThat(context.getBean(McpWebSocketProperties.class).tls().isVerifyServer()).isTrue();
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.256", "127.999.1.1" })
	void addressThatLooksLikeLoopback(String host) {
		assertThat(Loopback.is(host)).isFalse();
	}

	private void write(String name, Issued issued) {
		issued.writeCertificateTo(this.directory.resolve(name + ".crt"));
		issued.writeKeyTo(this.directory.resolve(name + ".key"));
	}

	private static ApplicationContextRunner bundle(SslBundle bundle) {
		return Contexts.client()
			.withBean(SslBundleRegistrar.class, () -> (registry) -> registry.registerBundle("mine", bundle))
			.withPropertyValues("spring.profiles.active=prod", "mcp.websocket.tls.bundle=mine");
	}

	private static ApplicationContextRunner details(String url, @Nullable SslBundle bundle) {
		return Contexts.client()
			.withPropertyValues("spring.profiles.active=prod")
			.withBean(McpWebSocketConnectionDetails.class, () -> new McpWebSocketConnectionDetails() {

				@Override
				public URI getUrl() {
					return URI.create(url);
				}

				@Override
				public @Nullable SslBundle getSslBundle() {
					return bundle;
				}

			});
	}

	private static @Nullable Throwable root(@Nullable Throwable failure) {
		Throwable root = failure;
		while (root != null && root.getCause() != null) {
			root = root.getCause();
		}
		return root;
	}

	private void assertRefused(SpringApplicationBuilder builder, String... properties) {
		assertThat(root(catchThrowable(() -> this.applications.run(builder, properties, INSECURE))))
			.isInstanceOf(InsecureProductionException.class)
			.hasMessageContaining("mcp.websocket.tls.verify-server");
	}

	private static SpringApplicationBuilder builder() {
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@PropertySource("classpath:io/github/mcpwss/autoconfigure/production.properties")
	static class LateProfile {

	}

}
