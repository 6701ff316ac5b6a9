package io.github.mcpwss.sample;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.EventListener;
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
		if (event.getApplicationContext() instanceof WebServerApplicationContext server) {
			int port = server.getWebServer().getPort();
			ConfigurableApplicationContext client = new SpringApplicationBuilder(SampleApplication.class)
				.bannerMode(Banner.Mode.OFF)
				.web(WebApplicationType.NONE)
				.profiles("client")
				.run("--mcp.websocket.url=wss://localhost:" + port + "/mcp");
			client.close();
			System.out.println("Serving wss://localhost:" + port + "/mcp until Ctrl-C");
		}
	}

}
