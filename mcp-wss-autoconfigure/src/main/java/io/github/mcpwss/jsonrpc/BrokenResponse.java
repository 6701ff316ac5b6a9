package io.github.mcpwss.jsonrpc;

import org.jspecify.annotations.Nullable;

/**
 * Looks through text that is no JSON to a parser, or more than it takes, for the request
 * that it is the response to: whoever waits for that would wait for ever. One pass that
 * keeps nothing but a depth, so that no text is too deep or too long for it.
 */
final class BrokenResponse {

	private final String text;

	private int position;

	private @Nullable Object id;

	private boolean request;

	private boolean response;

	private BrokenResponse(String text) {
		this.text = text;
	}

	/**
	 * Return the id of a broken response.
	 * @param text the message
	 * @return the id, or {@code null} if the text seems to be no response or has none
	 */
	static @Nullable Object idOf(String text) {
		BrokenResponse broken = new BrokenResponse(text);
		broken.scan();
		return (broken.response && !broken.request) ? broken.id : null;
	}

	private void scan() {
		skipWhitespace();
		if (peek() != '{') {
			return;
		}
		int depth = 0;
		do {
			char next = this.text.charAt(this.position);
			switch (next) {
				case '{', '[' -> depth++;
				case '}', ']' -> depth--;
				case '"' -> {
					String string = readString();
					if (depth == 1 && string != null && skipColon()) {
						onMember(string);
					}
					continue;
				}
				default -> {
				}
			}
			this.position++;
		}
		while (depth > 0 && this.position < this.text.length());
	}

	private void onMember(String name) {
		switch (name) {
			case "method" -> {
				this.request = true;
			}
			case "result", "error" -> {
				this.response = true;
			}
			case "id" -> {
				this.id = (peek() == '"') ? readString() : readInteger();
			}
			default -> {
			}
		}
	}

	/**
	 * Read a string from its first quote to after its last.
	 * @return the string, or {@code null} if it has escapes or no end
	 */
	private @Nullable String readString() {
		int start = this.position + 1;
		boolean escapes = false;
		for (int i = start; i < this.text.length(); i++) {
			char next = this.text.charAt(i);
			if (next == '"') {
				this.position = i + 1;
				return escapes ? null : this.text.substring(start, i);
			}
			if (next == '\\') {
				escapes = true;
				i++;
			}
		}
		this.position = this.text.length();
		return null;
	}

	private @Nullable Object readInteger() {
		int end = this.position;
		while (end < this.text.length() && "-0123456789".indexOf(this.text.charAt(end)) >= 0) {
			end++;
		}
		try {
			return Long.valueOf(this.text.substring(this.position, end));
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

	private boolean skipColon() {
		skipWhitespace();
		if (peek() != ':') {
			return false;
		}
		this.position++;
		skipWhitespace();
		return true;
	}

	private void skipWhitespace() {
		while (" \t\r\n".indexOf(peek()) >= 0) {
			this.position++;
		}
	}

	private char peek() {
		return (this.position < this.text.length()) ? this.text.charAt(this.position) : '\0';
	}

}
