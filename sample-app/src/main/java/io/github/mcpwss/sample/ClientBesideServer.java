package io.github.mcpwss.sample;

import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Runs the client in the server's run, once the server serves: an application of its own,
 * which knows of the server no more than its URL.
 */
@Component
@Profile("!client")
class ClientBesideServer {

	@EventListener
	void onReady(ApplicationReadyEvent event) {
		Environment environment = event.getApplicationContext().getEnvironment();
		String port = environment.getRequiredProperty("local.server.port");
		String directory = environment.getProperty("mcp.websocket.tls.dev-certificate-directory", "");
		String url = "wss://localhost:" + port + "/mcp";
		new SpringApplicationBuilder(SampleApplication.class).bannerMode(Banner.Mode.OFF)
			.web(WebApplicationType.NONE)
			.profiles("client")
			.run("--mcp.websocket.url=" + url, "--mcp.websocket.tls.dev-certificate-directory=" + directory)
			.close();
		System.out.println("Serving " + url + " until Ctrl-C");
	}

}
