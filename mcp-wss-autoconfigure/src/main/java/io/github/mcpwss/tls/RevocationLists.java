package io.github.mcpwss.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.cert.CRL;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.io.Resource;
import org.springframework.core.io.ResourceLoader;

/**
 * Certificate revocation lists from files in PEM or DER form, which are read again when
 * they change. A file that cannot be used then changes nothing. Safe for use by several
 * threads.
 */
public final class RevocationLists implements Supplier<Collection<X509CRL>>, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(RevocationLists.class);

	private final List<Source> sources;

	private @Nullable ScheduledExecutorService watcher;

	private @Nullable Future<?> looking;

	private volatile Collection<X509CRL> lists = List.of();

	private RevocationLists(List<Source> sources) {
		this.sources = sources;
	}

	/**
	 * Load lists.
	 * @param property the name of the property with the locations
	 * @param locations the locations
	 * @param resourceLoader the resource loader that resolves them
	 * @return the lists
	 * @throws TlsConfigurationException if one cannot be read or parsed
	 */
	public static RevocationLists load(String property, List<String> locations, ResourceLoader resourceLoader) {
		List<Source> sources = new ArrayList<>();
		for (String location : locations) {
			Source source = new Source(property, location, resourceLoader);
			source.read();
			sources.add(source);
		}
		RevocationLists revocationLists = new RevocationLists(List.copyOf(sources));
		revocationLists.publish();
		return revocationLists;
	}

	/**
	 * Begin to follow changes of the files. Must be called once at most.
	 * @param interval the time between two looks at them
	 */
	public void follow(Duration interval) {
		ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor((task) -> {
			Thread thread = new Thread(task, "mcp-wss-revocation-lists");
			thread.setDaemon(true);
			return thread;
		});
		this.watcher = executor;
		long nanos = interval.toNanos();
		this.looking = executor.scheduleWithFixedDelay(this::look, nanos, nanos, TimeUnit.NANOSECONDS);
	}

	private void look() {
		try {
			boolean changed = false;
			for (Source source : this.sources) {
				changed |= source.readIfChanged();
			}
			if (changed) {
				publish();
			}
		}
		catch (RuntimeException ex) {
			// A schedule ends with the first exception.
			logger.error("Revocation lists could not be looked at, and stay as they are", ex);
		}
	}

	private void publish() {
		List<X509CRL> all = new ArrayList<>();
		this.sources.forEach((source) -> all.addAll(source.lists));
		this.lists = List.copyOf(all);
	}

	@Override
	public Collection<X509CRL> get() {
		return this.lists;
	}

	@Override
	public void close() {
		ScheduledExecutorService executor = this.watcher;
		Future<?> task = this.looking;
		if (executor != null && task != null) {
			task.cancel(true);
			executor.shutdownNow();
		}
	}

	private static final class Source {

		private final String property;

		private final String location;

		private final PemReader reader;

		private final Resource resource;

		private @Nullable Object version;

		private List<X509CRL> lists = List.of();

		Source(String property, String location, ResourceLoader resourceLoader) {
			this.property = property;
			this.location = location;
			this.reader = new PemReader(resourceLoader);
			this.resource = resourceLoader.getResource(location);
		}

		boolean readIfChanged() {
			Object before = this.version;
			if (before == null || before.equals(version())) {
				return false;
			}
			try {
				read();
				logger.info("Revocation list '{}' was updated", this.location);
				return true;
			}
			catch (TlsConfigurationException ex) {
				logger.error("{}; the list before stays in use", ex.getMessage());
				return false;
			}
		}

		/**
		 * Read the file, whose version is noted first, so that what changes meanwhile is
		 * read again.
		 */
		void read() {
			this.version = version();
			PemSource source = this.reader.read(PemType.REVOCATION_LIST, this.property, this.location);
			List<X509CRL> read = parse(source);
			warnOfEnd(read);
			this.lists = read;
		}

		private @Nullable Object version() {
			try {
				if (!this.resource.isFile()) {
					return null;
				}
				Path file = this.resource.getFile().toPath();
				BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
				return List.of(attributes.lastModifiedTime(), attributes.size(), String.valueOf(attributes.fileKey()));
			}
			catch (IOException ex) {
				return "missing";
			}
		}

		private static List<X509CRL> parse(PemSource source) {
			List<X509CRL> lists = new ArrayList<>();
			Exception failure = null;
			try {
				byte[] content = source.content().getBytes(StandardCharsets.ISO_8859_1);
				for (CRL list : CertificateFactory.getInstance("X.509")
					.generateCRLs(new ByteArrayInputStream(content))) {
					lists.add((X509CRL) list);
				}
			}
			catch (GeneralSecurityException ex) {
				failure = ex;
			}
			if (lists.isEmpty()) {
				throw source.parseFailure(PemProblem.noRevocationList(source), failure);
			}
			return lists;
		}

		private void warnOfEnd(List<X509CRL> read) {
			for (X509CRL list : read) {
				Date next = list.getNextUpdate();
				if (next != null && next.toInstant().isBefore(Instant.now())) {
					logger.warn(
							"The revocation list of {} in '{}' ({}) should have been updated by {}, and says nothing any more",
							PeerNames.of(list.getIssuerX500Principal()), this.location, this.property,
							PeerNames.date(next));
				}
			}
		}

	}

}
