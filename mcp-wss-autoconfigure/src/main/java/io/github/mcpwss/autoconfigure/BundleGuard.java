package io.github.mcpwss.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;

/**
 * Refuses what is not for production, whenever TLS material is about to be used.
 */
@FunctionalInterface
interface BundleGuard {

	/**
	 * Refuse violations under a production profile.
	 * @param bundle the material, {@code null} if there is none
	 * @throws InsecureProductionException if there are any
	 */
	void check(@Nullable SslBundle bundle);

}
