package io.github.mcpwss.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link OwnerOnlyFiles}.
 */
class OwnerOnlyFilesTests {

	@TempDir
	private Path directory;

	@Test
	void writeReplacesContentAndPermissions() throws IOException {
		Path file = Files.writeString(this.directory.resolve("key.pem"), "old and longer");
		Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
		OwnerOnlyFiles.write(file, "new".getBytes(StandardCharsets.US_ASCII));
		assertThat(file).hasContent("new");
		assertThat(permissions(file)).isEqualTo("rw-------");
	}

	@Test
	void writeLeavesNothingBehindWhenItFails() throws IOException {
		Path file = Files.createDirectories(this.directory.resolve("key.pem/child")).getParent();
		assertThatIOException().isThrownBy(() -> OwnerOnlyFiles.write(file, new byte[1]));
		try (Stream<Path> files = Files.list(this.directory)) {
			assertThat(files).containsExactly(file);
		}
	}

	@Test
	void restrictWithoutPosixPermissions() throws IOException {
		Path file = Files.writeString(this.directory.resolve("key.pem"), "");
		Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
		OwnerOnlyFiles.restrict(file);
		assertThat(permissions(file)).isEqualTo("rw-------");
	}

	private static String permissions(Path file) throws IOException {
		return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
	}

}
