package io.github.mcpwss.tls;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PrivateKeyPermissions}.
 */
class PrivateKeyPermissionsTests {

	@TempDir
	private Path directory;

	@ParameterizedTest
	@ValueSource(strings = { "rw-r-----", "rw----r--", "rw-r--r--", "r--r-----" })
	void warningWhenOthersCanRead(String permissions) throws IOException {
		Path file = file("server key.pem", permissions);
		assertThat(PrivateKeyPermissions.warning(file)).contains("The private key " + file
				+ " can be read by others than its owner (" + permissions + "): run 'chmod 600 '" + file + "''");
	}

	@ParameterizedTest
	@ValueSource(strings = { "rw-------", "r--------" })
	void noWarningWhenOnlyOwnerCanRead(String permissions) throws IOException {
		assertThat(PrivateKeyPermissions.warning(file("key.pem", permissions))).isEmpty();
	}

	@Test
	void warningFollowsLinks() throws IOException {
		Path link = Files.createSymbolicLink(this.directory.resolve("link.pem"), file("key.pem", "rw-r--r--"));
		assertThat(PrivateKeyPermissions.warning(link)).isPresent();
	}

	@Test
	void noWarningForReadOnlyMountOfRoot() {
		assertThat(
				PrivateKeyPermissions.warning(Path.of("/key.pem"), PosixFilePermissions.fromString("r--r--r--"), true))
			.isEmpty();
	}

	@Test
	void noWarningWithoutPosixPermissions() throws IOException {
		URI uri = URI.create("jar:" + this.directory.resolve("files.zip").toUri());
		try (FileSystem fileSystem = FileSystems.newFileSystem(uri, Map.of("create", "true"))) {
			assertThat(PrivateKeyPermissions.warning(Files.writeString(fileSystem.getPath("key.pem"), ""))).isEmpty();
		}
	}

	@Test
	void noWarningForMissingFile() {
		assertThat(PrivateKeyPermissions.warning(this.directory.resolve("missing.pem"))).isEmpty();
	}

	private Path file(String name, String permissions) throws IOException {
		return Files.setPosixFilePermissions(Files.writeString(this.directory.resolve(name), ""),
				PosixFilePermissions.fromString(permissions));
	}

}
