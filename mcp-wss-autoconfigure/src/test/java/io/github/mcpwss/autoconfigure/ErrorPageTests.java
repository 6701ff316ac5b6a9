package io.github.mcpwss.autoconfigure;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@code docs/errors.md}: each row is produced by a real startup or a real socket, and
 * what is produced has a row.
 */
@EnabledOnOs(OS.LINUX)
class ErrorPageTests {

	@TempDir
	static Path directory;

	private static final Map<String, Map<String, Callable<String>>> errors = new LinkedHashMap<>();

	private static ServerLogErrors serverLog;

	@BeforeAll
	static void start() {
		serverLog = new ServerLogErrors(directory);
		errors.put("At startup", new StartupErrors(directory).all());
		errors.put("When a client connects", new ConnectErrors(directory).all());
		errors.put("During a call", new CallErrors().all());
		errors.put("In the server's log", serverLog.all());
	}

	@AfterAll
	static void stop() {
		serverLog.close();
	}

	static List<ErrorPage.Row> rows() {
		return ErrorPage.rows();
	}

	@ParameterizedTest
	@MethodSource("rows")
	void errorHasTheWordsOfItsRow(ErrorPage.Row row) throws Exception {
		Callable<String> error = errors.getOrDefault(row.section(), Map.of()).get(row.words());
		assertThat(error).as("a test for the row '%s'", row).isNotNull();
		assertThat(error.call()).containsPattern(row.pattern());
	}

	@Test
	void eachErrorHasARow() {
		Set<String> produced = new HashSet<>();
		errors.forEach((section, all) -> all.keySet().forEach((words) -> produced.add(section + ": " + words)));
		assertThat(rows()).extracting(ErrorPage.Row::toString).containsExactlyInAnyOrderElementsOf(produced);
	}

	@Test
	void eachRowIsComplete() {
		assertThat(rows()).allSatisfy((row) -> assertThat(row.line().split("(?<!\\\\)\\|")).hasSizeGreaterThan(3)
			.allSatisfy((cell) -> assertThat(cell).doesNotContain("TODO")));
		assertThat(rows()).extracting(ErrorPage.Row::toString).doesNotHaveDuplicates();
	}

}
