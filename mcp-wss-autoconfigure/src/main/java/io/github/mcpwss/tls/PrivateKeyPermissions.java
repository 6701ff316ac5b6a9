package io.github.mcpwss.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * Tells whether others than its owner can read a private key.
 */
public final class PrivateKeyPermissions {

	private static final Set<PosixFilePermission> READ_BY_OTHERS = Set.of(PosixFilePermission.GROUP_READ,
			PosixFilePermission.OTHERS_READ);

	private PrivateKeyPermissions() {
	}

	/**
	 * Return the warning for a private key that its group or others can read. There is
	 * none for a file of root on a read-only mount (the usual form of a container's
	 * secret), where the file system has no POSIX permissions, or where they cannot be
	 * read.
	 * @param keyFile the file with the private key
	 * @return one line that names the command which mends it, or empty
	 */
	public static Optional<String> warning(Path keyFile) {
		try {
			if (!keyFile.getFileSystem().supportedFileAttributeViews().contains("unix")) {
				return Optional.empty();
			}
			boolean ofRoot = Integer.valueOf(0).equals(Files.getAttribute(keyFile, "unix:uid"));
			boolean readOnlyMount = ofRoot && Files.getFileStore(keyFile).isReadOnly();
			return warning(keyFile, Files.getPosixFilePermissions(keyFile), readOnlyMount);
		}
		catch (IOException ex) {
			return Optional.empty();
		}
	}

	static Optional<String> warning(Path keyFile, Set<PosixFilePermission> permissions, boolean readOnlyMountOfRoot) {
		if (readOnlyMountOfRoot || READ_BY_OTHERS.stream().noneMatch(permissions::contains)) {
			return Optional.empty();
		}
		return Optional.of("The private key %s can be read by others than its owner (%s): run 'chmod 600 %s'"
			.formatted(keyFile, PosixFilePermissions.toString(permissions), ShellWord.of(keyFile)));
	}

}
