package io.github.mcpwss;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an editor shows for each property.
 */
class ConfigurationMetadataTests {

	private static final String METADATA = "classpath*:META-INF/spring-configuration-metadata.json";

	@Test
	void propertiesAreDescribedAsSpringBootDescribesItsOwn() throws IOException {
		assertThat(ownProperties()).allSatisfy((property) -> {
			String description = property.path("description").asString("");
			assertThat(description).as(property.path("name").asString())
				.endsWith(".")
				.doesNotStartWithIgnoringCase("the ")
				.doesNotStartWithIgnoringCase("a ")
				.doesNotStartWithIgnoringCase("an ")
				.doesNotContainIgnoringCase("default to", "defaults to");
		});
	}

	private List<JsonNode> ownProperties() throws IOException {
		List<JsonNode> properties = new ArrayList<>();
		for (Resource metadata : new PathMatchingResourcePatternResolver().getResources(METADATA)) {
			try (InputStream content = metadata.getInputStream()) {
				properties.addAll(new JsonMapper().readTree(content).path("properties").valueStream().toList());
			}
		}
		return properties.stream()
			.filter((property) -> property.path("name").asString("").startsWith("mcp.websocket."))
			.toList();
	}

}
