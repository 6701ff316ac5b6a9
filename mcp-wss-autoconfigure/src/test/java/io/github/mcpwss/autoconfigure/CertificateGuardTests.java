package io.github.mcpwss.autoconfigure;

import java.nio.file.Path;
import java.util.stream.Stream;

import io.github.mcpwss.tls.ForgedCertificate;
import io.github.mcpwss.tls.TestCertificates;
import io.github.mcpwss.tls.TestCertificates.Issued;
import io.github.mcpwss.tls.TlsAudit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Certificates that are not for production.
 */
@ExtendWith(OutputCaptureExtension.class)
class CertificateGuardTests {

	private static final String BUNDLE = "spring.ssl.bundle.pem.mine.";

	private static final TestCertificates authority = TestCertificates.authority("CA");

	@TempDir
	private Path directory;

	static Stream<Arguments> unfit() {
		return Stream.of(
				Arguments.of(authority.issue(TestCertificates.daysFromNow(-9), TestCertificates.daysFromNow(-2), "a"),
						"expired on "),
				Arguments.of(authority.issue(TestCertificates.daysFromNow(2), TestCertificates.daysFromNow(9), "a"),
						"is not valid before "),
				Arguments.of(ForgedCertificate.server("a").key("RSA", 1024).selfSigned(), "RSA key of 1024 bits"),
				Arguments.of(ForgedCertificate.server("a").signature("SHA1withRSA").selfSigned(),
						"signed with SHA1withRSA"),
				Arguments.of(ForgedCertificate.server("a").signature("MD5withRSA").selfSigned(),
						"signed with MD5withRSA"));
	}

	@ParameterizedTest
	@MethodSource("unfit")
	void certificateIsRefusedInProduction(Issued issued, String words) {
		write(issued);
		Contexts.server()
			.withPropertyValues(files())
			.withPropertyValues("spring.profiles.active=prod")
			.run((context) -> assertThat(Failures.text(context.getStartupFailure())).contains(words,
					"mcp.websocket.tls.cert-path: "));
		Contexts.server()
			.withPropertyValues(bundle())
			.withPropertyValues("spring.profiles.active=prod")
			.run((context) -> assertThat(Failures.text(context.getStartupFailure())).contains(words,
					"mcp.websocket.tls.bundle: "));
		Contexts.client()
			.withPropertyValues(files())
			.withPropertyValues("spring.profiles.active=prod")
			.run((context) -> assertThat(Failures.text(context.getStartupFailure())).contains(words));
		Contexts.client()
			.withPropertyValues(bundle())
			.withPropertyValues("spring.profiles.active=prod")
			.run((context) -> assertThat(Failures.text(context.getStartupFailure())).contains(words));
	}

	@Test
	void certificateIsWarnedOfOtherwise(CapturedOutput output) {
		write(ForgedCertificate.server("a").key("RSA", 1024).selfSigned());
		Contexts.server().withPropertyValues(files()).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(TlsAudit.class).getReports().get(0).warnings()).singleElement()
				.asString()
				.contains("RSA key of 1024 bits");
		});
		assertThat(output.toString().lines().filter((line) -> line.contains("RSA key of 1024 bits"))).singleElement()
			.asString()
			.contains("Startup is refused");
		Contexts.server().withPropertyValues(bundle()).run((context) -> assertThat(context).hasNotFailed());
		assertThat(output.toString()
			.lines()
			.filter((line) -> line.contains("RSA key of 1024 bits") && line.contains("Startup is refused"))).hasSize(2);
	}

	@Test
	void goodCertificateIsNotHindered(CapturedOutput output) {
		write(authority.issue("a"));
		Contexts.client()
			.withPropertyValues(files())
			.withPropertyValues("spring.profiles.active=prod")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).doesNotContain("Startup is refused in production");
	}

	@Test
	void allViolationsAreToldAtOnce() {
		write(ForgedCertificate.server("a").key("RSA", 1024).notAfter(TestCertificates.daysFromNow(-1)).selfSigned());
		Contexts.client()
			.withPropertyValues(files())
			.withPropertyValues("spring.profiles.active=prod", "mcp.websocket.tls.verify-server=false",
					"mcp.websocket.tls.enabled-protocols=TLSv1.1")
			.run((context) -> assertThat(Failures.text(context.getStartupFailure())).contains("RSA key of 1024 bits",
					"expired on", "mcp.websocket.tls.verify-server: ", "TLSv1.1 is no longer secure"));
	}

	@Test
	void oldProtocolOfBundleIsRefusedInProduction() {
		write(authority.issue("a"));
		Contexts.server()
			.withPropertyValues(bundle())
			.withPropertyValues("spring.profiles.active=prod", BUNDLE + "options.enabled-protocols=TLSv1.1,TLSv1.3")
			.run((context) -> assertThat(Failures.text(context.getStartupFailure()))
				.contains("TLSv1.1 is no longer secure", "mcp.websocket.tls.bundle: "));
	}

	private String[] files() {
		return new String[] { "mcp.websocket.tls.cert-path=" + this.directory.resolve("a.crt"),
				"mcp.websocket.tls.key-path=" + this.directory.resolve("a.key") };
	}

	private String[] bundle() {
		return new String[] { BUNDLE + "keystore.certificate=" + this.directory.resolve("a.crt"),
				BUNDLE + "keystore.private-key=" + this.directory.resolve("a.key"), "mcp.websocket.tls.bundle=mine" };
	}

	private void write(Issued issued) {
		issued.writeCertificateTo(this.directory.resolve("a.crt"));
		issued.writeKeyTo(this.directory.resolve("a.key"));
	}

}
