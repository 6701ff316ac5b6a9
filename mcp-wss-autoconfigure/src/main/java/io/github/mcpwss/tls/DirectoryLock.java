package io.github.mcpwss.tls;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Lets one thread of one process at a time work on a directory.
 */
final class DirectoryLock {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private static final Duration RETRY = Duration.ofMillis(20);

	// a second channel on the lock file would, when closed, end the lock of the first
	private static final ReentrantLock GUARD = new ReentrantLock();

	private DirectoryLock() {
	}

	static void run(Path directory, Action action) throws IOException {
		GUARD.lock();
		try (FileChannel channel = FileChannel.open(directory.resolve(".lock"), StandardOpenOption.CREATE,
				StandardOpenOption.WRITE); FileLock lock = acquire(channel)) {
			Assert.state(lock.isValid(), "Lock must be valid");
			action.run();
		}
		finally {
			GUARD.unlock();
		}
	}

	private static FileLock acquire(FileChannel channel) throws IOException {
		long deadline = System.nanoTime() + TIMEOUT.toNanos();
		while (System.nanoTime() - deadline < 0) {
			FileLock lock = tryLock(channel);
			if (lock != null) {
				return lock;
			}
			LockSupport.parkNanos(RETRY.toNanos());
		}
		throw new IOException("another process has held the lock for " + TIMEOUT.toSeconds() + " seconds");
	}

	private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
		try {
			return channel.tryLock();
		}
		catch (OverlappingFileLockException ex) {
			// held through another class loader
			return null;
		}
	}

	/**
	 * What to do while the lock is held.
	 */
	interface Action {

		/**
		 * Run the action.
		 * @throws IOException on failure
		 */
		void run() throws IOException;

	}

}
