/**
 * The one client of all servers: prepared bytes out, counted responses in.
 */
@NullMarked
package io.github.mcpwss.benchmarks.load;

import org.jspecify.annotations.NullMarked;
