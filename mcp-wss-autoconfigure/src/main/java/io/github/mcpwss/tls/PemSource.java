package io.github.mcpwss.tls;

import org.jspecify.annotations.Nullable;

/**
 * What was read for a property that names a PEM file.
 *
 * @param type what it has to hold
 * @param property the property
 * @param location the location, fit to be shown
 * @param content the content, one character for each byte
 */
record PemSource(PemType type, String property, String location, String content) {

	TlsConfigurationException parseFailure(PemProblem problem, @Nullable Throwable cause) {
		return new TlsConfigurationException(this.property, this.location, "Failed to parse %s from '%s' (%s): %s"
			.formatted(this.type, this.location, this.property, problem.description()), problem.action(), cause);
	}

	/**
	 * Return the location as a word of a shell command.
	 * @return the quoted file
	 */
	String shellWord() {
		return ShellWord.of(this.location.replaceFirst("^file:(//)?", ""));
	}

	@Override
	public String toString() {
		return this.location + " (" + this.property + ")";
	}

}
