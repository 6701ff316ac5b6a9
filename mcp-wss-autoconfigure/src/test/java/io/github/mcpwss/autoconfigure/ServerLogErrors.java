package io.github.mcpwss.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.mcpwss.server.TlsFailureLog;
import io.github.mcpwss.testing.FailingClients;
import io.github.mcpwss.tls.TestCertificates;
import io.github.mcpwss.tls.TestCertificates.Issued;
import org.awaitility.Awaitility;
import org.slf4j.LoggerFactory;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * What the log of a server tells of clients whose TLS fails, for {@link ErrorPageTests}.
 */
final class ServerLogErrors implements AutoCloseable {

	private static final List<String> WORDS = List.of(
			"client … presented no client certificate, which this server demands",
			"the certificate of client … expired on …", "unknown issuer … of the certificate of client …",
			"client … does not accept the certificate of this server (…)",
			"no TLS protocol version or cipher suite in common with client …", "client … does not speak TLS",
			"client … did not finish the handshake within …", "client … closed the connection during the handshake");

	private final Logger logger = (Logger) LoggerFactory.getLogger(TlsFailureLog.class);

	private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

	private final Applications applications = new Applications();

	private final FailingClients clients;

	ServerLogErrors(Path directory) {
		TestCertificates authority = TestCertificates.authority("CA");
		Issued identity = authority.issue("localhost");
		ConfigurableApplicationContext server = this.applications.run(
				new SpringApplicationBuilder(Applications.ServerApplication.class).web(WebApplicationType.NONE),
				new String[] { "mcp.websocket.tls.cert-path=" + identity.writeCertificateTo(directory.resolve("s.crt")),
						"mcp.websocket.tls.key-path=" + identity.writeKeyTo(directory.resolve("s.key")),
						"mcp.websocket.tls.ca-cert-path=" + authority.writeTo(directory.resolve("s-ca.crt")) },
				"mcp.websocket.timeout=3s", "mcp.websocket.server-mode=true", "mcp.websocket.url=wss://127.0.0.1:0");
		this.clients = new FailingClients(Applications.endpointPort(server), authority, 1);
		// now that the application has set up its logging
		this.appender.start();
		this.logger.addAppender(this.appender);
		try {
			this.clients.run(false);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	Map<String, Callable<String>> all() {
		Map<String, Callable<String>> errors = new LinkedHashMap<>();
		WORDS.forEach((words) -> errors.put(words, () -> await(new ErrorPage.Row("", words, "").pattern())));
		return errors;
	}

	private String await(Pattern pattern) {
		return Awaitility.await().until(() -> find(pattern), (message) -> !message.isEmpty());
	}

	private String find(Pattern pattern) {
		synchronized (this.appender) {
			return this.appender.list.stream()
				.map(ILoggingEvent::getFormattedMessage)
				.filter((message) -> pattern.matcher(message).find())
				.findFirst()
				.orElse("");
		}
	}

	@Override
	public void close() {
		this.logger.detachAppender(this.appender);
		this.applications.close();
		try {
			this.clients.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
