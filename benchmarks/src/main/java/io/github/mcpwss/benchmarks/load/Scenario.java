package io.github.mcpwss.benchmarks.load;

/**
 * The calls of one measurement.
 *
 * @param sessions the number of MCP sessions
 * @param outstanding the number of calls of one session that wait for their responses at
 * a time
 * @param bytes the length of the text that is echoed
 */
public record Scenario(int sessions, int outstanding, int bytes) {

	@Override
	public String toString() {
		String size = (this.bytes < 1024) ? this.bytes + " bytes" : this.bytes / 1024 + " KiB";
		return size + ", " + this.sessions + " x " + this.outstanding;
	}
}
