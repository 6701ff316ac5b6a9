package io.github.mcpwss.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.UUID;

/**
 * The ways in which files with certificates and keys are replaced.
 */
public enum Replacement {

	/**
	 * Each file is written anew.
	 */
	IN_PLACE {

		@Override
		void write(Path directory, String name, String content) throws IOException {
			Files.writeString(directory.resolve(name), content);
		}

	},

	/**
	 * Each file is written beside the one before, and takes its place as a whole.
	 */
	RENAME {

		@Override
		void write(Path directory, String name, String content) throws IOException {
			Path written = Files.writeString(directory.resolve(name + ".new"), content);
			Files.move(written, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
		}

	},

	/**
	 * Each file becomes a link to another one.
	 */
	LINK {

		@Override
		void write(Path directory, String name, String content) throws IOException {
			Path version = Files.createDirectories(directory.resolve("versions").resolve(UUID.randomUUID().toString()));
			Path target = Files.writeString(version.resolve(name), content);
			Path link = Files.createSymbolicLink(directory.resolve(name + ".new"), target);
			Files.move(link, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
		}

	},

	/**
	 * All files at once, as Kubernetes does with the volume of a secret: they are links
	 * by way of {@code ..data}, a link to a directory that is replaced.
	 */
	KUBERNETES {

		@Override
		void write(Path directory, String name, String content) {
			throw new UnsupportedOperationException();
		}

		@Override
		void writeAll(Path directory, Map<String, String> files) throws IOException {
			Path version = Files.createDirectory(directory.resolve(".." + UUID.randomUUID()));
			for (Map.Entry<String, String> file : files.entrySet()) {
				Files.writeString(version.resolve(file.getKey()), file.getValue());
			}
			Path link = Files.createSymbolicLink(directory.resolve("..data_tmp"), version.getFileName());
			Files.move(link, directory.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
			for (String name : files.keySet()) {
				if (!Files.exists(directory.resolve(name))) {
					Files.createSymbolicLink(directory.resolve(name), Path.of("..data", name));
				}
			}
		}

	};

	abstract void write(Path directory, String name, String content) throws IOException;

	void writeAll(Path directory, Map<String, String> files) throws IOException {
		for (Map.Entry<String, String> file : files.entrySet()) {
			write(directory, file.getKey(), file.getValue());
		}
	}

	/**
	 * Write files, or replace those that there are.
	 * @param directory the directory that they are in
	 * @param files the contents by the names; all of the directory with
	 * {@link #KUBERNETES}
	 */
	public void replace(Path directory, Map<String, String> files) {
		try {
			writeAll(Files.createDirectories(directory), files);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
