package io.github.mcpwss.tls;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.core.io.Resource;
import org.springframework.core.io.ResourceLoader;

/**
 * Reads what a location names and says why it cannot be read.
 */
final class PemReader {

	private static final int MAX_SIZE = 8 * 1024 * 1024;

	private static final int MAX_LOCATION_LENGTH = 512;

	// the Base64 form of DER starts with M
	private static final Pattern BARE_BASE64 = Pattern.compile("M[\\w+/=\\s]{50,}");

	private final ResourceLoader resourceLoader;

	PemReader(ResourceLoader resourceLoader) {
		this.resourceLoader = resourceLoader;
	}

	PemSource read(PemType type, String property, String location) {
		if (location.contains("-----BEGIN")) {
			return new PemSource(type, property, "PEM text", location);
		}
		Failure failure = new Failure(type, property, displayName(location));
		try {
			Resource resource = this.resourceLoader.getResource(location);
			if (resource.isFile()) {
				check(resource.getFile().toPath(), failure);
			}
			try (InputStream content = resource.getInputStream()) {
				byte[] bytes = content.readNBytes(MAX_SIZE + 1);
				if (bytes.length > MAX_SIZE) {
					throw failure.of("it has more than 8 MB", "Point the property to a PEM file.", null);
				}
				return new PemSource(type, property, failure.location(),
						new String(bytes, StandardCharsets.ISO_8859_1));
			}
		}
		catch (FileNotFoundException | NoSuchFileException ex) {
			throw failure.notFound(ex);
		}
		catch (AccessDeniedException ex) {
			throw failure.notReadable(ex);
		}
		catch (IOException ex) {
			throw failure.of("reading it failed with " + ex, "Check the file and the file system it is on.", ex);
		}
		catch (IllegalArgumentException ex) {
			throw failure.of("the location is malformed: " + ex.getMessage(),
					"Use a path, or a location that starts with file:, classpath: or base64:.", ex);
		}
	}

	private static void check(Path file, Failure failure) {
		if (!Files.exists(file)) {
			throw failure.notFound(null);
		}
		if (Files.isDirectory(file)) {
			throw failure.of("it is a directory", "Point the property to the file in it.", null);
		}
		if (!Files.isReadable(file)) {
			throw failure.notReadable(null);
		}
	}

	/**
	 * Return a name for a location that never holds key content.
	 * @param location the location as configured
	 * @return the name to show
	 */
	private static String displayName(String location) {
		if (location.startsWith("base64:")) {
			return "base64:...";
		}
		if (location.length() > MAX_LOCATION_LENGTH || BARE_BASE64.matcher(location).matches()) {
			return "text of %d characters".formatted(location.length());
		}
		return location;
	}

	private record Failure(PemType type, String property, String location) {

		TlsConfigurationException of(String problem, String action, @Nullable Throwable cause) {
			return new TlsConfigurationException(this.property, this.location,
					"Failed to read %s from '%s' (%s): %s".formatted(this.type, this.location, this.property, problem),
					action, cause);
		}

		TlsConfigurationException notFound(@Nullable Throwable cause) {
			return of("there is no such file", "Correct the path; a relative one starts at the working directory "
					+ Path.of("").toAbsolutePath() + ".", cause);
		}

		TlsConfigurationException notReadable(@Nullable Throwable cause) {
			String user = System.getProperty("user.name");
			return of("the file is not readable for user '" + user + "'",
					"Make it readable for the user that runs the application, for example with 'chown " + user + " "
							+ ShellWord.of(this.location) + "'.",
					cause);
		}

	}

}
