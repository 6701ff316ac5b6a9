package io.github.mcpwss.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * Writes JSON as differently as the same thing can be written.
 */
final class JsonText {

	private static final String[] CHARACTERS = { "a", "7", " ", "ß", "€", "🚀", "\\\\", "\\\"", "\\n", "\\u0000",
			"\\u20ac", "\\ud83d\\ude80", "{", "]", "\u2028" };

	private static final String[] SPACES = { "", "", "", " ", "\n", "\t", "\r\n  " };

	private final Random random;

	JsonText(Random random) {
		this.random = random;
	}

	/**
	 * Write an object with its members in any order.
	 * @param members the members, each with a name and a colon
	 * @return the object
	 */
	String object(String... members) {
		List<String> shuffled = new ArrayList<>(Arrays.asList(members));
		Collections.shuffle(shuffled, this.random);
		return shuffled.stream()
			.map((member) -> space() + member + space())
			.collect(Collectors.joining(",", space() + "{", "}" + space()));
	}

	String member(String name, String value) {
		return string(name) + space() + ":" + space() + value;
	}

	/**
	 * Write a string, some of whose letters may be escaped.
	 * @param text the string, in ASCII and without anything that has to be escaped
	 * @return the string in quotes
	 */
	private String string(String text) {
		if (this.random.nextInt(8) != 0) {
			return "\"" + text + "\"";
		}
		return text.chars()
			.mapToObj((c) -> this.random.nextBoolean() ? String.format("\\u%04x", c) : String.valueOf((char) c))
			.collect(Collectors.joining("", "\"", "\""));
	}

	/**
	 * Write a string of any characters.
	 * @param maxLength the number of characters that it has at most
	 * @return the string in quotes
	 */
	String anyString(int maxLength) {
		return this.random.ints(this.random.nextInt(maxLength + 1), 0, CHARACTERS.length)
			.mapToObj((i) -> CHARACTERS[i])
			.collect(Collectors.joining("", "\"", "\""));
	}

	/**
	 * Write any value that is valid.
	 * @param depth how deep it may be
	 * @return the value
	 */
	String anyValue(int depth) {
		return switch (this.random.nextInt((depth > 0) ? 9 : 7)) {
			case 0 -> "null";
			case 1 -> "true";
			case 2 -> String.valueOf(this.random.nextLong());
			case 3 -> "-0.5e-7";
			case 4 -> "1" + "0".repeat(this.random.nextInt(900));
			case 5, 6 -> anyString(5);
			case 7 -> "[" + anyValue(depth - 1) + "," + space() + anyValue(depth - 1) + "]";
			default -> object(member("a", anyValue(depth - 1)), member("b", anyValue(depth - 1)));
		};
	}

	String space() {
		return SPACES[this.random.nextInt(SPACES.length)];
	}

}
