package io.github.mcpwss.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The tables of {@code docs/errors.md}.
 */
final class ErrorPage {

	private ErrorPage() {
	}

	static List<Row> rows() {
		List<Row> rows = new ArrayList<>();
		String section = "";
		try {
			for (String line : Files.readAllLines(Path.of("..", "docs", "errors.md"))) {
				if (line.startsWith("## ")) {
					section = line.substring(3);
				}
				else if (line.startsWith("| ") && !line.startsWith("| words ")) {
					rows.add(new Row(section, line.substring(2, line.indexOf(" |", 2)), line));
				}
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		return rows;
	}

	/**
	 * A row.
	 *
	 * @param section the heading above it
	 * @param words the words of the error, with an ellipsis for what differs
	 * @param line the whole row
	 */
	record Row(String section, String words, String line) {

		/**
		 * Return what an error with these words looks like.
		 * @return the pattern
		 */
		Pattern pattern() {
			return Pattern.compile(Stream.of(this.words.split("…", -1))
				.map(String::trim)
				.map(Pattern::quote)
				.collect(Collectors.joining(".+?")), Pattern.DOTALL | Pattern.CASE_INSENSITIVE);
		}

		@Override
		public String toString() {
			return this.section + ": " + this.words;
		}

	}

}
