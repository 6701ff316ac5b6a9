package io.github.mcpwss.tls;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.AclFileAttributeView;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Files and directories that are accessible for their owner only, from the moment they
 * exist or, where the file system has no POSIX permissions, before they have content.
 */
final class OwnerOnlyFiles {

	private OwnerOnlyFiles() {
	}

	static void createDirectories(Path directory) throws IOException {
		if (!Files.isDirectory(directory)) {
			Files.createDirectories(directory, attributes(directory, "rwx------"));
		}
	}

	/**
	 * Write a file as a whole: others see the old content or the new.
	 * @param file the file
	 * @param content the new content
	 * @throws IOException if writing fails
	 */
	static void write(Path file, byte[] content) throws IOException {
		Path temporary = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".tmp");
		try {
			try (FileChannel channel = FileChannel.open(temporary,
					Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes(file, "rw-------"))) {
				if (!hasPosixPermissions(file)) {
					restrict(temporary);
				}
				ByteBuffer buffer = ByteBuffer.wrap(content);
				while (buffer.hasRemaining()) {
					channel.write(buffer);
				}
				channel.force(true);
			}
			Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
		}
		finally {
			Files.deleteIfExists(temporary);
		}
	}

	private static FileAttribute<?>[] attributes(Path path, String permissions) {
		if (!hasPosixPermissions(path)) {
			return new FileAttribute<?>[0];
		}
		return new FileAttribute<?>[] {
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)) };
	}

	private static boolean hasPosixPermissions(Path path) {
		return path.getFileSystem().supportedFileAttributeViews().contains("posix");
	}

	static void restrict(Path path) throws IOException {
		AclFileAttributeView acl = Files.getFileAttributeView(path, AclFileAttributeView.class);
		if (acl != null) {
			acl.setAcl(List.of(AclEntry.newBuilder()
				.setType(AclEntryType.ALLOW)
				.setPrincipal(acl.getOwner())
				.setPermissions(EnumSet.allOf(AclEntryPermission.class))
				.build()));
			return;
		}
		File file = path.toFile();
		boolean restricted = file.setReadable(false, false) && file.setReadable(true, true)
				&& file.setWritable(false, false) && file.setWritable(true, true);
		if (!restricted) {
			throw new IOException("The file system cannot keep others from reading " + path);
		}
	}

}
