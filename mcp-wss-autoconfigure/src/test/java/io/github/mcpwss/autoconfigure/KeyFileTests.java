package io.github.mcpwss.autoconfigure;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.mcpwss.testing.OpenSsl;
import io.github.mcpwss.tls.TestCertificates;
import io.github.mcpwss.tls.TestCertificates.Issued;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * The forms of PEM that private keys come in, of servers and clients, on live sockets.
 */
class KeyFileTests {

	private static final String PASSWORD = "changeit";

	private final TestCertificates authority = TestCertificates.authority("CA");

	private final Applications applications = new Applications();

	@TempDir
	private Path directory;

	@AfterEach
	void close() {
		this.applications.close();
	}

	@ParameterizedTest
	@EnumSource(Form.class)
	void tomcatAndClientUseKeysInForm(Form form) throws IOException {
		useKeysInForm(WebApplicationType.SERVLET, form);
	}

	@Tag("engine")
	@ParameterizedTest
	@EnumSource(Form.class)
	void listenerAndClientUseKeysInForm(Form form) throws IOException {
		useKeysInForm(WebApplicationType.NONE, form);
	}

	private void useKeysInForm(WebApplicationType type, Form form) throws IOException {
		Path serverKey = write("server", this.authority.issue(form.algorithm, "localhost"), form);
		Path clientKey = write("client", this.authority.issueClient(form.algorithm, "client"), form);
		String[] password = (form == Form.ENCRYPTED_PKCS8)
				? new String[] { "mcp.websocket.tls.key-password=" + PASSWORD } : new String[0];
		assertEchoes(type, files("server", serverKey, password), files("client", clientKey, password));
	}

	@ParameterizedTest
	@EnumSource(value = Algorithm.class, names = { "rsa2048", "ecp256" })
	void keyInLegacyEncryptionIsConvertedByTheCommandOfTheError(Algorithm algorithm) throws IOException {
		OpenSsl.assumeInstalled();
		Issued issued = this.authority.issue(algorithm, "localhost");
		Path legacy = this.directory.resolve("legacy key.pem");
		issued.writeCertificateTo(this.directory.resolve("server.crt"));
		OpenSsl.Result written = OpenSsl.run(issued.keyPem(null), "pkey", "-traditional", "-aes256", "-out",
				legacy.toString(), "-passout", "pass:" + PASSWORD);
		assertThat(written.status()).as(written.output()).isZero();
		assertThat(legacy).content().contains("Proc-Type: 4,ENCRYPTED");
		String[] password = { "mcp.websocket.tls.key-password=" + PASSWORD };
		Throwable failure = catchThrowable(() -> run(WebApplicationType.NONE, files("server", legacy, password)));
		assertThat(Failures.text(failure))
			.contains("Failed to parse private key from '" + legacy + "' (mcp.websocket.tls.key-path)",
					"OpenSSL's legacy form")
			.doesNotContain(PASSWORD);
		Path converted = convert(Failures.text(failure));
		Issued client = this.authority.issueClient("client");
		assertEchoes(WebApplicationType.NONE, files("server", converted, password),
				files("client", write("client", client, Form.PKCS8)));
	}

	/**
	 * Run the command that the error tells, with the password that it would ask for.
	 */
	private Path convert(String failure) {
		Matcher matcher = Pattern.compile("Convert it with 'openssl (pkcs8 .*) -out (\\S+)'\\.").matcher(failure);
		assertThat(matcher.find()).as(failure).isTrue();
		List<String> arguments = new ArrayList<>();
		Matcher words = Pattern.compile("'([^']*)'|(\\S+)").matcher(matcher.group(1));
		while (words.find()) {
			arguments.add((words.group(1) != null) ? words.group(1) : words.group(2));
		}
		Path converted = this.directory.resolve(matcher.group(2));
		arguments.addAll(
				List.of("-out", converted.toString(), "-passin", "pass:" + PASSWORD, "-passout", "pass:" + PASSWORD));
		OpenSsl.Result result = OpenSsl.run("", arguments.toArray(String[]::new));
		assertThat(result.status()).as(result.output()).isZero();
		return converted;
	}

	private void assertEchoes(WebApplicationType type, String[] server, String[] client) {
		Path ca = this.authority.writeTo(this.directory.resolve("ca.crt"));
		String authorities = "mcp.websocket.tls.ca-cert-path=" + ca;
		int port = Applications.endpointPort(run(type, StringUtils.addStringToArray(server, authorities)));
		assertThat(Applications.echo(this.applications.client(port, StringUtils.addStringToArray(client, authorities)),
				"hello"))
			.isEqualTo("hello");
	}

	private ConfigurableApplicationContext run(WebApplicationType type, String[] properties) {
		return this.applications.run(new SpringApplicationBuilder(Applications.ServerApplication.class).web(type),
				properties, "server.port=0", "server.address=127.0.0.1", "mcp.websocket.server-mode=true",
				(type == WebApplicationType.NONE) ? "mcp.websocket.url=wss://127.0.0.1:0" : "a=b");
	}

	private String[] files(String name, Path key, String... properties) {
		return StringUtils.concatenateStringArrays(
				new String[] { "mcp.websocket.tls.cert-path=" + this.directory.resolve(name + ".crt"),
						"mcp.websocket.tls.key-path=" + key },
				properties);
	}

	private Path write(String name, Issued issued, Form form) throws IOException {
		issued.writeCertificateTo(this.directory.resolve(name + ".crt"));
		String key = switch (form) {
			case PKCS8 -> issued.keyPem(null);
			case ENCRYPTED_PKCS8 -> issued.keyPem(PASSWORD);
			case PKCS1, SEC1 -> traditional(issued.privateKey());
		};
		assertThat(key).startsWith("-----BEGIN " + form.label + "-----");
		return Files.writeString(this.directory.resolve(name + ".key"), key);
	}

	private static String traditional(PrivateKey key) throws IOException {
		PrivateKeyInfo info = PrivateKeyInfo.getInstance(key.getEncoded());
		StringWriter text = new StringWriter();
		try (PemWriter writer = new PemWriter(text)) {
			if (key instanceof ECPrivateKey ecKey) {
				int bits = ecKey.getParams().getOrder().bitLength();
				writer.writeObject(new PemObject("EC PRIVATE KEY", new org.bouncycastle.asn1.sec.ECPrivateKey(bits,
						ecKey.getS(), info.getPrivateKeyAlgorithm().getParameters())
					.getEncoded()));
			}
			else {
				writer.writeObject(
						new PemObject("RSA PRIVATE KEY", info.parsePrivateKey().toASN1Primitive().getEncoded()));
			}
		}
		return text.toString();
	}

	private enum Form {

		PKCS8("PRIVATE KEY", Algorithm.ecp256),

		ENCRYPTED_PKCS8("ENCRYPTED PRIVATE KEY", Algorithm.ecp384),

		PKCS1("RSA PRIVATE KEY", Algorithm.rsa2048),

		SEC1("EC PRIVATE KEY", Algorithm.ecp256);

		private final String label;

		private final Algorithm algorithm;

		Form(String label, Algorithm algorithm) {
			this.label = label;
			this.algorithm = algorithm;
		}

	}

}
