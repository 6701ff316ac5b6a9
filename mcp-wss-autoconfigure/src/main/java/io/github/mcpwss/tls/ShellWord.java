package io.github.mcpwss.tls;

/**
 * Quotes file names for the commands that messages suggest.
 */
final class ShellWord {

	private ShellWord() {
	}

	static String of(Object file) {
		String word = file.toString();
		if (word.matches("[\\w./:@%+=-]+")) {
			return word;
		}
		return "'" + word.replace("'", "'\\''") + "'";
	}

}
