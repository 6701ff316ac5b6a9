package io.github.mcpwss.autoconfigure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import io.github.mcpwss.tls.TestCertificates;
import io.github.mcpwss.tls.TestCertificates.Issued;

import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;

/**
 * Startups that fail, for {@link ErrorPageTests}.
 */
final class StartupErrors {

	private static final String CERT_PATH = "mcp.websocket.tls.cert-path=";

	private static final String KEY_PATH = "mcp.websocket.tls.key-path=";

	private final TestCertificates authority = TestCertificates.authority("CA");

	private final Issued issued = this.authority.issue("localhost");

	private final Path directory;

	private final Path certificate;

	private final Path key;

	StartupErrors(Path directory) {
		this.directory = directory;
		this.certificate = this.issued.writeCertificateTo(directory.resolve("good.crt"));
		this.key = this.issued.writeKeyTo(directory.resolve("good.key"));
	}

	Map<String, Callable<String>> all() {
		Map<String, Callable<String>> errors = new LinkedHashMap<>();
		addCertificates(errors);
		addKeys(errors);
		addRevocationLists(errors);
		addProperties(errors);
		return errors;
	}

	private void addCertificates(Map<String, Callable<String>> errors) {
		String pem = this.issued.certificatePem();
		errors.put("Failed to read certificate from …", () -> server(CERT_PATH + "/no/such.crt", KEY_PATH + this.key));
		errors.put("Failed to parse certificate … DER (binary), not PEM",
				() -> withCertificate(this.issued.certificate().getEncoded()));
		errors.put("Failed to parse certificate … the file is empty", () -> withCertificate(""));
		errors.put("Failed to parse certificate … is cut off", () -> withCertificate(pem.substring(0, 200)));
		errors.put("Failed to parse certificate … is damaged",
				() -> withCertificate("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"));
		errors.put("Failed to parse certificate … is not PEM", () -> withCertificate("junk"));
		errors.put("Failed to parse certificate … and no certificate", () -> withCertificate(this.issued.keyPem(null)));
		errors.put("Failed to parse certificate … a certificate signing request", () -> withCertificate(
				"-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----\n"));
		errors.put("Failed to parse certificate … a PKCS#7 bundle",
				() -> withCertificate("-----BEGIN PKCS7-----\nMIIB\n-----END PKCS7-----\n"));
		errors.put("Failed to parse certificate … is not the first in the file", () -> {
			Path issuer = this.authority.writeTo(this.directory.resolve("issuer.crt"));
			return withCertificate(Files.readString(issuer) + pem);
		});
		errors.put("Failed to parse certificate … no certificate of an authority",
				() -> server(CERT_PATH + this.certificate, KEY_PATH + this.key,
						"mcp.websocket.tls.ca-cert-path=" + this.certificate));
	}

	private void addRevocationLists(Map<String, Callable<String>> errors) {
		errors.put("Failed to read revocation list from …", () -> withRevocationList("/no/such.crl"));
		errors.put("Failed to parse revocation list …", () -> withRevocationList(this.key.toString()));
	}

	private String withRevocationList(String location) {
		return client("wss://localhost:8443/mcp", "mcp.websocket.tls.revocation=hard",
				"mcp.websocket.tls.crl-paths=" + location);
	}

	private void addKeys(Map<String, Callable<String>> errors) {
		errors.put("Failed to read private key from …",
				() -> server(CERT_PATH + this.certificate, KEY_PATH + "/no/such.key"));
		errors.put("Failed to parse private key … does not belong to the certificate",
				() -> withKey(this.authority.issue("other").keyPem(null)));
		errors.put("Failed to parse private key … there is no password for it",
				() -> withKey(this.issued.keyPem("secret")));
		errors.put("Failed to parse private key … wrong password or damaged file",
				() -> withKey(this.issued.keyPem("secret"), "mcp.websocket.tls.key-password=other"));
		errors.put("Failed to parse private key … Proc-Type: 4,ENCRYPTED", () -> withKey(
				"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n"));
		errors.put("Failed to parse private key … in OpenSSH's own form",
				() -> withKey("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n"));
		errors.put("Failed to parse private key … and no private key", () -> withKey(this.issued.certificatePem()));
	}

	private void addProperties(Map<String, Callable<String>> errors) {
		errors.put("The server has no certificate for TLS", this::server);
		errors.put("There is no SSL bundle …", () -> server("mcp.websocket.tls.bundle=none"));
		errors.put("… client-auth is set, and the SSL bundle … has no authorities",
				() -> server("mcp.websocket.tls.bundle=mine", "mcp.websocket.tls.client-auth=need",
						"spring.ssl.bundle.pem.mine.keystore.certificate=" + this.certificate,
						"spring.ssl.bundle.pem.mine.keystore.private-key=" + this.key));
		errors.put("There is no property …", () -> server("mcp.websocket.tls.cert-pth=a"));
		errors.put("… has no effect …", () -> server("mcp.websocket.reconnect-delay=1s"));
		errors.put("… starts with ws://, and …use-tls is not false", () -> client("ws://localhost:8080/mcp"));
		errors.put("… starts with wss://, and …use-tls is false",
				() -> client("wss://localhost:8443/mcp", "mcp.websocket.use-tls=false"));
		errors.put("… is not on the classpath", () -> failure(
				Contexts.server().withClassLoader(new FilteredClassLoader(WebSocketHttpRequestHandler.class))));
		errors.put("… is a production profile, and MCP over WebSocket is not secure",
				() -> client("wss://localhost:8443/mcp", "mcp.websocket.tls.verify-server=false",
						"spring.profiles.active=prod"));
	}

	private String withCertificate(String content) throws IOException {
		return withCertificate(content.getBytes(StandardCharsets.UTF_8));
	}

	private String withCertificate(byte[] content) throws IOException {
		Path file = Files.write(this.directory.resolve("bad.crt"), content);
		return server(CERT_PATH + file, KEY_PATH + this.key);
	}

	private String withKey(String content, String... properties) throws IOException {
		Path file = Files.writeString(this.directory.resolve("bad.key"), content);
		List<String> all = new ArrayList<>(Arrays.asList(properties));
		all.add(CERT_PATH + this.certificate);
		all.add(KEY_PATH + file);
		return server(all.toArray(String[]::new));
	}

	private String server(String... properties) {
		return failure(Contexts.server().withPropertyValues(properties));
	}

	private static String failure(WebApplicationContextRunner runner) {
		StringBuilder text = new StringBuilder();
		runner.run((context) -> text.append(Failures.text(context.getStartupFailure())));
		return text.toString();
	}

	private static String client(String url, String... properties) {
		StringBuilder text = new StringBuilder();
		Contexts.any()
			.withPropertyValues("mcp.websocket.url=" + url)
			.withPropertyValues(properties)
			.run((context) -> text.append(Failures.text(context.getStartupFailure())));
		return text.toString();
	}

}
