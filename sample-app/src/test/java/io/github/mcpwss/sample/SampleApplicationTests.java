package io.github.mcpwss.sample;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The sample as it is run by the commands of the README, on a random port.
 */
@ExtendWith(OutputCaptureExtension.class)
class SampleApplicationTests {

	@TempDir
	private Path directory;

	@Test
	void clientToursTheServerOverWss(CapturedOutput output) {
		String directory = "--mcp.websocket.tls.dev-certificate-directory=" + this.directory;
		try (ConfigurableApplicationContext server = new SpringApplicationBuilder(SampleApplication.class)
			.web(WebApplicationType.SERVLET)
			.run("--server.port=0", directory)) {
			String url = "wss://localhost:" + server.getEnvironment().getRequiredProperty("local.server.port") + "/mcp";
			assertThat(output).contains("> Connected: " + url)
				.contains("> TLS: TLSv1.3, TLS_")
				.contains("> Server: mcp-wss-sample 0.1.0, MCP 2025-11-25")
				.contains("> Tools: add, bigtext, echo, greet, inspect_certificate")
				.contains("> echo {text=Grüße über wss 🔒}: Grüße über wss 🔒")
				.contains("}: 42.5")
				.contains("(1048576 characters)")
				.contains("names      localhost, 127.0.0.1")
				.contains("> greet {}: Hello, Ada!")
				.contains("> Resource sample://runtime: Java ")
				.contains("> Prompt explain_certificate: Call inspect_certificate for localhost")
				.contains("Serving " + url + " until Ctrl-C");
			new SpringApplicationBuilder(SampleApplication.class).profiles("client")
				.run("--mcp.websocket.url=" + url, directory)
				.close();
			assertThat(output.toString().split("> Connected: " + url, -1)).hasSize(3);
		}
	}

}
