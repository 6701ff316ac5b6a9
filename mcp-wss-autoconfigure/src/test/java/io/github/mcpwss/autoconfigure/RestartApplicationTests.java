package io.github.mcpwss.autoconfigure;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications that are stopped and started again.
 */
class RestartApplicationTests {

	private final Applications applications = new Applications();

	@AfterEach
	void close() {
		this.applications.close();
	}

	@ParameterizedTest
	@EnumSource(WebApplicationType.class)
	void serverThatIsStoppedAndStartedServesAgain(WebApplicationType type) throws Exception {
		ConfigurableApplicationContext server = this.applications.offloadedServer(type);
		for (int round = 0; round < 2; round++) {
			JdkClient client = JdkClient.connect(server);
			assertThat(client.ping()).contains("\"result\"");
			server.stop();
			assertThat(client.closeCode()).isEqualTo(1001);
			server.start();
		}
		assertThat(JdkClient.connect(server).ping()).contains("\"result\"");
	}

}
